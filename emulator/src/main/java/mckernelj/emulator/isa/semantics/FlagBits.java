// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import mckernelj.emulator.cpu.Cpu;

/** Status flag bits that instructions compute at once because the lazy kinds of {@link Cpu} cannot express them. */
final class FlagBits {
    private FlagBits() {}

    /** ZF, SF and PF of the low {@code width} bits. */
    static int ofResult(int width, long result) {
        long top = result << (64 - width);
        int flags = (int) (top >>> 56) & Cpu.SF;
        flags |= top == 0 ? Cpu.ZF : 0;
        flags |= (Integer.bitCount((int) result & 0xFF) & 1) == 0 ? Cpu.PF : 0;
        return flags;
    }

    /** All six of {@code result} = a + b + carry, operands sign-extended from {@code width} bits. */
    static int ofAddition(int width, long a, long b, long result) {
        int shift = 64 - width;
        long carries = (a & b | (a | b) & ~result) << shift;
        long overflow = ((a ^ result) & (b ^ result)) << shift;
        return ofResult(width, result)
                | (int) (a ^ b ^ result) & Cpu.AF
                | (int) (carries >>> 63)
                | (overflow < 0 ? Cpu.OF : 0);
    }

    /** All six of {@code result} = a - b - borrow, operands sign-extended from {@code width} bits. */
    static int ofSubtraction(int width, long a, long b, long result) {
        int shift = 64 - width;
        long borrows = (~a & b | ~(a ^ b) & result) << shift;
        long overflow = ((a ^ b) & (a ^ result)) << shift;
        return ofResult(width, result)
                | (int) (a ^ b ^ result) & Cpu.AF
                | (int) (borrows >>> 63)
                | (overflow < 0 ? Cpu.OF : 0);
    }
}
