// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/**
 * sendfile(2), splice(2), copy_file_range(2): delegated; EINVAL for files of /proc and /sys that the LWK writes itself, which makes programs use
 * read(2).
 */
final class SysSendfile implements Syscall {
    private final Kernel kernel;

    SysSendfile(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        int source = args.intAt(args.number() == SystemCallNumber.SENDFILE ? 1 : 0);
        boolean ours = self.process().overlaidFiles().contains(source)
                && kernel.fileReads().isOurs(self, source);
        return ours ? -Errno.EINVAL : SyscallDispatch.delegate(kernel, self, args.number(), args.all());
    }
}
