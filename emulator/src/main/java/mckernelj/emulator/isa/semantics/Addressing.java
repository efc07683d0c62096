// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.Op;

/** Addresses and branch targets computed by instructions themselves (strings, bit strings, indirect branches). */
final class Addressing {
    private Addressing() {}

    /** The low {@code size} bits (16, 32, 64), zero-extended. */
    static long truncate(int size, long value) {
        return size == 64 ? value : size == 32 ? value & 0xFFFFFFFFL : value & 0xFFFF;
    }

    /** Linear address of the memory operand moved by {@code delta} bytes. */
    static long linear(Cpu cpu, Op op, long delta) {
        return cpu.segmented(op.segment, truncate(op.addressSize, op.offsetAddress(cpu) + delta));
    }
}
