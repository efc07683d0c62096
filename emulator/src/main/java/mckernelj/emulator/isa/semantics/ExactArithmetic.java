// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static mckernelj.emulator.isa.semantics.SseException.DENORMAL;
import static mckernelj.emulator.isa.semantics.SseException.INVALID;
import static mckernelj.emulator.isa.semantics.SseException.OVERFLOW;
import static mckernelj.emulator.isa.semantics.SseException.PRECISION;
import static mckernelj.emulator.isa.semantics.SseException.UNDERFLOW;
import static mckernelj.emulator.isa.semantics.SseException.ZERO_DIVIDE;

import java.math.BigInteger;
import mckernelj.emulator.cpu.Cpu;

/**
 * One SSE floating-point operation done with integers: any rounding mode, flush-to-zero, denormals-are-zeros, all
 * exceptions (SDM vol. 1, 4.8, 4.9, 11.5.2). The slow path behind {@link Binary64} and {@link Binary32}. Tininess is
 * detected after rounding.
 */
final class ExactArithmetic {
    private final Cpu cpu;
    private final IeeeFormat format;
    private final int rounding;
    private int flags;

    ExactArithmetic(Cpu cpu, IeeeFormat format) {
        this(cpu, format, SseException.rounding(cpu.mxcsr));
    }

    ExactArithmetic(Cpu cpu, IeeeFormat format, int rounding) {
        this.cpu = cpu;
        this.format = format;
        this.rounding = rounding;
    }

    /** Records the exceptions, which may raise #XM; else passes {@code result} on. */
    private long commit(long result) {
        SseException.signal(cpu, flags);
        return result;
    }

    private long invalid() {
        flags |= INVALID;
        return commit(format.defaultNan);
    }

    /** Quiets the first operand if it is a NaN, else the second. */
    private long propagate(IeeeFormat from, long a, long b) {
        if (from.isSignalling(a) || from.isSignalling(b)) {
            flags |= INVALID;
        }
        return commit(from.quiet(from.isNan(a) ? a : b));
    }

    /** Applies denormals-are-zeros. */
    private long operand(long bits) {
        return operand(cpu, format, bits);
    }

    static long operand(Cpu cpu, IeeeFormat format, long bits) {
        boolean zero = (cpu.mxcsr & SseException.DENORMALS_ARE_ZEROS) != 0 && format.isDenormal(bits);
        return zero ? bits & format.sign : bits;
    }

    private void noteDenormal(IeeeFormat from, long a, long b) {
        if (from.isDenormal(a) || from.isDenormal(b)) {
            flags |= DENORMAL;
        }
    }

    // ---- operations -----------------------------------------------------------------------------------------------

    long add(long first, long second) {
        long a = operand(first);
        long b = operand(second);
        return format.isNan(a) || format.isNan(b) ? propagate(format, a, b) : sum(a, b);
    }

    long subtract(long first, long second) {
        long a = operand(first);
        long b = operand(second);
        return format.isNan(a) || format.isNan(b) ? propagate(format, a, b) : sum(a, b ^ format.sign);
    }

    private long sum(long a, long b) {
        if (format.isInfinite(a) && format.isInfinite(b) && a != b) {
            return invalid();
        }
        noteDenormal(format, a, b);
        if (format.isInfinite(a) || format.isInfinite(b)) {
            return commit(format.isInfinite(a) ? a : b);
        }
        if (format.isZero(a) || format.isZero(b)) {
            return commit(sumWithZero(a, b));
        }
        return commit(format.exponent(a) >= format.exponent(b) ? finiteSum(a, b) : finiteSum(b, a));
    }

    private long sumWithZero(long a, long b) {
        if (format.isZero(a) && format.isZero(b)) {
            return a == b ? a : exactZero();
        }
        long nonZero = format.isZero(a) ? b : a;
        return round(format.isNegative(nonZero), format.exponent(nonZero), format.significand(nonZero));
    }

    /** An exact zero sum of operands with unlike signs. */
    private long exactZero() {
        return rounding == SseException.DOWN ? format.sign : 0;
    }

    /** Both finite and not zero, the exponent of {@code a} not below that of {@code b}. */
    private long finiteSum(long a, long b) {
        int exponent = format.exponent(a);
        long large = format.significand(a) >>> 1;
        long small = shiftRight(format.significand(b) >>> 1, exponent - format.exponent(b));
        boolean negative = format.isNegative(a);
        long sum = negative == format.isNegative(b) ? large + small : large - small;
        if (sum == 0) {
            return exactZero();
        }
        long magnitude = Math.abs(sum);
        int shift = Long.numberOfLeadingZeros(magnitude) - 1;
        return round(negative ^ sum < 0, exponent + 1 - shift, magnitude << shift);
    }

    long multiply(long first, long second) {
        long a = operand(first);
        long b = operand(second);
        if (format.isNan(a) || format.isNan(b)) {
            return propagate(format, a, b);
        }
        long sign = (a ^ b) & format.sign;
        boolean infinite = format.isInfinite(a) || format.isInfinite(b);
        boolean zero = format.isZero(a) || format.isZero(b);
        if (infinite && zero) {
            return invalid();
        }
        noteDenormal(format, a, b);
        if (infinite || zero) {
            return commit(sign | (infinite ? format.infinity : 0));
        }
        long high = Math.multiplyHigh(format.significand(a), format.significand(b));
        long low = format.significand(a) * format.significand(b);
        long product = high << 2 | low >>> 62 | (low << 2 != 0 ? 1 : 0);
        int exponent = format.exponent(a) + format.exponent(b);
        boolean carry = product < 0;
        return commit(round(sign != 0, carry ? exponent + 1 : exponent, carry ? product >>> 1 | product & 1 : product));
    }

    long divide(long first, long second) {
        long a = operand(first);
        long b = operand(second);
        if (format.isNan(a) || format.isNan(b)) {
            return propagate(format, a, b);
        }
        long sign = (a ^ b) & format.sign;
        if (format.isInfinite(a) && format.isInfinite(b) || format.isZero(a) && format.isZero(b)) {
            return invalid();
        }
        if (format.isZero(b) && !format.isInfinite(a)) {
            flags |= ZERO_DIVIDE;
            return commit(sign | format.infinity);
        }
        noteDenormal(format, a, b);
        if (format.isInfinite(a) || format.isInfinite(b) || format.isZero(a)) {
            return commit(sign | (format.isInfinite(a) ? format.infinity : 0));
        }
        boolean less = format.significand(a) < format.significand(b);
        BigInteger dividend = BigInteger.valueOf(format.significand(a)).shiftLeft(less ? 63 : 62);
        BigInteger[] quotient = dividend.divideAndRemainder(BigInteger.valueOf(format.significand(b)));
        int exponent = format.exponent(a) - format.exponent(b);
        return commit(round(sign != 0, less ? exponent - 1 : exponent, withSticky(quotient)));
    }

    // ---- fused multiply-add ---------------------------------------------------------------------------------------

    /** ±(first * second) ± third, rounded once. */
    long multiplyAdd(long first, long second, long third, boolean negateProduct, boolean negateAddend) {
        long a = operand(first);
        long b = operand(second);
        long c = operand(third);
        boolean infinite = format.isInfinite(a) || format.isInfinite(b);
        boolean zero = format.isZero(a) || format.isZero(b);
        if (format.isNan(a) || format.isNan(b) || format.isNan(c)) {
            return propagate(a, b, c);
        }
        if (infinite && zero) {
            return invalid();
        }
        long product = (a ^ b ^ (negateProduct ? format.sign : 0)) & format.sign;
        long addend = c ^ (negateAddend ? format.sign : 0);
        if (infinite && format.isInfinite(c) && (addend & format.sign) != product) {
            return invalid();
        }
        noteDenormal(format, a, b);
        noteDenormal(format, c, c);
        if (infinite || format.isInfinite(c)) {
            return commit(infinite ? product | format.infinity : addend);
        }
        return commit(zero ? sumWithZero(product, addend) : finiteMultiplyAdd(a, b, product != 0, addend));
    }

    private long propagate(long a, long b, long c) {
        if (format.isSignalling(a) || format.isSignalling(b) || format.isSignalling(c)) {
            flags |= INVALID;
        }
        return commit(format.quiet(format.isNan(a) ? a : format.isNan(b) ? b : c));
    }

    /** A product that is finite and not zero, with the given sign, plus a finite number. */
    private long finiteMultiplyAdd(long a, long b, boolean negative, long addend) {
        BigInteger product =
                BigInteger.valueOf(format.significand(a)).multiply(BigInteger.valueOf(format.significand(b)));
        int exponent = format.exponent(a) + format.exponent(b) - 124;
        BigInteger sum = negative ? product.negate() : product;
        if (!format.isZero(addend)) {
            BigInteger term = BigInteger.valueOf(format.significand(addend));
            int distance = format.exponent(addend) - 62 - exponent;
            sum = sum.shiftLeft(Math.max(0, -distance));
            term = term.shiftLeft(Math.max(0, distance));
            exponent = Math.min(exponent, exponent + distance);
            sum = format.isNegative(addend) ? sum.subtract(term) : sum.add(term);
        }
        if (sum.signum() == 0) {
            return exactZero();
        }
        BigInteger magnitude = sum.abs();
        int excess = magnitude.bitLength() - 63;
        boolean lost = magnitude.getLowestSetBit() < excess;
        long significand = magnitude.shiftRight(excess).longValue() | (lost ? 1 : 0);
        return round(sum.signum() < 0, exponent + magnitude.bitLength() - 1, significand);
    }

    long squareRoot(long operand) {
        long a = operand(operand);
        if (format.isNan(a)) {
            return propagate(format, a, a);
        }
        if (format.isZero(a)) {
            return commit(a);
        }
        if (format.isNegative(a)) {
            return invalid();
        }
        noteDenormal(format, a, a);
        if (format.isInfinite(a)) {
            return commit(a);
        }
        int exponent = format.exponent(a);
        BigInteger square = BigInteger.valueOf(format.significand(a)).shiftLeft(62 + (exponent & 1));
        return commit(round(false, exponent >> 1, withSticky(square.sqrtAndRemainder())));
    }

    /** Quotient or root with a remainder that is not zero kept in bit 0. */
    private static long withSticky(BigInteger[] resultAndRemainder) {
        return resultAndRemainder[0].longValue() | resultAndRemainder[1].signum();
    }

    /** From another format. */
    long convert(IeeeFormat from, long operand) {
        long a = operand(cpu, from, operand);
        int widening = format.fractionBits - from.fractionBits;
        if (from.isNan(a)) {
            long quiet = propagate(from, a, a) & from.fractionMask;
            long sign = from.isNegative(a) ? format.sign : 0;
            return sign | format.infinity | (widening > 0 ? quiet << widening : quiet >> -widening);
        }
        noteDenormal(from, a, a);
        if (from.isZero(a) || from.isInfinite(a)) {
            return commit((from.isNegative(a) ? format.sign : 0) | (from.isZero(a) ? 0 : format.infinity));
        }
        return commit(round(from.isNegative(a), from.exponent(a), from.significand(a)));
    }

    long fromInteger(long value) {
        if (value == 0) {
            return 0;
        }
        if (value == Long.MIN_VALUE) {
            return commit(round(true, 63, 1L << 62));
        }
        long magnitude = Math.abs(value);
        int shift = Long.numberOfLeadingZeros(magnitude) - 1;
        return commit(round(value < 0, 62 - shift, magnitude << shift));
    }

    // ---- rounding -------------------------------------------------------------------------------------------------

    /**
     * Rounds 2^(exponent - 62) * significand to the format; the leading one is in bit 62, bit 0 also stands for all
     * below.
     */
    private long round(boolean negative, int exponent, long significand) {
        int discarded = 62 - format.fractionBits;
        long rounded = round(negative, significand, discarded);
        boolean inexact = rounded != significand;
        int roundedExponent = rounded < 0 ? exponent + 1 : exponent;
        if (roundedExponent < 1 - format.bias) {
            return tiny(negative, exponent, significand, inexact);
        }
        if (inexact) {
            flags |= PRECISION;
        }
        if (roundedExponent > format.bias) {
            return overflow(negative);
        }
        long fraction = (rounded < 0 ? rounded >>> 1 : rounded) >>> discarded & format.fractionMask;
        return signOf(negative) | (long) (roundedExponent + format.bias) << format.fractionBits | fraction;
    }

    private long tiny(boolean negative, int exponent, long significand, boolean inexact) {
        if ((cpu.mxcsr & UNDERFLOW << SseException.MASK_SHIFT) == 0) {
            flags |= inexact ? UNDERFLOW | PRECISION : UNDERFLOW;
            return 0; // never seen: #XM follows
        }
        if ((cpu.mxcsr & SseException.FLUSH_TO_ZERO) != 0 && format != IeeeFormat.BINARY16) {
            flags |= UNDERFLOW | PRECISION;
            return signOf(negative);
        }
        long shifted = shiftRight(significand, 1 - format.bias - exponent);
        int discarded = 62 - format.fractionBits;
        long rounded = round(negative, shifted, discarded);
        if (rounded != shifted) {
            flags |= UNDERFLOW | PRECISION;
        }
        return signOf(negative) | rounded >>> discarded;
    }

    private long overflow(boolean negative) {
        flags |= OVERFLOW;
        if ((cpu.mxcsr & OVERFLOW << SseException.MASK_SHIFT) != 0) {
            flags |= PRECISION;
        }
        int outward = negative ? SseException.DOWN : SseException.UP;
        boolean infinite = rounding == SseException.NEAREST || rounding == outward;
        return signOf(negative) | (infinite ? format.infinity : format.infinity - 1);
    }

    private long signOf(boolean negative) {
        return negative ? format.sign : 0;
    }

    /** Rounds away the low {@code bits}; a carry may reach bit 63. */
    private long round(boolean negative, long significand, int bits) {
        long mask = (1L << bits) - 1;
        long half = 1L << bits - 1;
        switch (rounding) {
            case SseException.NEAREST:
                boolean tie = (significand & mask) == half;
                return significand + half & ~mask & (tie ? ~(mask + 1) : -1);
            case SseException.DOWN:
                return significand + (negative ? mask : 0) & ~mask;
            case SseException.UP:
                return significand + (negative ? 0 : mask) & ~mask;
            default:
                return significand & ~mask;
        }
    }

    /** Shift right in which bit 0 collects all bits that are lost. */
    private static long shiftRight(long value, int count) {
        if (count > 63) {
            return value != 0 ? 1 : 0;
        }
        return value >>> count | (value << 1 << 63 - count != 0 ? 1 : 0);
    }
}
