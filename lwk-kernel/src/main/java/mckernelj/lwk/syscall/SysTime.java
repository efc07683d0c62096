// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/** time(2). */
final class SysTime implements Syscall {
    private final Kernel kernel;

    SysTime(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        long seconds = kernel.clock().realtimeNanos(self.cpu()) / TimeValues.NANOS_PER_SECOND;
        return args.at(0) == 0 || self.user().writeLongs(args.at(0), seconds) ? seconds : -Errno.EFAULT;
    }
}
