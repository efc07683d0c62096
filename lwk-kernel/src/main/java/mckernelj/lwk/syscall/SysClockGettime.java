// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/** clock_gettime(2). */
final class SysClockGettime implements Syscall {
    private final Clocks clocks;

    SysClockGettime(Kernel kernel) {
        clocks = new Clocks(kernel);
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        long nanos = clocks.read(self, args.intAt(0));
        return nanos < 0 ? nanos : TimeValues.writeTimespec(self.user(), args.at(1), nanos);
    }
}
