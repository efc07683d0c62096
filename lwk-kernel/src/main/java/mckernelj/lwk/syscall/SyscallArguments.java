// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.lwk.cpu.PtRegs;

/** Number and arguments of one call, as they were when it was made. */
public final class SyscallArguments {
    private final PtRegs regs;
    private final long[] values = new long[6];
    private final int number;

    SyscallArguments(PtRegs regs) {
        this.regs = regs;
        number = (int) regs.origRax();
        for (int i = 0; i < values.length; i++) {
            values[i] = regs.argument(i);
        }
    }

    public int number() {
        return number;
    }

    /** Argument 0..5 as a pointer, size or other 64-bit value. */
    public long at(int index) {
        return values[index];
    }

    /** Argument 0..5 as an int: the upper half of the register does not count. */
    public int intAt(int index) {
        return (int) values[index];
    }

    /** A copy of all six. */
    public long[] all() {
        return values.clone();
    }

    /** The caller's registers. */
    public PtRegs regs() {
        return regs;
    }
}
