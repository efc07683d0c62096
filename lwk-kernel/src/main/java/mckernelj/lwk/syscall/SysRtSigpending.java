// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/** rt_sigpending(2). */
final class SysRtSigpending implements Syscall {
    private static final int SIGSET_SIZE = 8;

    private final Kernel kernel;

    SysRtSigpending(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        if (args.at(1) != SIGSET_SIZE) {
            return -Errno.EINVAL;
        }
        return self.user().writeLongs(args.at(0), kernel.signals().pendingBlocked(self)) ? 0 : -Errno.EFAULT;
    }
}
