// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.cpu;

import java.util.Arrays;
import mckernelj.emulator.hw.Msr;

/**
 * PAT and memory type range registers (SDM vol. 3, 12.11 and 12.12): registers that hold what they may hold. All memory
 * is write-back in effect.
 */
final class MemoryTypes {
    static final int IA32_MTRRCAP = 0xFE;

    /** 8 variable ranges, fixed ranges, write-combining. */
    static final long CAPABILITIES = 0x508;

    private static final int VARIABLE_FIRST = 0x200;
    private static final int VARIABLE_COUNT = 16;
    private static final int[] FIXED = {0x250, 0x258, 0x259, 0x268, 0x269, 0x26A, 0x26B, 0x26C, 0x26D, 0x26E, 0x26F};
    private static final long PAT_AFTER_RESET = 0x0007040600070406L;
    private static final long ENABLED_WRITE_BACK = 0x806;
    private static final long DEFAULT_RESERVED = ~0xCFFL;
    private static final long FRAME = (1L << CpuidLeaves.PHYSICAL_BITS) - 4096;
    private static final long VALID = 1 << 11;

    private final long[] variable = new long[VARIABLE_COUNT];
    private final long[] fixed = new long[FIXED.length];
    private long pat = PAT_AFTER_RESET;
    private long defaultType = ENABLED_WRITE_BACK;

    /** True if {@code msr} is one of these registers. */
    boolean has(int msr) {
        return msr == Msr.IA32_PAT
                || msr == Msr.IA32_MTRR_DEF_TYPE
                || msr >= VARIABLE_FIRST && msr < VARIABLE_FIRST + VARIABLE_COUNT
                || Arrays.binarySearch(FIXED, msr) >= 0;
    }

    long read(int msr) {
        switch (msr) {
            case Msr.IA32_PAT:
                return pat;
            case Msr.IA32_MTRR_DEF_TYPE:
                return defaultType;
            default:
                int i = Arrays.binarySearch(FIXED, msr);
                return i >= 0 ? fixed[i] : variable[msr - VARIABLE_FIRST];
        }
    }

    /** False, and nothing changes, if the value is illegal. */
    boolean write(int msr, long value) {
        if (!legal(msr, value)) {
            return false;
        }
        switch (msr) {
            case Msr.IA32_PAT:
                pat = value;
                break;
            case Msr.IA32_MTRR_DEF_TYPE:
                defaultType = value;
                break;
            default:
                int i = Arrays.binarySearch(FIXED, msr);
                if (i >= 0) {
                    fixed[i] = value;
                } else {
                    variable[msr - VARIABLE_FIRST] = value;
                }
                break;
        }
        return true;
    }

    private static boolean legal(int msr, long value) {
        switch (msr) {
            case Msr.IA32_PAT:
                return eachByte(value, true);
            case Msr.IA32_MTRR_DEF_TYPE:
                return (value & DEFAULT_RESERVED) == 0 && isType(value & 0xFF, false);
            default:
                if (Arrays.binarySearch(FIXED, msr) >= 0) {
                    return eachByte(value, false);
                }
                return (msr & 1) == 0
                        ? (value & ~(FRAME | 0xFF)) == 0 && isType(value & 0xFF, false)
                        : (value & ~(FRAME | VALID)) == 0;
        }
    }

    private static boolean eachByte(long value, boolean inPat) {
        for (int i = 0; i < 64; i += 8) {
            if (!isType(value >>> i & 0xFF, inPat)) {
                return false;
            }
        }
        return true;
    }

    /** UC, WC, WT, WP, WB; UC- in the PAT only. */
    private static boolean isType(long type, boolean inPat) {
        return type <= 6 && type != 2 && type != 3 || inPat && type == 7;
    }
}
