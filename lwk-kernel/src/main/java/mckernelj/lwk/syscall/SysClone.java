// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.lwk.proc.Clone;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/** clone(2) with the argument order of x86-64: flags, stack, parent_tid, child_tid, tls. */
final class SysClone implements Syscall {
    private static final int CSIGNAL = 0xFF;

    private final Kernel kernel;

    SysClone(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        long flags = args.at(0) & 0xFFFF_FFFFL;
        return kernel.cloning()
                .clone(
                        self,
                        new Clone.Request(
                                flags & ~CSIGNAL,
                                args.at(1),
                                args.at(2),
                                args.at(3),
                                args.at(4),
                                (int) flags & CSIGNAL));
    }
}
