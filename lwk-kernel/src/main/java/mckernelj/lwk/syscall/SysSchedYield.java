// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/** sched_yield(2). */
final class SysSchedYield implements Syscall {
    private final Kernel kernel;

    SysSchedYield(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        if (kernel.scheduler().mustYield(self.cpu())) {
            kernel.scheduler().giveWay(self.cpu());
        }
        return 0;
    }
}
