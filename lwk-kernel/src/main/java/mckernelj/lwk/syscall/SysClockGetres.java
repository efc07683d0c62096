// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/** clock_getres(2): every clock has nanoseconds. */
final class SysClockGetres implements Syscall {
    private final Clocks clocks;

    SysClockGetres(Kernel kernel) {
        clocks = new Clocks(kernel);
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        long nanos = clocks.read(self, args.intAt(0));
        if (nanos < 0) {
            return nanos;
        }
        return args.at(1) == 0 ? 0 : TimeValues.writeTimespec(self.user(), args.at(1), 1);
    }
}
