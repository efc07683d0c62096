// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/** set_tid_address(2). */
final class SysSetTidAddress implements Syscall {
    SysSetTidAddress(Kernel kernel) {}

    @Override
    public long call(Thread self, SyscallArguments args) {
        self.setClearChildTid(args.at(0));
        return self.tid();
    }
}
