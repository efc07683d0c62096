// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/** gettimeofday(2); the time zone is always zero. */
final class SysGettimeofday implements Syscall {
    private final Kernel kernel;

    SysGettimeofday(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        long now = kernel.clock().realtimeNanos(self.cpu());
        boolean ok = args.at(0) == 0 || self.user().writeLongs(args.at(0), TimeValues.timeval(now));
        ok = ok && (args.at(1) == 0 || self.user().writeLongs(args.at(1), 0));
        return ok ? 0 : -Errno.EFAULT;
    }
}
