// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/** exit(2): ends the calling thread. */
final class SysExit implements Syscall {
    private final Kernel kernel;

    SysExit(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        kernel.exit().endThread(self, args.intAt(0));
        return 0;
    }
}
