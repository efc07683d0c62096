// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

/** An IEEE 754 binary interchange format; values are handled as bit patterns in the low bits of a long. */
enum IeeeFormat {
    BINARY16(10, 15),
    BINARY32(23, 127),
    BINARY64(52, 1023);

    /** Relations of two numbers, for {@link #relations}. */
    static final int EQUAL = 1;

    static final int LESS = 2;
    static final int GREATER = 4;
    static final int UNORDERED = 8;

    /** By the low four bits of a predicate: EQ LT LE UNORD NEQ NLT NLE ORD, EQ_UQ NGE NGT FALSE NEQ_OQ GE GT TRUE. */
    private static final byte[] RELATIONS = {1, 2, 3, 8, 14, 13, 12, 7, 9, 10, 11, 0, 6, 5, 4, 15};

    /** Bits of the fraction field. */
    final int fractionBits;

    /** Bias of the exponent field, which is also the greatest exponent of a finite value. */
    final int bias;

    final long sign;
    final long fractionMask;
    final long infinity;

    /** The default NaN: x86 has it negative. */
    final long defaultNan;

    IeeeFormat(int fractionBits, int bias) {
        this.fractionBits = fractionBits;
        this.bias = bias;
        fractionMask = (1L << fractionBits) - 1;
        infinity = (2L * bias + 1) << fractionBits;
        sign = infinity + (1L << fractionBits);
        defaultNan = sign | infinity | quietBit();
    }

    /** The relations for which a comparison predicate holds. */
    static int relations(int predicate) {
        return RELATIONS[predicate & 15];
    }

    /** True if the predicate 0..31 makes a quiet NaN invalid too. */
    static boolean signalsQuietNan(int predicate) {
        return ((predicate & 3) == 1 || (predicate & 3) == 2) != predicate >= 16;
    }

    private long quietBit() {
        return 1L << fractionBits - 1;
    }

    long magnitude(long bits) {
        return bits & sign - 1;
    }

    boolean isNegative(long bits) {
        return (bits & sign) != 0;
    }

    boolean isZero(long bits) {
        return magnitude(bits) == 0;
    }

    boolean isInfinite(long bits) {
        return magnitude(bits) == infinity;
    }

    boolean isNan(long bits) {
        return magnitude(bits) > infinity;
    }

    boolean isSignalling(long bits) {
        return isNan(bits) && (bits & quietBit()) == 0;
    }

    boolean isDenormal(long bits) {
        return (bits & infinity) == 0 && (bits & fractionMask) != 0;
    }

    long quiet(long nan) {
        return nan | quietBit();
    }

    /** Exponent e of a finite, non-zero value 2^e * s, 1 <= s < 2. */
    int exponent(long bits) {
        long magnitude = magnitude(bits);
        if (magnitude >>> fractionBits == 0) {
            return 1 - bias + 63 - fractionBits - Long.numberOfLeadingZeros(magnitude);
        }
        return (int) (magnitude >>> fractionBits) - bias;
    }

    /** Significand of a finite, non-zero value, its leading one moved to bit 62. */
    long significand(long bits) {
        long fraction = bits & fractionMask;
        if (magnitude(bits) >>> fractionBits == 0) {
            return fraction << Long.numberOfLeadingZeros(fraction) - 1;
        }
        return (fraction | fractionMask + 1) << 62 - fractionBits;
    }
}
