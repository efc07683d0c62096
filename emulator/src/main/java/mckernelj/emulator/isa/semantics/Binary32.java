// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.Rare;

/**
 * Single-precision arithmetic of SSE instructions on bit patterns. The common case (round to nearest, exceptions
 * masked, no denormals) is the plain Java operation; the inexact flag is then found from the exact residual, unless it
 * is set already. The rest is left to {@link ExactArithmetic}.
 */
final class Binary32 {
    private static final IeeeFormat FORMAT = IeeeFormat.BINARY32;
    private static final int LEAST_NORMAL = 1 << 23;
    private static final int INFINITY = 0xFF << 23;

    /** Exponents, for {@link #moderate} and {@link #factor}. */
    private static final int MODERATE = 64 << 24;

    private static final int FACTOR = 96 << 24;

    private Binary32() {}

    private static float value(long bits) {
        return intBitsToFloat((int) bits);
    }

    // Tests without branches, to be joined by OR: the sign of the result tells.

    /** Negative for denormal numbers. */
    private static int denormal(long bits) {
        int magnitude = (int) bits & Integer.MAX_VALUE;
        return magnitude - 1 ^ magnitude - LEAST_NORMAL;
    }

    /** Negative for NaNs. */
    private static int nan(long bits) {
        return INFINITY - ((int) bits & Integer.MAX_VALUE);
    }

    /** Negative for infinities and NaNs. */
    private static int notFinite(long bits) {
        return nan(bits) - 1;
    }

    /**
     * Negative for zeros and all up to twice the least normal number, where a result can be the rounding of a tiny one.
     */
    private static int small(long bits) {
        return ((int) bits & Integer.MAX_VALUE) - 2 * LEAST_NORMAL;
    }

    /** Finite and far enough from underflow that it cannot be the rounding of a tiny number. */
    static boolean isOrdinary(int bits) {
        return (small(bits) | notFinite(bits)) >= 0;
    }

    /**
     * Not negative for magnitudes from 2^-63 to 2^65: sums of two such and their roots are ordinary numbers or exact zeros. The first test, as
     * it is the cheapest; zeros fail it.
     */
    private static int moderate(long bits) {
        return ((int) bits << 1) - MODERATE;
    }

    /** The upper two bits are 0 for magnitudes from 2^-31 to 2^33: products and quotients of two such are moderate. */
    private static int factor(long bits) {
        return ((int) bits << 1) - FACTOR;
    }

    // What follows has the plain operation as its result and leaves MXCSR as it is. Translated code calls these (they
    // need no state of the
    // processor), and HotSpot inlines them where they are hot: the first test is the one that ordinary operands pass.

    private static boolean isModerateOrZero(long a) {
        return (int) a << 1 == 0 || moderate(a) >= 0;
    }

    private static boolean isFactorOrZero(long a) {
        return (int) a << 1 == 0 || factor(a) >>> 30 == 0;
    }

    static boolean isPlainSum(int mxcsr, long a, long b) {
        return SseException.isQuiet(mxcsr) && (moderate(a) | moderate(b)) >= 0 || isPlainSumToo(mxcsr, a, b);
    }

    static boolean isPlainDifference(int mxcsr, long a, long b) {
        return SseException.isQuiet(mxcsr) && (moderate(a) | moderate(b)) >= 0
                || isPlainSumToo(mxcsr, a, b ^ Integer.MIN_VALUE);
    }

    private static boolean isPlainSumToo(int mxcsr, long a, long b) {
        return SseException.isDefault(mxcsr)
                && isModerateOrZero(a)
                && isModerateOrZero(b)
                && (SseException.isQuiet(mxcsr) || !isInexactSum(value(a), value(b), value(a) + value(b)));
    }

    static boolean isPlainProduct(int mxcsr, long a, long b) {
        return SseException.isQuiet(mxcsr) && (factor(a) | factor(b)) >>> 30 == 0 || isPlainProductToo(mxcsr, a, b);
    }

    private static boolean isPlainProductToo(int mxcsr, long a, long b) {
        return SseException.isDefault(mxcsr)
                && isFactorOrZero(a)
                && isFactorOrZero(b)
                && (SseException.isQuiet(mxcsr) || Math.fma(value(a), value(b), -(value(a) * value(b))) == 0);
    }

    static boolean isPlainQuotient(int mxcsr, long a, long b) {
        return SseException.isQuiet(mxcsr) && (factor(a) | factor(b)) >>> 30 == 0 || isPlainQuotientToo(mxcsr, a, b);
    }

    private static boolean isPlainQuotientToo(int mxcsr, long a, long b) {
        return SseException.isDefault(mxcsr)
                && isFactorOrZero(a)
                && factor(b) >>> 30 == 0
                && (SseException.isQuiet(mxcsr) || Math.fma(-(value(a) / value(b)), value(b), value(a)) == 0);
    }

    /** Of a product and an addend: what is left when they cancel is a zero, or far from underflow. */
    static boolean isPlainFusion(int mxcsr, long a, long b, long c) {
        return SseException.isQuiet(mxcsr)
                && (((factor(a) | factor(b)) >>> 30 | moderate(c) & Integer.MIN_VALUE) == 0
                        || isFactorOrZero(a) && isFactorOrZero(b) && isModerateOrZero(c));
    }

    static boolean isPlainRoot(int mxcsr, long a) {
        return SseException.isQuiet(mxcsr) && (moderate(a) | (int) a) >= 0;
    }

    /** Comparing the two needs no care. */
    static boolean isComparable(long a, long b) {
        return (moderate(a) | moderate(b)) >= 0 || (denormal(a) | denormal(b) | nan(a) | nan(b)) >= 0;
    }

    @Rare
    static ExactArithmetic exact(Cpu cpu) {
        return new ExactArithmetic(cpu, FORMAT);
    }

    private static long quietly(Cpu cpu, boolean inexact, int result) {
        if (inexact) {
            SseException.signal(cpu, SseException.PRECISION);
        }
        return result;
    }

    // ---- arithmetic -----------------------------------------------------------------------------------------------

    static long add(Cpu cpu, long a, long b) {
        return isPlainSum(cpu.mxcsr, a, b) ? floatToRawIntBits(value(a) + value(b)) : addExactly(cpu, a, b);
    }

    @Rare
    private static long addExactly(Cpu cpu, long a, long b) {
        float sum = value(a) + value(b);
        int bits = floatToRawIntBits(sum);
        if (SseException.isDefault(cpu.mxcsr) && (denormal(a) | denormal(b) | denormal(bits) | notFinite(bits)) >= 0) {
            return quietly(cpu, isInexactSum(value(a), value(b), sum), bits);
        }
        return exact(cpu).add(a & 0xFFFFFFFFL, b & 0xFFFFFFFFL);
    }

    static long subtract(Cpu cpu, long a, long b) {
        return isPlainDifference(cpu.mxcsr, a, b) ? floatToRawIntBits(value(a) - value(b)) : subtractExactly(cpu, a, b);
    }

    @Rare
    private static long subtractExactly(Cpu cpu, long a, long b) {
        float difference = value(a) - value(b);
        int bits = floatToRawIntBits(difference);
        if (SseException.isDefault(cpu.mxcsr) && (denormal(a) | denormal(b) | denormal(bits) | notFinite(bits)) >= 0) {
            return quietly(cpu, isInexactSum(value(a), -value(b), difference), bits);
        }
        return exact(cpu).subtract(a & 0xFFFFFFFFL, b & 0xFFFFFFFFL);
    }

    /** Knuth's TwoSum. */
    private static boolean isInexactSum(float x, float y, float sum) {
        float yPart = sum - x;
        return (x - (sum - yPart)) + (y - yPart) != 0;
    }

    static long multiply(Cpu cpu, long a, long b) {
        return isPlainProduct(cpu.mxcsr, a, b) ? floatToRawIntBits(value(a) * value(b)) : multiplyExactly(cpu, a, b);
    }

    @Rare
    private static long multiplyExactly(Cpu cpu, long a, long b) {
        float x = value(a);
        float y = value(b);
        float result = x * y;
        int bits = floatToRawIntBits(result);
        if (SseException.isDefault(cpu.mxcsr) && (denormal(a) | denormal(b)) >= 0) {
            if ((x == 0 || y == 0) && result == 0) {
                return bits;
            }
            if ((small(bits) | notFinite(bits)) >= 0) {
                return quietly(cpu, (double) x * y != result, bits);
            }
        }
        return exact(cpu).multiply(a & 0xFFFFFFFFL, b & 0xFFFFFFFFL);
    }

    static long divide(Cpu cpu, long a, long b) {
        return isPlainQuotient(cpu.mxcsr, a, b) ? floatToRawIntBits(value(a) / value(b)) : divideExactly(cpu, a, b);
    }

    @Rare
    private static long divideExactly(Cpu cpu, long a, long b) {
        float x = value(a);
        float y = value(b);
        float result = x / y;
        int bits = floatToRawIntBits(result);
        if (SseException.isDefault(cpu.mxcsr) && (denormal(a) | denormal(b)) >= 0) {
            if (x == 0 && result == 0) {
                return bits;
            }
            if ((small(bits) | notFinite(bits)) >= 0) {
                return quietly(cpu, (double) result * y != x, bits);
            }
        }
        return exact(cpu).divide(a & 0xFFFFFFFFL, b & 0xFFFFFFFFL);
    }

    /** ±(a * b) ± c, rounded once. */
    static long multiplyAdd(Cpu cpu, long a, long b, long c, boolean negateProduct, boolean negateAddend) {
        if (isPlainFusion(cpu.mxcsr, a, b, c)) {
            return floatToRawIntBits(fused(a, b, c, negateProduct, negateAddend));
        }
        return multiplyAddExactly(cpu, a, b, c, negateProduct, negateAddend);
    }

    private static float fused(long a, long b, long c, boolean negateProduct, boolean negateAddend) {
        float x = negateProduct ? -value(a) : value(a);
        return Math.fma(x, value(b), negateAddend ? -value(c) : value(c));
    }

    @Rare
    private static long multiplyAddExactly(
            Cpu cpu, long a, long b, long c, boolean negateProduct, boolean negateAddend) {
        if (SseException.isQuiet(cpu.mxcsr) && (denormal(a) | denormal(b) | denormal(c)) >= 0) {
            int result = floatToRawIntBits(fused(a, b, c, negateProduct, negateAddend));
            if ((small(result) | notFinite(result)) >= 0) {
                return result;
            }
        }
        long mask = 0xFFFFFFFFL;
        return exact(cpu).multiplyAdd(a & mask, b & mask, c & mask, negateProduct, negateAddend);
    }

    static long squareRoot(Cpu cpu, long a) {
        return isPlainRoot(cpu.mxcsr, a) ? floatToRawIntBits((float) Math.sqrt(value(a))) : squareRootExactly(cpu, a);
    }

    @Rare
    private static long squareRootExactly(Cpu cpu, long a) {
        float root = (float) Math.sqrt(value(a));
        int bits = floatToRawIntBits(root);
        if (SseException.isDefault(cpu.mxcsr) && (denormal(a) | small(a)) >= 0 && notFinite(bits) >= 0) {
            return quietly(cpu, (double) root * root != value(a), bits);
        }
        return exact(cpu).squareRoot(a & 0xFFFFFFFFL);
    }

    // ---- extremes and comparison ----------------------------------------------------------------------------------

    /** The second operand if both are equal or one is a NaN. */
    static long min(Cpu cpu, long a, long b) {
        float x = value(a);
        float y = value(b);
        if (isComparable(a, b)) {
            return x < y ? a : b;
        }
        long zeroedA = compared(cpu, a, b, true);
        long zeroedB = operand(cpu, b);
        return value(zeroedA) < value(zeroedB) ? zeroedA : zeroedB;
    }

    /** The second operand if both are equal or one is a NaN. */
    static long max(Cpu cpu, long a, long b) {
        float x = value(a);
        float y = value(b);
        if (isComparable(a, b)) {
            return x > y ? a : b;
        }
        long zeroedA = compared(cpu, a, b, true);
        long zeroedB = operand(cpu, b);
        return value(zeroedA) > value(zeroedB) ? zeroedA : zeroedB;
    }

    /** CMPxx and VCMPxx predicate 0..31. */
    static boolean holds(Cpu cpu, long a, long b, int predicate) {
        float x = value(a);
        float y = value(b);
        if (!isComparable(a, b)) {
            x = value(compared(cpu, a, b, IeeeFormat.signalsQuietNan(predicate)));
            y = value(operand(cpu, b));
        }
        int relation =
                x == y ? IeeeFormat.EQUAL : x < y ? IeeeFormat.LESS : x > y ? IeeeFormat.GREATER : IeeeFormat.UNORDERED;
        return (IeeeFormat.relations(predicate) & relation) != 0;
    }

    /** ZF, PF, CF as (U)COMISx sets them; {@code ordered}: a quiet NaN is invalid too (COMISx). */
    static int order(Cpu cpu, long a, long b, boolean ordered) {
        float x = value(a);
        float y = value(b);
        if (!isComparable(a, b)) {
            x = value(compared(cpu, a, b, ordered));
            y = value(operand(cpu, b));
        }
        return x > y ? 0 : x < y ? Cpu.CF : x == y ? Cpu.ZF : Cpu.ZF | Cpu.PF | Cpu.CF;
    }

    /** Signals the exceptions of a comparison; returns the first operand with denormals-are-zeros applied. */
    @Rare
    private static long compared(Cpu cpu, long first, long second, boolean ordered) {
        long a = operand(cpu, first);
        long b = operand(cpu, second);
        if (FORMAT.isNan(a) || FORMAT.isNan(b)) {
            if (ordered || FORMAT.isSignalling(a) || FORMAT.isSignalling(b)) {
                SseException.signal(cpu, SseException.INVALID);
            }
        } else if (FORMAT.isDenormal(a) || FORMAT.isDenormal(b)) {
            SseException.signal(cpu, SseException.DENORMAL);
        }
        return a;
    }

    private static long operand(Cpu cpu, long bits) {
        return ExactArithmetic.operand(cpu, FORMAT, bits & 0xFFFFFFFFL);
    }

    // ---- conversion -----------------------------------------------------------------------------------------------

    static long fromInteger(Cpu cpu, long integer) {
        if (SseException.isQuiet(cpu.mxcsr) || Math.abs(integer) <= 1L << 24 && integer != Long.MIN_VALUE) {
            return floatToRawIntBits((float) integer);
        }
        return exact(cpu).fromInteger(integer);
    }

    /** To double precision. */
    static long toBinary64(Cpu cpu, long bits) {
        if ((denormal(bits) | nan(bits)) >= 0) {
            return Double.doubleToRawLongBits(value(bits));
        }
        return Binary64.exact(cpu).convert(FORMAT, bits & 0xFFFFFFFFL);
    }

    /** Two values as one long. */
    static long pair(long low, long high) {
        return low & 0xFFFFFFFFL | high << 32;
    }

    /** To a signed integer of {@code width} bits; the integer indefinite (its least value) if it does not fit. */
    static long toInteger(Cpu cpu, long bits, int rounding, int width) {
        double x = value(operand(cpu, bits));
        double integral = Binary64.integral(x, rounding);
        double limit = width == 64 ? 0x1p63 : 0x1p31;
        if (!(integral >= -limit && integral < limit)) {
            SseException.signal(cpu, SseException.INVALID);
            return width == 64 ? Long.MIN_VALUE : Integer.MIN_VALUE;
        }
        if (integral != x) {
            SseException.signal(cpu, SseException.PRECISION);
        }
        return (long) integral;
    }

    /** ROUNDxx: control bits 1..0 rounding, 2 use MXCSR's, 3 no inexact exception. */
    static long round(Cpu cpu, long bits, long control) {
        long a = operand(cpu, bits);
        if (FORMAT.isNan(a)) {
            if (FORMAT.isSignalling(a)) {
                SseException.signal(cpu, SseException.INVALID);
            }
            return FORMAT.quiet(a);
        }
        int rounding = (control & 4) != 0 ? SseException.rounding(cpu.mxcsr) : (int) control & 3;
        double integral = Binary64.integral(value(a), rounding);
        if (integral != value(a) && (control & 8) == 0) {
            SseException.signal(cpu, SseException.PRECISION);
        }
        return floatToRawIntBits((float) integral);
    }
}
