// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.differential;

import java.util.SplittableRandom;

/** Operand values that find bugs: boundaries, patterns, special floating-point numbers, and plain random bits. */
final class Values {
    private static final double[] DOUBLES = {
        0.0,
        -0.0,
        1.0,
        -1.0,
        0.5,
        1.5,
        2.5,
        -2.5,
        3.0,
        1e10,
        -1e10,
        1e300,
        1e-300,
        2147483647.5,
        -2147483648.5,
        4294967296.0,
        9.223372036854775E18,
        -9.223372036854775808E18,
        1.8446744073709552E19,
        Double.MIN_VALUE,
        Double.MIN_NORMAL,
        Double.MAX_VALUE,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.NaN
    };

    private final SplittableRandom random;

    Values(SplittableRandom random) {
        this.random = random;
    }

    boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    int below(int n) {
        return random.nextInt(n);
    }

    long bits() {
        return random.nextLong();
    }

    /** A general register. */
    long integer() {
        switch (random.nextInt(8)) {
            case 0:
                return random.nextInt(4);
            case 1:
                return -random.nextInt(4);
            case 2:
                return 1L << random.nextInt(64);
            case 3:
                return (1L << random.nextInt(64)) - 1;
            case 4:
                return -(1L << random.nextInt(64));
            case 5:
                return random.nextInt();
            case 6:
                return random.nextInt(256) * 0x0101010101010101L;
            default:
                return random.nextLong();
        }
    }

    long doubleBits() {
        if (oneIn(4)) {
            return random.nextLong();
        }
        if (oneIn(3)) {
            return borderline(52, 1023);
        }
        if (oneIn(3)) {
            return Double.doubleToRawLongBits((random.nextDouble() - 0.5) * Math.scalb(1.0, random.nextInt(80)));
        }
        long bits = Double.doubleToRawLongBits(DOUBLES[random.nextInt(DOUBLES.length)]);
        if ((bits & Long.MAX_VALUE) == Double.doubleToRawLongBits(Double.NaN)) {
            // quiet or signalling, any payload and sign
            return 0x7FF0000000000000L | random.nextLong() | 1;
        }
        return bits;
    }

    /** Exponents whose sums, products and quotients lie around one, underflow and overflow; few or many one bits behind. */
    private long borderline(int fractionBits, int bias) {
        int[] exponents = {0, 1, 2, bias / 2, bias - fractionBits, bias - 1, bias, bias + 1, bias + bias / 2, 2 * bias};
        long exponent = exponents[below(exponents.length)] + below(3);
        long fraction = oneIn(3) ? random.nextLong() : oneIn(2) ? below(4) : -below(4);
        if (oneIn(3)) {
            fraction ^= 1L << below(fractionBits);
        }
        long mask = (1L << fractionBits) - 1;
        return (random.nextLong() & -2L * bias - 2 | exponent & 2L * bias + 1) << fractionBits | fraction & mask;
    }

    int floatBits() {
        if (oneIn(4)) {
            return random.nextInt();
        }
        if (oneIn(3)) {
            return (int) borderline(23, 127);
        }
        long bits = doubleBits();
        float value = (float) Double.longBitsToDouble(bits);
        return Float.isNaN(value) ? 0x7F800000 | random.nextInt() | 1 : Float.floatToRawIntBits(value);
    }

    /** Half an xmm register, or 8 bytes of memory. */
    long vector() {
        switch (random.nextInt(4)) {
            case 0:
                return doubleBits();
            case 1:
                return (long) floatBits() << 32 | floatBits() & 0xFFFFFFFFL;
            case 2:
                return integer();
            default:
                return random.nextLong();
        }
    }
}
