// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/** exit_group(2): the caller ends on its way back, like all other threads. */
final class SysExitGroup implements Syscall {
    private final Kernel kernel;

    SysExitGroup(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        kernel.exit().endProcess(self, self.process(), (args.intAt(0) & 0xFF) << 8);
        return 0;
    }
}
