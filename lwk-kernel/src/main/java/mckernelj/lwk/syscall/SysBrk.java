// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/** brk(2): the new end of the heap, or the old one. */
final class SysBrk implements Syscall {
    SysBrk(Kernel kernel) {}

    @Override
    public long call(Thread self, SyscallArguments args) {
        return self.process().vm().brk(self, args.at(0));
    }
}
