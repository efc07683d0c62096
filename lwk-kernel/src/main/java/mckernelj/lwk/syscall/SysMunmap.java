// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/** munmap(2). */
final class SysMunmap implements Syscall {
    SysMunmap(Kernel kernel) {}

    @Override
    public long call(Thread self, SyscallArguments args) {
        return self.process().vm().munmap(self, args.at(0), args.at(1));
    }
}
