// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.fp;

import static mckernelj.emulator.fp.Extended.*;

/** Conversions between the extended format, IEEE single and double, and integers. */
abstract class ExtendedConversion extends ExtendedRounding {
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
}
