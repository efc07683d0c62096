// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.fp;

import static mckernelj.emulator.fp.Extended.*;

import java.math.BigInteger;

/**
 * Arithmetic on x87 extended-precision numbers (SDM vol. 1, sections 4.2 and 4.8): 64-bit significand with explicit integer bit, sign and
 * 15-bit exponent in the low 16 bits of an int. Every operation leaves its result in {@link #se} and {@link #sig}, adds the exceptions it
 * met to {@link #flags}, and rounds as the control word says. Results are those of masked exceptions, but for unmasked overflow and
 * underflow, whose exponents are wrapped.
 */
public final class ExtendedUnit extends ExtendedConversion {
    public static final int LESS = -1;
    public static final int EQUAL = 0;
    public static final int GREATER = 1;
    public static final int UNORDERED = 2;

    /** {@code quiet}: QNaNs do not signal (FUCOM). */
    public int compare(int aSe, long aSig, int bSe, long bSig, boolean quiet) {
        if (isUnsupported(aSe, aSig) || isUnsupported(bSe, bSig)) {
            flags = flags & ~DENORMAL | INVALID;
            return UNORDERED;
        }
        if (isNan(aSe, aSig) || isNan(bSe, bSig)) {
            flags &= ~DENORMAL;
            if (!quiet || isSignaling(aSe, aSig) || isSignaling(bSe, bSig)) {
                flags |= INVALID;
            }
            return UNORDERED;
        }
        noteDenormal(aSe, aSig, bSe, bSig);
        if (isZero(aSe, aSig) && isZero(bSe, bSig)) {
            return EQUAL;
        }
        if (negative(aSe) != negative(bSe)) {
            return negative(aSe) ? LESS : GREATER;
        }
        int magnitude = compareMagnitude(aSe, aSig, bSe, bSig);
        return negative(aSe) ? -magnitude : magnitude;
    }

    private static int compareMagnitude(int aSe, long aSig, int bSe, long bSig) {
        int a = Math.max(1, aSe & MAX);
        int b = Math.max(1, bSe & MAX);
        int result = a != b ? Integer.compare(a, b) : Long.compareUnsigned(aSig, bSig);
        return Integer.signum(result);
    }

    // ---- add, multiply, divide, square root

    public void add(int aSe, long aSig, int bSe, long bSig) {
        if (special(aSe, aSig, bSe, bSig)) {
            return;
        }
        boolean aNegative = negative(aSe);
        boolean bNegative = negative(bSe);
        if (isInfinite(aSe, aSig) || isInfinite(bSe, bSig)) {
            addInfinite(aSe, aSig, bSe, bSig);
            return;
        }
        unpackA(aSe, aSig);
        unpackB(bSe, bSig);
        if (significandA == 0 || significandB == 0) {
            addZero(aSe, bSe);
            return;
        }
        boolean aLarger = exponentA > exponentB
                || exponentA == exponentB && Long.compareUnsigned(significandA, significandB) >= 0;
        int e = aLarger ? exponentA : exponentB;
        long large = aLarger ? significandA : significandB;
        shiftRightSticky(aLarger ? significandB : significandA, 0, Math.abs(exponentA - exponentB));
        boolean negative = aLarger ? aNegative : bNegative;
        if (aNegative == bNegative) {
            long sum = large + hi;
            if (Long.compareUnsigned(sum, large) < 0) {
                roundPack(negative, e + 1, sum >>> 1 | INTEGER_BIT, lo >>> 1 | sum << 63 | lo & 1);
            } else {
                roundPack(negative, e, sum, lo);
            }
            return;
        }
        long low = -lo;
        long high = large - hi - (lo != 0 ? 1 : 0);
        if (high == 0 && low == 0) {
            roundedUp = false;
            set(rounding() == DOWN ? 0x8000 : 0, 0);
        } else {
            normalizeAndPack(negative, e, high, low);
        }
    }

    private void addInfinite(int aSe, long aSig, int bSe, long bSig) {
        boolean aInfinite = isInfinite(aSe, aSig);
        boolean bInfinite = isInfinite(bSe, bSig);
        if (aInfinite && bInfinite && negative(aSe) != negative(bSe)) {
            invalid();
            return;
        }
        noteDenormal(aSe, aSig, bSe, bSig);
        set(aInfinite ? aSe : bSe, INTEGER_BIT);
    }

    private void addZero(int aSe, int bSe) {
        if (significandA == 0 && significandB == 0) {
            roundedUp = false;
            boolean same = negative(aSe) == negative(bSe);
            set(same ? aSe & 0x8000 : rounding() == DOWN ? 0x8000 : 0, 0);
        } else if (significandA == 0) {
            roundPack(negative(bSe), exponentB, significandB, 0);
        } else {
            roundPack(negative(aSe), exponentA, significandA, 0);
        }
    }

    private void noteDenormal(int aSe, long aSig, int bSe, long bSig) {
        if (isDenormal(aSe, aSig) || isDenormal(bSe, bSig)) {
            flags |= DENORMAL;
        }
    }

    public void subtract(int aSe, long aSig, int bSe, long bSig) {
        if (isNan(bSe, bSig) || isUnsupported(bSe, bSig)) {
            special(aSe, aSig, bSe, bSig);
        } else {
            add(aSe, aSig, bSe ^ 0x8000, bSig);
        }
    }

    public void multiply(int aSe, long aSig, int bSe, long bSig) {
        if (special(aSe, aSig, bSe, bSig)) {
            return;
        }
        boolean negative = negative(aSe) != negative(bSe);
        int sign = negative ? 0x8000 : 0;
        if (isInfinite(aSe, aSig) || isInfinite(bSe, bSig)) {
            if (isZero(aSe, aSig) || isZero(bSe, bSig)) {
                invalid();
            } else {
                noteDenormal(aSe, aSig, bSe, bSig);
                set(sign | MAX, INTEGER_BIT);
            }
            return;
        }
        unpackA(aSe, aSig);
        unpackB(bSe, bSig);
        if (significandA == 0 || significandB == 0) {
            roundedUp = false;
            set(sign, 0);
            return;
        }
        long low = significandA * significandB;
        long high = multiplyHighUnsigned(significandA, significandB);
        int e = exponentA + exponentB - BIAS + 1;
        if (high >= 0) {
            high = high << 1 | low >>> 63;
            low <<= 1;
            e--;
        }
        roundPack(negative, e, high, low);
    }

    static long multiplyHighUnsigned(long a, long b) {
        return Math.multiplyHigh(a, b) + (a >> 63 & b) + (b >> 63 & a);
    }

    public void divide(int aSe, long aSig, int bSe, long bSig) {
        if (special(aSe, aSig, bSe, bSig)) {
            return;
        }
        boolean negative = negative(aSe) != negative(bSe);
        int sign = negative ? 0x8000 : 0;
        boolean aInfinite = isInfinite(aSe, aSig);
        boolean bInfinite = isInfinite(bSe, bSig);
        boolean aZero = isZero(aSe, aSig);
        boolean bZero = isZero(bSe, bSig);
        roundedUp = false;
        if (aInfinite && bInfinite || aZero && bZero) {
            invalid();
        } else if (aInfinite || bInfinite) {
            noteDenormal(aSe, aSig, bSe, bSig);
            set(aInfinite ? sign | MAX : sign, aInfinite ? INTEGER_BIT : 0);
        } else if (bZero) {
            flags = flags & ~DENORMAL | ZERO_DIVIDE;
            set(sign | MAX, INTEGER_BIT);
        } else if (aZero) {
            noteDenormal(aSe, aSig, bSe, bSig);
            set(sign, 0);
        } else {
            unpackA(aSe, aSig);
            unpackB(bSe, bSig);
            divideNormal(negative);
        }
    }

    private void divideNormal(boolean negative) {
        int e = exponentA - exponentB + BIAS;
        long remainder = significandA;
        long divisor = significandB;
        boolean carry = false;
        if (Long.compareUnsigned(remainder, divisor) < 0) {
            e--;
            carry = remainder < 0;
            remainder <<= 1;
        }
        long quotient = 0;
        long next = 0;
        for (int i = 0; i < 65; i++) {
            boolean one = carry || Long.compareUnsigned(remainder, divisor) >= 0;
            if (one) {
                remainder -= divisor;
            }
            if (i < 64) {
                quotient = quotient << 1 | (one ? 1 : 0);
            } else {
                next = one ? INTEGER_BIT : 0;
            }
            carry = remainder < 0;
            remainder <<= 1;
        }
        roundPack(negative, e, quotient, next | (carry || remainder != 0 ? 1 : 0));
    }

    public void squareRoot(int aSe, long aSig) {
        if (special(aSe, aSig)) {
            return;
        }
        roundedUp = false;
        if (isZero(aSe, aSig)) {
            set(aSe, aSig);
        } else if (negative(aSe)) {
            invalid();
        } else if (isInfinite(aSe, aSig)) {
            set(aSe, aSig);
        } else {
            unpackA(aSe, aSig);
            int e = exponentA - BIAS;
            boolean odd = (e & 1) != 0;
            BigInteger[] root =
                    unsigned(significandA).shiftLeft(odd ? 130 : 129).sqrtAndRemainder();
            packBig(false, root[0], root[1].signum() != 0, (odd ? e - 1 : e) / 2 + BIAS, 96);
        }
    }

    // ---- remainder, scale, extract

    /** Quotient bits of the last complete remainder (low three bits count), or -1 if the reduction is partial (C2). */
    public int quotient;

    /** FPREM ({@code nearest} false) and FPREM1: reduces the exponent difference by at most 63 a step. */
    public void remainder(int aSe, long aSig, int bSe, long bSig, boolean nearest) {
        quotient = 0;
        roundedUp = false;
        if (special(aSe, aSig, bSe, bSig)) {
            return;
        }
        if ((aSe & MAX) == MAX || isZero(bSe, bSig)) {
            invalid();
            return;
        }
        noteDenormal(aSe, aSig, bSe, bSig);
        if (isZero(aSe, aSig) || (bSe & MAX) == MAX) {
            set(aSe, aSig);
            return;
        }
        int saved = flags;
        unpackA(aSe, aSig);
        unpackB(bSe, bSig);
        flags = saved;
        int difference = exponentA - exponentB;
        if (difference < (nearest ? -1 : 0)) {
            exactly(aSe, aSig);
            return;
        }
        BigInteger divisor = unsigned(significandB);
        boolean partial = difference >= 64;
        int step = partial ? 32 + difference % 32 : Math.max(difference, 0);
        BigInteger dividend = unsigned(significandA).shiftLeft(step);
        int e = exponentA - step;
        if (difference < 0) {
            divisor = divisor.shiftLeft(1);
            e = exponentA;
        }
        BigInteger[] parts = dividend.divideAndRemainder(divisor);
        BigInteger rest = parts[1];
        boolean negative = negative(aSe);
        int q = parts[0].intValue();
        if (nearest && !partial) {
            int half = rest.shiftLeft(1).compareTo(divisor);
            if (half > 0 || half == 0 && (q & 1) != 0) {
                rest = divisor.subtract(rest);
                negative = !negative;
                q++;
            }
        }
        quotient = partial ? -1 : q & 7;
        if (rest.signum() == 0) {
            set(aSe & 0x8000, 0);
            return;
        }
        int pc = control;
        control |= 0x300; // exact: no precision control
        packBig(negative, rest, false, e, 63);
        control = pc;
    }

    /** The operand itself as result: a denormal one is an underflow. */
    private void exactly(int aSe, long aSig) {
        if (!isDenormal(aSe, aSig)) {
            set(aSe, aSig);
            return;
        }
        unpackA(aSe, aSig);
        int pc = control;
        control |= 0x300;
        roundPack(negative(aSe), exponentA, significandA, 0);
        control = pc;
    }

    /** FSCALE: a * 2^trunc(b). */
    public void scale(int aSe, long aSig, int bSe, long bSig) {
        roundedUp = false;
        if (special(aSe, aSig, bSe, bSig)) {
            return;
        }
        noteDenormal(aSe, aSig, bSe, bSig);
        if ((bSe & MAX) == MAX) {
            boolean down = negative(bSe);
            if (down ? isInfinite(aSe, aSig) : isZero(aSe, aSig)) {
                invalid();
            } else if (down) {
                set(aSe & 0x8000, 0);
            } else {
                set(aSe & 0x8000 | MAX, INTEGER_BIT);
            }
            return;
        }
        if ((aSe & MAX) == MAX || isZero(aSe, aSig)) {
            set(aSe, aSig);
            return;
        }
        int saved = flags;
        long by = toInteger(bSe, bSig, 64, TRUNCATE);
        flags = saved;
        if (Math.abs(Math.max(by, Long.MIN_VALUE + 1)) > 0xFFFF || (bSe & MAX) > BIAS + 20) {
            by = negative(bSe) ? -0xFFFF : 0xFFFF;
        }
        unpackA(aSe, aSig);
        int pc = control;
        control |= 0x300;
        roundPack(negative(aSe), exponentA + (int) by, significandA, 0);
        control = pc;
    }

    /** Exponent of a finite, non-zero number as a number (FXTRACT's first result); the significand is left by {@link #significand}. */
    public void exponentOf(int aSe, long aSig) {
        unpackA(aSe, aSig);
        fromLong(exponentA - BIAS);
    }

    public void significand(int aSe, long aSig) {
        int saved = flags;
        unpackA(aSe, aSig);
        flags = saved;
        set(aSe & 0x8000 | BIAS, significandA);
    }

    // ---- results of functions computed with more precision

    /** Packs {@code value} * 2^-scale (inexact), rounded to 64 bits: precision control is for the basic operations. */
    void packInexact(boolean negative, BigInteger value, int scale) {
        int saved = control;
        control |= 0x300;
        packBig(negative, value, true, BIAS, scale);
        control = saved;
    }

    /** As {@link #packInexact} for an exact value. */
    void packExact(boolean negative, BigInteger value, int scale) {
        int saved = control;
        control |= 0x300;
        packBig(negative, value, false, BIAS, scale);
        control = saved;
    }

    /** A result that differs from the true one by far less than a unit in the last place. */
    void inexactly(int signExponent, long significand) {
        flags |= PRECISION;
        if (isDenormal(signExponent, significand)) {
            flags |= DENORMAL | UNDERFLOW;
        }
        exactly(signExponent, significand);
    }

    /** The unpacked operand as integer * 2^(returned exponent - 63). */
    int unpack(int aSe, long aSig) {
        unpackA(aSe, aSig);
        return exponentA - BIAS;
    }

    BigInteger unpackedSignificand() {
        return unsigned(significandA);
    }

    boolean specialOperands(int aSe, long aSig, int bSe, long bSig) {
        return special(aSe, aSig, bSe, bSig);
    }

    void invalidResult() {
        invalid();
    }
}
