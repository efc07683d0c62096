// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static java.lang.Double.longBitsToDouble;
import static java.lang.Double.doubleToRawLongBits;

import mckernelj.emulator.cpu.Cpu;

/**
 * Double-precision arithmetic of SSE instructions on bit patterns. The common case (round to nearest, exceptions masked,
 * no denormals) is the plain Java operation; the inexact flag is then found from the exact residual, unless it is set already. The
 * rest is left to {@link ExactArithmetic}.
 */
final class Binary64 {
    private static final IeeeFormat FORMAT = IeeeFormat.BINARY64;
    private static final long LEAST_NORMAL = 1L << 53;
    private static final long ORDINARY_EXPONENTS = 0x7FDL << 53;

    /** Above it the residual of a product, quotient or root cannot underflow. */
    private static final double SAFE = 0x1p-900;

    private Binary64() {}

    private static double value(long bits) {
        return longBitsToDouble(bits);
    }

    /** Neither denormal. A zero becomes the greatest number by the subtraction. */
    private static boolean ordinary(long a, long b) {
        return Long.compareUnsigned((a << 1) - 1, LEAST_NORMAL - 1) >= 0 && Long.compareUnsigned((b << 1) - 1, LEAST_NORMAL - 1) >= 0;
    }

    /** Finite and at least twice the least normal number: nothing near underflow. */
    private static boolean normal(long bits) {
        return Long.compareUnsigned((bits << 1) - 2 * LEAST_NORMAL, ORDINARY_EXPONENTS) < 0;
    }

    private static ExactArithmetic exact(Cpu cpu) {
        return new ExactArithmetic(cpu, FORMAT);
    }

    private static long quietly(Cpu cpu, boolean inexact, double result) {
        if (inexact) {
            SseException.signal(cpu, SseException.PRECISION);
        }
        return doubleToRawLongBits(result);
    }

    // ---- arithmetic ---------------------------------------------------------------------------------------------------

    static long add(Cpu cpu, long a, long b) {
        double result = value(a) + value(b);
        if (SseException.isQuiet(cpu) && ordinary(a, b) && Double.isFinite(result) && normalOrZero(result)) {
            return doubleToRawLongBits(result);
        }
        return addExactly(cpu, a, b);
    }

    private static boolean normalOrZero(double value) {
        return value == 0 || Math.abs(value) >= Double.MIN_NORMAL;
    }

    private static long addExactly(Cpu cpu, long a, long b) {
        double result = value(a) + value(b);
        if (SseException.isDefault(cpu) && ordinary(a, b) && Double.isFinite(result) && normalOrZero(result)) {
            return quietly(cpu, isInexactSum(value(a), value(b), result), result);
        }
        return exact(cpu).add(a, b);
    }

    static long subtract(Cpu cpu, long a, long b) {
        double result = value(a) - value(b);
        if (SseException.isQuiet(cpu) && ordinary(a, b) && Double.isFinite(result) && normalOrZero(result)) {
            return doubleToRawLongBits(result);
        }
        return subtractExactly(cpu, a, b);
    }

    private static long subtractExactly(Cpu cpu, long a, long b) {
        double result = value(a) - value(b);
        if (SseException.isDefault(cpu) && ordinary(a, b) && Double.isFinite(result) && normalOrZero(result)) {
            return quietly(cpu, isInexactSum(value(a), -value(b), result), result);
        }
        return exact(cpu).subtract(a, b);
    }

    /** Knuth's TwoSum. */
    private static boolean isInexactSum(double x, double y, double sum) {
        double yPart = sum - x;
        return (x - (sum - yPart)) + (y - yPart) != 0;
    }

    static long multiply(Cpu cpu, long a, long b) {
        double result = value(a) * value(b);
        if (SseException.isQuiet(cpu) && ordinary(a, b) && normal(doubleToRawLongBits(result))) {
            return doubleToRawLongBits(result);
        }
        return multiplyExactly(cpu, a, b);
    }

    private static long multiplyExactly(Cpu cpu, long a, long b) {
        double x = value(a);
        double y = value(b);
        double result = x * y;
        if (SseException.isDefault(cpu) && ordinary(a, b)) {
            if ((x == 0 || y == 0) && result == 0) {
                return doubleToRawLongBits(result);
            }
            if (Double.isFinite(result) && Math.abs(result) > SAFE) {
                return quietly(cpu, Math.fma(x, y, -result) != 0, result);
            }
        }
        return exact(cpu).multiply(a, b);
    }

    static long divide(Cpu cpu, long a, long b) {
        double result = value(a) / value(b);
        if (SseException.isQuiet(cpu) && ordinary(a, b) && normal(doubleToRawLongBits(result))) {
            return doubleToRawLongBits(result);
        }
        return divideExactly(cpu, a, b);
    }

    private static long divideExactly(Cpu cpu, long a, long b) {
        double x = value(a);
        double y = value(b);
        double result = x / y;
        if (SseException.isDefault(cpu) && ordinary(a, b)) {
            if (x == 0 && result == 0) {
                return doubleToRawLongBits(result);
            }
            if (normal(doubleToRawLongBits(result)) && Math.abs(x) > SAFE && Math.abs(x) < Double.POSITIVE_INFINITY) {
                return quietly(cpu, Math.fma(-result, y, x) != 0, result);
            }
        }
        return exact(cpu).divide(a, b);
    }

    static long squareRoot(Cpu cpu, long a) {
        double result = Math.sqrt(value(a));
        if (SseException.isQuiet(cpu) && ordinary(a, a) && result >= 0) {
            return doubleToRawLongBits(result);
        }
        if (SseException.isDefault(cpu) && value(a) > SAFE && value(a) < Double.POSITIVE_INFINITY) {
            return quietly(cpu, Math.fma(-result, result, value(a)) != 0, result);
        }
        return exact(cpu).squareRoot(a);
    }

    // ---- extremes and comparison --------------------------------------------------------------------------------------

    /** The second operand if both are equal or one is a NaN. */
    static long min(Cpu cpu, long a, long b) {
        double x = value(a);
        double y = value(b);
        if (ordinary(a, b) && (x < y || x >= y)) {
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
        if (ordinary(a, b) && (x > y || x <= y)) {
            return x > y ? a : b;
        }
        long zeroedA = compared(cpu, a, b, true);
        long zeroedB = operand(cpu, b);
        return value(zeroedA) > value(zeroedB) ? zeroedA : zeroedB;
    }

    /** CMPxx predicate 0..7: EQ, LT, LE, UNORD and their negations. */
    static boolean holds(Cpu cpu, long a, long b, int predicate) {
        double x = value(a);
        double y = value(b);
        if (!(ordinary(a, b) && (x < y || x >= y))) {
            x = value(compared(cpu, a, b, (predicate & 3) == 1 || (predicate & 3) == 2));
            y = value(operand(cpu, b));
        }
        boolean relation;
        switch (predicate & 3) {
            case 0:
                relation = x == y;
                break;
            case 1:
                relation = x < y;
                break;
            case 2:
                relation = x <= y;
                break;
            default:
                relation = x != x || y != y;
                break;
        }
        return relation ^ (predicate & 4) != 0;
    }

    /** ZF, PF, CF as (U)COMISx sets them; {@code ordered}: a quiet NaN is invalid too (COMISx). */
    static int order(Cpu cpu, long a, long b, boolean ordered) {
        double x = value(a);
        double y = value(b);
        if (!(ordinary(a, b) && (x < y || x >= y))) {
            x = value(compared(cpu, a, b, ordered));
            y = value(operand(cpu, b));
        }
        return x > y ? 0 : x < y ? Cpu.CF : x == y ? Cpu.ZF : Cpu.ZF | Cpu.PF | Cpu.CF;
    }

    /** Signals the exceptions of a comparison; returns the first operand with denormals-are-zeros applied. */
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

    // ---- conversion -------------------------------------------------------------------------------------------------------

    static long fromInteger(Cpu cpu, long integer) {
        if (SseException.isQuiet(cpu) || Math.abs(integer) <= 1L << 53 && integer != Long.MIN_VALUE) {
            return doubleToRawLongBits((double) integer);
        }
        return exact(cpu).fromInteger(integer);
    }

    /** To single precision. */
    static long toBinary32(Cpu cpu, long bits) {
        float result = (float) value(bits);
        if (SseException.isQuiet(cpu) && ordinary(bits, bits) && Binary32.normal(Float.floatToRawIntBits(result))) {
            return Float.floatToRawIntBits(result);
        }
        return new ExactArithmetic(cpu, IeeeFormat.BINARY32).convert(FORMAT, bits);
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
