// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/** gettid(2). */
final class SysGettid implements Syscall {
    SysGettid(Kernel kernel) {}

    @Override
    public long call(Thread self, SyscallArguments args) {
        return self.tid();
    }
}
