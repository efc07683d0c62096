// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.ihk.ikc.InKernelRequest;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/**
 * signalfd(2), signalfd4(2): blocked signals of the set go into a pipe as soon as they are sent, and are not pending any more. A child of
 * fork shares what is in the pipe; its own signals do not go there.
 */
final class SysSignalfd implements Syscall {
    private static final int SIGSET_SIZE = 8;
    private static final long SFD_CLOEXEC = 0x80000;
    private static final long SFD_NONBLOCK = 0x800;

    private final Kernel kernel;

    SysSignalfd(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        long flags = args.number() == SystemCallNumber.SIGNALFD4 ? args.at(3) : 0;
        if ((flags & ~(SFD_CLOEXEC | SFD_NONBLOCK)) != 0 || args.at(2) != SIGSET_SIZE) {
            return -Errno.EINVAL;
        }
        long[] set = self.user().readLongs(args.at(1), 1);
        if (set == null) {
            return -Errno.EFAULT;
        }
        int fd = args.intAt(0);
        boolean create = fd == -1;
        long handle = create
                ? kernel.signals().newFileHandle()
                : self.delegate(InKernelRequest.SIGNALFD, InKernelRequest.SIGNALFD_FIND, fd);
        long result = create
                ? self.delegate(InKernelRequest.SIGNALFD, InKernelRequest.SIGNALFD_CREATE, handle, flags)
                : handle < 0 ? handle : fd;
        if (result >= 0) {
            kernel.signals().setFile(self, handle, set[0]);
        }
        return result;
    }
}
