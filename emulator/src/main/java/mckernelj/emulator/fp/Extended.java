// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.fp;

/** The x87 extended-precision format (SDM vol. 1, section 4.2): sign and 15-bit exponent in the low 16 bits of an int, 64-bit significand. */
public final class Extended {
    public static final int INVALID = 1;
    public static final int DENORMAL = 2;
    public static final int ZERO_DIVIDE = 4;
    public static final int OVERFLOW = 8;
    public static final int UNDERFLOW = 16;
    public static final int PRECISION = 32;

    public static final int BIAS = 16383;
    public static final int MAX = 0x7FFF;
    public static final int NAN_SE = 0xFFFF;
    public static final long NAN_SIG = 0xC000000000000000L;
    static final long INTEGER_BIT = 1L << 63;
    static final long QUIET_BIT = 1L << 62;

    /** Rounding modes: nearest, down, up, truncate. */
    public static final int NEAREST = 0;

    public static final int DOWN = 1;
    public static final int UP = 2;
    public static final int TRUNCATE = 3;

    private Extended() {}

    public static int exponent(int se) {
        return se & MAX;
    }

    public static boolean negative(int se) {
        return (se & 0x8000) != 0;
    }

    public static boolean isZero(int se, long sig) {
        return (se & MAX) == 0 && sig == 0;
    }

    public static boolean isInfinite(int se, long sig) {
        return (se & MAX) == MAX && sig == INTEGER_BIT;
    }

    public static boolean isNan(int se, long sig) {
        return (se & MAX) == MAX && sig < 0 && sig << 1 != 0;
    }

    public static boolean isSignaling(int se, long sig) {
        return isNan(se, sig) && (sig & QUIET_BIT) == 0;
    }

    /** Unnormals, pseudo-NaNs and pseudo-infinities: invalid operands of everything. */
    public static boolean isUnsupported(int se, long sig) {
        return (se & MAX) != 0 && sig >= 0;
    }

    public static boolean isDenormal(int se, long sig) {
        return (se & MAX) == 0 && sig != 0;
    }
}
