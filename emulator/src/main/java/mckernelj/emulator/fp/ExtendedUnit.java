// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.fp;

import java.math.BigInteger;

/**
 * Arithmetic on x87 extended-precision numbers (SDM vol. 1, sections 4.2 and 4.8): 64-bit significand with explicit integer bit, sign and
 * 15-bit exponent in the low 16 bits of an int. Every operation leaves its result in {@link #se} and {@link #sig}, adds the exceptions it
 * met to {@link #flags}, and rounds as the control word says. Results are those of masked exceptions, but for unmasked overflow and
 * underflow, whose exponents are wrapped.
 */
public final class ExtendedUnit {
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
    private static final long QUIET_BIT = 1L << 62;
    private static final int WRAP = 24576;

    /** Rounding modes: nearest, down, up, truncate. */
    public static final int NEAREST = 0;

    public static final int DOWN = 1;
    public static final int UP = 2;
    public static final int TRUNCATE = 3;

    /** x87 control word: exception masks, precision control, rounding control. */
    public int control = 0x37F;

    /** Exceptions met since the caller cleared it. */
    public int flags;

    /** The last rounding went away from zero (C1). */
    public boolean roundedUp;

    /** Result: sign and exponent, significand. */
    public int se;

    public long sig;

    // operands, unpacked: biased exponent (may be below 1), normalised significand
    private int exponentA;
    private long significandA;
    private int exponentB;
    private long significandB;

    // 128-bit scratch
    private long hi;
    private long lo;

    public void set(int signExponent, long significand) {
        se = signExponent;
        sig = significand;
    }

    // ---- classes of numbers -----------------------------------------------------------------------------------------

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

    private void invalid() {
        flags = flags & ~DENORMAL | INVALID;
        set(NAN_SE, NAN_SIG);
    }

    /** Handles unsupported and NaN operands; true if the result is set. */
    private boolean special(int aSe, long aSig, int bSe, long bSig) {
        if (isUnsupported(aSe, aSig) || isUnsupported(bSe, bSig)) {
            invalid();
            return true;
        }
        boolean aNan = isNan(aSe, aSig);
        boolean bNan = isNan(bSe, bSig);
        if (!aNan && !bNan) {
            return false;
        }
        flags &= ~DENORMAL; // NaN operands come first
        boolean aSignals = isSignaling(aSe, aSig);
        boolean bSignals = isSignaling(bSe, bSig);
        if (aSignals || bSignals) {
            flags |= INVALID;
        }
        boolean takeA;
        if (aNan && bNan) {
            long a = aSig | QUIET_BIT;
            long b = bSig | QUIET_BIT;
            takeA = aSignals != bSignals
                    ? bSignals
                    : Long.compareUnsigned(a, b) > 0 || a == b && !(negative(aSe) && !negative(bSe));
        } else {
            takeA = aNan;
        }
        set(takeA ? aSe : bSe, (takeA ? aSig : bSig) | QUIET_BIT);
        return true;
    }

    private boolean special(int aSe, long aSig) {
        return special(aSe, aSig, 0, 0);
    }

    private void unpackA(int aSe, long aSig) {
        exponentA = aSe & MAX;
        significandA = aSig;
        if (exponentA == 0) {
            exponentA = 1;
            if (aSig != 0) {
                flags |= DENORMAL;
                int shift = Long.numberOfLeadingZeros(aSig);
                significandA = aSig << shift;
                exponentA -= shift;
            }
        }
    }

    private void unpackB(int bSe, long bSig) {
        int e = exponentA;
        long s = significandA;
        unpackA(bSe, bSig);
        exponentB = exponentA;
        significandB = significandA;
        exponentA = e;
        significandA = s;
    }

    // ---- rounding ---------------------------------------------------------------------------------------------------

    private int rounding() {
        return control >> 10 & 3;
    }

    /** Bits of the significand that the precision control drops. */
    private int drop() {
        switch (control >> 8 & 3) {
            case 0:
                return 40;
            case 2:
                return 11;
            default:
                return 0;
        }
    }

    /** Whether hi:lo, cut {@code drop} bits above hi's end, is to be incremented; sets roundedUp, returns -1 if exact, else 0 or 1. */
    private static int increment(boolean negative, long hi, long lo, int drop, int mode) {
        boolean half;
        boolean rest;
        if (drop == 0) {
            half = lo < 0;
            rest = lo << 1 != 0;
        } else if (drop == 64) {
            half = hi < 0;
            rest = hi << 1 != 0 || lo != 0;
        } else {
            half = (hi >>> drop - 1 & 1) != 0;
            rest = (hi & (1L << drop - 1) - 1) != 0 || lo != 0;
        }
        if (!half && !rest) {
            return -1;
        }
        boolean odd = drop < 64 && (hi >>> drop & 1) != 0;
        switch (mode) {
            case NEAREST:
                return half && (rest || odd) ? 1 : 0;
            case DOWN:
                return negative ? 1 : 0;
            case UP:
                return negative ? 0 : 1;
            default:
                return 0;
        }
    }

    /** Rounds and packs sign, exponent and the normalised 128-bit significand h:l (leading bit of h set; zero gives zero). */
    private void roundPack(boolean negative, int e, long h, long l) {
        roundPack(negative, e, h, l, drop());
    }

    private void roundPack(boolean negative, int exponent, long h, long l, int drop) {
        int sign = negative ? 0x8000 : 0;
        roundedUp = false;
        if (h == 0 && l == 0) {
            set(sign, 0);
            return;
        }
        int e = exponent;
        int up = increment(negative, h, l, drop, rounding());
        boolean carries = up == 1 && (h >>> drop) + 1 == (drop == 0 ? 0 : 1L << 64 - drop);
        if (e + (carries ? 1 : 0) < 1) {
            if ((control & UNDERFLOW) == 0) {
                flags |= UNDERFLOW;
                e += WRAP;
            } else {
                packTiny(negative, e, h, l, drop);
                return;
            }
        }
        long result = h;
        if (up >= 0) {
            flags |= PRECISION;
            result = (h >>> drop) + up << drop;
            roundedUp = up == 1;
            if (carries) {
                result = INTEGER_BIT;
                e++;
            }
        }
        if (e >= MAX) {
            overflow(negative, e, result, drop);
            return;
        }
        set(sign | e, result);
    }

    private void packTiny(boolean negative, int e, long h, long l, int drop) {
        shiftRightSticky(h, l, 1 - e);
        int up = increment(negative, hi, lo, drop, rounding());
        long result = hi;
        if (up >= 0) {
            flags |= UNDERFLOW | PRECISION;
            result = (hi >>> drop) + up << drop;
            roundedUp = up == 1;
        }
        set((negative ? 0x8000 : 0) | (result < 0 ? 1 : 0), result);
    }

    private void overflow(boolean negative, int e, long result, int drop) {
        int sign = negative ? 0x8000 : 0;
        flags |= OVERFLOW;
        if ((control & OVERFLOW) == 0) {
            set(sign | e - WRAP & MAX, result);
            return;
        }
        flags |= PRECISION;
        int mode = rounding();
        boolean infinite = mode == NEAREST || mode == (negative ? DOWN : UP);
        roundedUp = infinite;
        set(sign | (infinite ? MAX : MAX - 1), infinite ? INTEGER_BIT : -1L << drop);
    }

    private void shiftRightSticky(long h, long l, int count) {
        if (count == 0) {
            hi = h;
            lo = l;
        } else if (count < 64) {
            hi = h >>> count;
            lo = h << 64 - count | l >>> count | (l << 64 - count != 0 ? 1 : 0);
        } else if (count == 64) {
            hi = 0;
            lo = h | (l != 0 ? 1 : 0);
        } else if (count < 128) {
            hi = 0;
            lo = h >>> count - 64 | (h << 128 - count != 0 || l != 0 ? 1 : 0);
        } else {
            hi = 0;
            lo = h != 0 || l != 0 ? 1 : 0;
        }
    }

    private void normalizeAndPack(boolean negative, int exponent, long h, long l) {
        if (h == 0 && l == 0) {
            roundPack(negative, exponent, 0, 0);
            return;
        }
        int e = exponent;
        long x = h;
        long y = l;
        if (x == 0) {
            x = y;
            y = 0;
            e -= 64;
        }
        int shift = Long.numberOfLeadingZeros(x);
        if (shift > 0) {
            x = x << shift | y >>> 64 - shift;
            y <<= shift;
            e -= shift;
        }
        roundPack(negative, e, x, y);
    }

    // ---- add, multiply, divide, square root -------------------------------------------------------------------------

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
            BigInteger[] root = unsigned(significandA).shiftLeft(odd ? 130 : 129).sqrtAndRemainder();
            packBig(false, root[0], root[1].signum() != 0, (odd ? e - 1 : e) / 2 + BIAS, 96);
        }
    }

    private static BigInteger unsigned(long value) {
        return new BigInteger(Long.toUnsignedString(value));
    }

    /**
     * Packs value * 2^-scale * 2^(exponent - bias), the exact value being a little above if {@code sticky}. Any length of
     * {@code value}.
     */
    private void packBig(boolean negative, BigInteger value, boolean sticky, int exponent, int scale) {
        int length = value.bitLength();
        if (length == 0) {
            roundPack(negative, exponent, 0, sticky ? 1 : 0);
            return;
        }
        BigInteger shifted = length <= 127 ? value.shiftLeft(127 - length) : value.shiftRight(length - 127);
        boolean lost = sticky || length > 127 && value.getLowestSetBit() < length - 127;
        long high = shifted.shiftRight(63).longValue();
        long low = shifted.longValue() << 1 | (lost ? 1 : 0);
        roundPack(negative, exponent + length - 1 - scale, high, low);
    }

    // ---- comparison -------------------------------------------------------------------------------------------------

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

    // ---- conversions ------------------------------------------------------------------------------------------------

    /** A signaling NaN as result becomes quiet and signals (FLD of a narrower format). */
    public void quiet() {
        if (isSignaling(se, sig)) {
            flags |= INVALID;
            sig |= QUIET_BIT;
        }
    }

    /** From IEEE double bits; signals denormals, keeps signaling NaNs. */
    public void fromDouble(long bits) {
        fromIeee(bits < 0, (int) (bits >>> 52) & 0x7FF, bits << 12, 0x7FF, 1023);
    }

    /** From IEEE single bits. */
    public void fromFloat(int bits) {
        fromIeee(bits < 0, bits >>> 23 & 0xFF, (long) bits << 41, 0xFF, 127);
    }

    private void fromIeee(boolean negative, int e, long fraction, int max, int bias) {
        int sign = negative ? 0x8000 : 0;
        if (e == max) {
            set(sign | MAX, INTEGER_BIT | fraction >>> 1);
        } else if (e != 0) {
            set(sign | e - bias + BIAS, INTEGER_BIT | fraction >>> 1);
        } else if (fraction == 0) {
            set(sign, 0);
        } else {
            flags |= DENORMAL;
            int shift = Long.numberOfLeadingZeros(fraction);
            set(sign | -bias + BIAS - shift, fraction << shift);
        }
    }

    public void fromLong(long value) {
        if (value == 0) {
            set(0, 0);
            return;
        }
        long magnitude = Math.abs(value);
        int shift = Long.numberOfLeadingZeros(magnitude);
        set((value < 0 ? 0x8000 : 0) | BIAS + 63 - shift, magnitude << shift);
    }

    /** To IEEE double bits, rounded. */
    public long toDouble(int aSe, long aSig) {
        return toIeee(aSe, aSig, 52, 0x7FF, 1023);
    }

    /** To IEEE single bits, rounded. */
    public int toFloat(int aSe, long aSig) {
        return (int) toIeee(aSe, aSig, 23, 0xFF, 127);
    }

    private long toIeee(int aSe, long aSig, int fractionBits, int max, int bias) {
        roundedUp = false;
        long sign = negative(aSe) ? 1L << (fractionBits == 52 ? 63 : 31) : 0;
        int drop = 63 - fractionBits;
        if (isUnsupported(aSe, aSig)) {
            flags |= INVALID;
            return (fractionBits == 52 ? -1L << 51 : 0xFFC00000L);
        }
        if (isNan(aSe, aSig)) {
            if (isSignaling(aSe, aSig)) {
                flags |= INVALID;
            }
            return sign | (long) max << fractionBits | (aSig << 1 >>> 1 | QUIET_BIT) >>> drop;
        }
        if (isInfinite(aSe, aSig)) {
            return sign | (long) max << fractionBits;
        }
        if (aSig == 0) {
            return sign;
        }
        int before = flags;
        unpackA(aSe, aSig);
        flags = before; // a store does not signal a denormal source
        return roundIeee(negative(aSe), exponentA - BIAS + bias, fractionBits, max) | sign;
    }

    private long roundIeee(boolean negative, int exponent, int fractionBits, int max) {
        int drop = 63 - fractionBits;
        int e = exponent;
        int up = increment(negative, significandA, 0, drop, rounding());
        boolean carries = up == 1 && (significandA >>> drop) + 1 == 1L << fractionBits + 1;
        if (e + (carries ? 1 : 0) < 1) {
            shiftRightSticky(significandA, 0, 1 - e);
            up = increment(negative, hi, lo, drop, rounding());
            if (up >= 0 || (control & UNDERFLOW) == 0) {
                flags |= UNDERFLOW;
            }
            if (up >= 0) {
                flags |= PRECISION;
                roundedUp = up == 1;
            }
            return (hi >>> drop) + Math.max(up, 0);
        }
        if (up >= 0) {
            flags |= PRECISION;
            roundedUp = up == 1;
        }
        long fraction = (significandA >>> drop) + Math.max(up, 0);
        if (carries) {
            fraction >>>= 1;
            e++;
        }
        if (e >= max) {
            flags |= OVERFLOW | PRECISION;
            int mode = rounding();
            boolean infinite = mode == NEAREST || mode == (negative ? DOWN : UP);
            roundedUp = infinite;
            return infinite ? (long) max << fractionBits : ((long) max << fractionBits) - 1;
        }
        return (long) e << fractionBits | fraction & (1L << fractionBits) - 1;
    }

    /** To a two's complement integer of {@code bits} (16, 32, 64); out of range gives the integer indefinite and INVALID. */
    public long toInteger(int aSe, long aSig, int bits, int mode) {
        roundedUp = false;
        long indefinite = -1L << bits - 1;
        if (isUnsupported(aSe, aSig) || (aSe & MAX) == MAX) {
            flags |= INVALID;
            return indefinite;
        }
        if (aSig == 0) {
            return 0;
        }
        int e = Math.max(1, aSe & MAX) - BIAS;
        boolean negative = negative(aSe);
        if (e > 63) {
            flags |= INVALID;
            return indefinite;
        }
        int shift = 63 - e;
        shiftRightSticky(aSig, 0, Math.min(shift, 130));
        int up = increment(negative, hi, lo, 0, mode);
        long magnitude = hi + Math.max(up, 0);
        long limit = 1L << bits - 1;
        boolean tooLarge = magnitude < 0 && !(bits == 64 && negative && magnitude == Long.MIN_VALUE)
                || bits < 64 && magnitude > (negative ? limit : limit - 1)
                || up == 1 && magnitude == 0;
        if (tooLarge) {
            flags |= INVALID;
            return indefinite;
        }
        if (up >= 0) {
            flags |= PRECISION;
            roundedUp = up == 1;
        }
        return negative ? -magnitude : magnitude;
    }

    /** FRNDINT. */
    public void roundToInteger(int aSe, long aSig) {
        roundedUp = false;
        if (special(aSe, aSig)) {
            return;
        }
        int e = Math.max(1, aSe & MAX) - BIAS;
        if ((aSe & MAX) == MAX || aSig == 0 || e >= 63) {
            set(aSe, aSig);
            return;
        }
        if (isDenormal(aSe, aSig)) {
            flags |= DENORMAL;
        }
        shiftRightSticky(aSig, 0, Math.min(63 - e, 130));
        int up = increment(negative(aSe), hi, lo, 0, rounding());
        long magnitude = hi + Math.max(up, 0);
        if (up >= 0) {
            flags |= PRECISION;
            roundedUp = up == 1;
        }
        int sign = aSe & 0x8000;
        if (magnitude == 0) {
            set(sign, 0);
        } else {
            int shift = Long.numberOfLeadingZeros(magnitude);
            set(sign | BIAS + 63 - shift, magnitude << shift);
        }
    }

    // ---- remainder, scale, extract --------------------------------------------------------------------------------------

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
            set(aSe, aSig);
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

    /** FSCALE: a * 2^trunc(b). */
    public void scale(int aSe, long aSig, int bSe, long bSig) {
        roundedUp = false;
        if (special(aSe, aSig, bSe, bSig)) {
            return;
        }
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
        noteDenormal(aSe, aSig, bSe, bSig);
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

    // ---- results of functions computed with more precision ----------------------------------------------------------------

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
        if (isDenormal(signExponent, significand)) {
            flags |= DENORMAL | UNDERFLOW;
        }
        flags |= PRECISION;
        set(signExponent, significand);
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
