// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.Rare;
import mckernelj.emulator.cpu.X86Fault;

/** SIMD floating-point exceptions: flags and control bits of MXCSR (SDM vol. 1, 10.2.3 and 11.5). */
final class SseException {
    /** Flags; the mask bit of each lies {@link #MASK_SHIFT} above. */
    static final int INVALID = 1;

    static final int DENORMAL = 1 << 1;
    static final int ZERO_DIVIDE = 1 << 2;
    static final int OVERFLOW = 1 << 3;
    static final int UNDERFLOW = 1 << 4;
    static final int PRECISION = 1 << 5;
    static final int ALL = 0x3F;
    static final int MASK_SHIFT = 7;

    static final int DENORMALS_ARE_ZEROS = 1 << 6;
    static final int FLUSH_TO_ZERO = 1 << 15;

    static final int NEAREST = 0;
    static final int DOWN = 1;
    static final int UP = 2;
    static final int TRUNCATE = 3;
    private static final int ROUNDING_SHIFT = 13;

    private static final int MASKED_NEAREST = ALL << MASK_SHIFT;
    private static final int OSXMMEXCPT = 1 << 10;

    private SseException() {}

    static int rounding(int mxcsr) {
        return mxcsr >> ROUNDING_SHIFT & 3;
    }

    /** Round to nearest with all exceptions masked: what Java's operators do, inexact results aside. */
    static boolean isDefault(int mxcsr) {
        return (mxcsr & (MASKED_NEAREST | 3 << ROUNDING_SHIFT)) == MASKED_NEAREST;
    }

    /** As {@link #isDefault}, and an inexact result has already been recorded. */
    static boolean isQuiet(int mxcsr) {
        return (mxcsr & (MASKED_NEAREST | 3 << ROUNDING_SHIFT | PRECISION)) == (MASKED_NEAREST | PRECISION);
    }

    /** Records exceptions in MXCSR; #XM if one of them is not masked (#UD if the system does not handle #XM). */
    static void signal(Cpu cpu, int flags) {
        int mxcsr = cpu.mxcsr;
        if ((flags & ~(mxcsr & mxcsr >> MASK_SHIFT)) != 0) {
            record(cpu, flags);
        }
    }

    @Rare
    private static void record(Cpu cpu, int flags) {
        int unmasked = flags & ~(cpu.mxcsr >> MASK_SHIFT);
        boolean beforeComputation = (unmasked & (INVALID | DENORMAL | ZERO_DIVIDE)) != 0;
        cpu.mxcsr |= beforeComputation ? flags & (INVALID | DENORMAL | ZERO_DIVIDE) : flags;
        if (unmasked != 0) {
            throw cpu.raise((cpu.cr4 & OSXMMEXCPT) != 0 ? X86Fault.XM : X86Fault.UD);
        }
    }
}
