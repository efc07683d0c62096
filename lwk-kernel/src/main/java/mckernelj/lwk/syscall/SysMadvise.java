// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.lwk.mm.MemoryAdvice;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/** madvise(2). */
final class SysMadvise implements Syscall {
    SysMadvise(Kernel kernel) {}

    @Override
    public long call(Thread self, SyscallArguments args) {
        return MemoryAdvice.advise(self, self.process().vm(), args.at(0), args.at(1), args.intAt(2));
    }
}
