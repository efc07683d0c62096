// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.lwk.mm.Mremap;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/** mremap(2). */
final class SysMremap implements Syscall {
    SysMremap(Kernel kernel) {}

    @Override
    public long call(Thread self, SyscallArguments args) {
        return Mremap.call(self, self.process().vm(), args.at(0), args.at(1), args.at(2), args.intAt(3), args.at(4));
    }
}
