// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static java.lang.Double.doubleToRawLongBits;
import static java.lang.Double.longBitsToDouble;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.Rare;

/**
 * Double-precision arithmetic of SSE instructions on bit patterns. The common case (round to nearest, exceptions
 * masked, no denormals) is the plain Java operation; the inexact flag is then found from the exact residual, unless it
 * is set already. The rest is left to {@link ExactArithmetic}.
 */
final class Binary64 {
    private static final IeeeFormat FORMAT = IeeeFormat.BINARY64;
    private static final long LEAST_NORMAL = 1L << 52;
    private static final long INFINITY = 0x7FFL << 52;

    /** Exponents, for {@link #moderate} and {@link #factor}. */
    private static final long MODERATE = 512L << 53;

    private static final long FACTOR = 768L << 53;

    /** Above it the residual of a product, quotient or root cannot underflow. */
    private static final double SAFE = 0x1p-900;

    private Binary64() {}

    private static double value(long bits) {
        return longBitsToDouble(bits);
    }

    // Tests without branches, to be joined by OR: the sign of the result tells.

    /** Negative for denormal numbers. */
    private static long denormal(long bits) {
        long magnitude = bits & Long.MAX_VALUE;
        return magnitude - 1 ^ magnitude - LEAST_NORMAL;
    }

    /** Negative for NaNs. */
    private static long nan(long bits) {
        return INFINITY - (bits & Long.MAX_VALUE);
    }

    /** Negative for infinities and NaNs. */
    private static long notFinite(long bits) {
        return nan(bits) - 1;
    }

    /**
     * Negative for zeros and all up to twice the least normal number, where a result can be the rounding of a tiny one.
     */
    private static long small(long bits) {
        return (bits & Long.MAX_VALUE) - 2 * LEAST_NORMAL;
    }

    /**
     * Not negative for magnitudes from 2^-511 to 2^513: sums of two such and their roots are ordinary numbers or exact zeros. The first test, as
     * it is the cheapest; zeros fail it.
     */
    private static long moderate(long bits) {
        return (bits << 1) - MODERATE;
    }

    /** The upper two bits are 0 for magnitudes from 2^-255 to 2^257: products and quotients of two such are moderate. */
    private static long factor(long bits) {
        return (bits << 1) - FACTOR;
    }

    // What follows has the plain operation as its result and leaves MXCSR as it is. Translated code calls these (they
    // need no state of the
    // processor), and HotSpot inlines them where they are hot: the first test is the one that ordinary operands pass.

    private static boolean isModerateOrZero(long a) {
        return a << 1 == 0 || moderate(a) >= 0;
    }

    private static boolean isFactorOrZero(long a) {
        return a << 1 == 0 || factor(a) >>> 62 == 0;
    }

    static boolean isPlainSum(int mxcsr, long a, long b) {
        return SseException.isQuiet(mxcsr) && (moderate(a) | moderate(b)) >= 0 || isPlainSumToo(mxcsr, a, b);
    }

    static boolean isPlainDifference(int mxcsr, long a, long b) {
        return SseException.isQuiet(mxcsr) && (moderate(a) | moderate(b)) >= 0
                || isPlainSumToo(mxcsr, a, b ^ Long.MIN_VALUE);
    }

    private static boolean isPlainSumToo(int mxcsr, long a, long b) {
        return SseException.isDefault(mxcsr)
                && isModerateOrZero(a)
                && isModerateOrZero(b)
                && (SseException.isQuiet(mxcsr) || !isInexactSum(value(a), value(b), value(a) + value(b)));
    }

    static boolean isPlainProduct(int mxcsr, long a, long b) {
        return SseException.isQuiet(mxcsr) && (factor(a) | factor(b)) >>> 62 == 0 || isPlainProductToo(mxcsr, a, b);
    }

    private static boolean isPlainProductToo(int mxcsr, long a, long b) {
        return SseException.isDefault(mxcsr)
                && isFactorOrZero(a)
                && isFactorOrZero(b)
                && (SseException.isQuiet(mxcsr) || Math.fma(value(a), value(b), -(value(a) * value(b))) == 0);
    }

    static boolean isPlainQuotient(int mxcsr, long a, long b) {
        return SseException.isQuiet(mxcsr) && (factor(a) | factor(b)) >>> 62 == 0 || isPlainQuotientToo(mxcsr, a, b);
    }

    private static boolean isPlainQuotientToo(int mxcsr, long a, long b) {
        return SseException.isDefault(mxcsr)
                && isFactorOrZero(a)
                && factor(b) >>> 62 == 0
                && (SseException.isQuiet(mxcsr) || Math.fma(-(value(a) / value(b)), value(b), value(a)) == 0);
    }

    /** Of a product and an addend: what is left when they cancel is a zero, or far from underflow. */
    static boolean isPlainFusion(int mxcsr, long a, long b, long c) {
        return SseException.isQuiet(mxcsr)
                && (((factor(a) | factor(b)) >>> 62 | moderate(c) & Long.MIN_VALUE) == 0
                        || isFactorOrZero(a) && isFactorOrZero(b) && isModerateOrZero(c));
    }

    static boolean isPlainRoot(int mxcsr, long a) {
        return SseException.isQuiet(mxcsr) && (moderate(a) | a) >= 0;
    }

    /** Comparing the two needs no care. */
    static boolean isComparable(long a, long b) {
        return (moderate(a) | moderate(b)) >= 0 || (denormal(a) | denormal(b) | nan(a) | nan(b)) >= 0;
    }

    @Rare
    static ExactArithmetic exact(Cpu cpu) {
        return new ExactArithmetic(cpu, FORMAT);
    }

    private static long quietly(Cpu cpu, boolean inexact, long result) {
        if (inexact) {
            SseException.signal(cpu, SseException.PRECISION);
        }
        return result;
    }

    // ---- arithmetic -----------------------------------------------------------------------------------------------

    static long add(Cpu cpu, long a, long b) {
        return isPlainSum(cpu.mxcsr, a, b) ? doubleToRawLongBits(value(a) + value(b)) : addExactly(cpu, a, b);
    }

    @Rare
    private static long addExactly(Cpu cpu, long a, long b) {
        double sum = value(a) + value(b);
        long bits = doubleToRawLongBits(sum);
        if (SseException.isDefault(cpu.mxcsr) && (denormal(a) | denormal(b) | denormal(bits) | notFinite(bits)) >= 0) {
            return quietly(cpu, isInexactSum(value(a), value(b), sum), bits);
        }
        return exact(cpu).add(a, b);
    }

    static long subtract(Cpu cpu, long a, long b) {
        return isPlainDifference(cpu.mxcsr, a, b)
                ? doubleToRawLongBits(value(a) - value(b))
                : subtractExactly(cpu, a, b);
    }

    @Rare
    private static long subtractExactly(Cpu cpu, long a, long b) {
        double difference = value(a) - value(b);
        long bits = doubleToRawLongBits(difference);
        if (SseException.isDefault(cpu.mxcsr) && (denormal(a) | denormal(b) | denormal(bits) | notFinite(bits)) >= 0) {
            return quietly(cpu, isInexactSum(value(a), -value(b), difference), bits);
        }
        return exact(cpu).subtract(a, b);
    }

    /** Knuth's TwoSum. */
    private static boolean isInexactSum(double x, double y, double sum) {
        double yPart = sum - x;
        return (x - (sum - yPart)) + (y - yPart) != 0;
    }

    static long multiply(Cpu cpu, long a, long b) {
        return isPlainProduct(cpu.mxcsr, a, b) ? doubleToRawLongBits(value(a) * value(b)) : multiplyExactly(cpu, a, b);
    }

    @Rare
    private static long multiplyExactly(Cpu cpu, long a, long b) {
        double x = value(a);
        double y = value(b);
        double result = x * y;
        long bits = doubleToRawLongBits(result);
        if (SseException.isDefault(cpu.mxcsr) && (denormal(a) | denormal(b)) >= 0) {
            if ((x == 0 || y == 0) && result == 0) {
                return bits;
            }
            if (notFinite(bits) >= 0 && Math.abs(result) > SAFE) {
                return quietly(cpu, Math.fma(x, y, -result) != 0, bits);
            }
        }
        return exact(cpu).multiply(a, b);
    }

    static long divide(Cpu cpu, long a, long b) {
        return isPlainQuotient(cpu.mxcsr, a, b) ? doubleToRawLongBits(value(a) / value(b)) : divideExactly(cpu, a, b);
    }

    @Rare
    private static long divideExactly(Cpu cpu, long a, long b) {
        double x = value(a);
        double y = value(b);
        double result = x / y;
        long bits = doubleToRawLongBits(result);
        if (SseException.isDefault(cpu.mxcsr) && (denormal(a) | denormal(b)) >= 0) {
            if (x == 0 && result == 0) {
                return bits;
            }
            if ((small(bits) | notFinite(bits)) >= 0 && Math.abs(x) > SAFE) {
                return quietly(cpu, Math.fma(-result, y, x) != 0, bits);
            }
        }
        return exact(cpu).divide(a, b);
    }

    /** ±(a * b) ± c, rounded once. */
    static long multiplyAdd(Cpu cpu, long a, long b, long c, boolean negateProduct, boolean negateAddend) {
        if (isPlainFusion(cpu.mxcsr, a, b, c)) {
            return doubleToRawLongBits(fused(a, b, c, negateProduct, negateAddend));
        }
        return multiplyAddExactly(cpu, a, b, c, negateProduct, negateAddend);
    }

    private static double fused(long a, long b, long c, boolean negateProduct, boolean negateAddend) {
        double x = negateProduct ? -value(a) : value(a);
        return Math.fma(x, value(b), negateAddend ? -value(c) : value(c));
    }

    @Rare
    private static long multiplyAddExactly(
            Cpu cpu, long a, long b, long c, boolean negateProduct, boolean negateAddend) {
        if (SseException.isQuiet(cpu.mxcsr) && (denormal(a) | denormal(b) | denormal(c)) >= 0) {
            long result = doubleToRawLongBits(fused(a, b, c, negateProduct, negateAddend));
            if ((small(result) | notFinite(result)) >= 0) {
                return result;
            }
        }
        return exact(cpu).multiplyAdd(a, b, c, negateProduct, negateAddend);
    }

    static long squareRoot(Cpu cpu, long a) {
        return isPlainRoot(cpu.mxcsr, a) ? doubleToRawLongBits(Math.sqrt(value(a))) : squareRootExactly(cpu, a);
    }

    @Rare
    private static long squareRootExactly(Cpu cpu, long a) {
        double root = Math.sqrt(value(a));
        long bits = doubleToRawLongBits(root);
        if (SseException.isDefault(cpu.mxcsr) && value(a) > SAFE && notFinite(bits) >= 0) {
            return quietly(cpu, Math.fma(-root, root, value(a)) != 0, bits);
        }
        return exact(cpu).squareRoot(a);
    }

    // ---- extremes and comparison ----------------------------------------------------------------------------------

    /** The second operand if both are equal or one is a NaN. */
    static long min(Cpu cpu, long a, long b) {
        double x = value(a);
        double y = value(b);
        if (isComparable(a, b)) {
            return x < y ? a : b;
        }
        long zeroedA = compared(cpu, a, b, true);
        long zeroedB = operand(cpu, b);
        return value(zeroedA) < value(zeroedB) ? zeroedA : zeroedB;
    }

    /** The second operand if both are equal or one is a NaN. */
    static long max(Cpu cpu, long a, long b) {
        double x = value(a);
        double y = value(b);
        if (isComparable(a, b)) {
            return x > y ? a : b;
        }
        long zeroedA = compared(cpu, a, b, true);
        long zeroedB = operand(cpu, b);
        return value(zeroedA) > value(zeroedB) ? zeroedA : zeroedB;
    }

    /** CMPxx and VCMPxx predicate 0..31. */
    static boolean holds(Cpu cpu, long a, long b, int predicate) {
        double x = value(a);
        double y = value(b);
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
        double x = value(a);
        double y = value(b);
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
        return ExactArithmetic.operand(cpu, FORMAT, bits);
    }

    // ---- conversion -----------------------------------------------------------------------------------------------

    static long fromInteger(Cpu cpu, long integer) {
        if (SseException.isQuiet(cpu.mxcsr) || Math.abs(integer) <= 1L << 53 && integer != Long.MIN_VALUE) {
            return doubleToRawLongBits((double) integer);
        }
        return exact(cpu).fromInteger(integer);
    }

    /** To single precision. */
    static long toBinary32(Cpu cpu, long bits) {
        int result = Float.floatToRawIntBits((float) value(bits));
        if (SseException.isQuiet(cpu.mxcsr) && denormal(bits) >= 0 && Binary32.isOrdinary(result)) {
            return result;
        }
        return Binary32.exact(cpu).convert(FORMAT, bits);
    }

    /** To a signed integer of {@code width} bits; the integer indefinite (its least value) if it does not fit. */
    static long toInteger(Cpu cpu, long bits, int rounding, int width) {
        double x = value(operand(cpu, bits));
        double integral = integral(x, rounding);
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

    static double integral(double x, int rounding) {
        switch (rounding) {
            case SseException.NEAREST:
                return Math.rint(x);
            case SseException.DOWN:
                return Math.floor(x);
            case SseException.UP:
                return Math.ceil(x);
            default:
                return x < 0 ? Math.ceil(x) : Math.floor(x);
        }
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
        double integral = integral(value(a), rounding);
        if (integral != value(a) && (control & 8) == 0) {
            SseException.signal(cpu, SseException.PRECISION);
        }
        return doubleToRawLongBits(integral);
    }
}
