// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.fp;

import static mckernelj.emulator.fp.Extended.*;

import java.math.BigInteger;

/** Result, exceptions and rounding of the x87 unit (SDM vol. 1, sections 4.8.4 and 8.5). */
abstract class ExtendedRounding {
    private static final int WRAP = 24576;

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
    int exponentA;
    long significandA;
    int exponentB;
    long significandB;

    // 128-bit scratch
    long hi;
    long lo;

    public void set(int signExponent, long significand) {
        se = signExponent;
        sig = significand;
    }

    void invalid() {
        flags = flags & ~DENORMAL | INVALID;
        set(NAN_SE, NAN_SIG);
    }

    /** Handles unsupported and NaN operands; true if the result is set. */
    boolean special(int aSe, long aSig, int bSe, long bSig) {
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

    boolean special(int aSe, long aSig) {
        return special(aSe, aSig, 0, 0);
    }

    void unpackA(int aSe, long aSig) {
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

    void unpackB(int bSe, long bSig) {
        int e = exponentA;
        long s = significandA;
        unpackA(bSe, bSig);
        exponentB = exponentA;
        significandB = significandA;
        exponentA = e;
        significandA = s;
    }

    int rounding() {
        return control >> 10 & 3;
    }

    /** Bits of the significand that the precision control drops. */
    int drop() {
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
    static int increment(boolean negative, long hi, long lo, int drop, int mode) {
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
    void roundPack(boolean negative, int e, long h, long l) {
        roundPack(negative, e, h, l, drop());
    }

    void roundPack(boolean negative, int exponent, long h, long l, int drop) {
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
                if (e < 1) {
                    flags |= PRECISION; // FSCALE, far too small
                    set(sign, 0);
                    return;
                }
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

    void packTiny(boolean negative, int e, long h, long l, int drop) {
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

    void overflow(boolean negative, int e, long result, int drop) {
        int sign = negative ? 0x8000 : 0;
        flags |= OVERFLOW;
        if ((control & OVERFLOW) == 0) {
            unmaskedOverflow(sign, e - WRAP, result);
            return;
        }
        flags |= PRECISION;
        int mode = rounding();
        boolean infinite = mode == NEAREST || mode == (negative ? DOWN : UP);
        roundedUp = infinite;
        set(sign | (infinite ? MAX : MAX - 1), infinite ? INTEGER_BIT : -1L << drop);
    }

    private void unmaskedOverflow(int sign, int wrapped, long result) {
        if (wrapped < MAX) {
            set(sign | wrapped, result);
        } else {
            flags |= PRECISION; // FSCALE, far too large
            roundedUp = true;
            set(sign | MAX, INTEGER_BIT);
        }
    }

    void shiftRightSticky(long h, long l, int count) {
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

    void normalizeAndPack(boolean negative, int exponent, long h, long l) {
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

    static BigInteger unsigned(long value) {
        return new BigInteger(Long.toUnsignedString(value));
    }

    /**
     * Packs value * 2^-scale * 2^(exponent - bias), the exact value being a little above if {@code sticky}. Any length of
     * {@code value}.
     */
    void packBig(boolean negative, BigInteger value, boolean sticky, int exponent, int scale) {
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
}
