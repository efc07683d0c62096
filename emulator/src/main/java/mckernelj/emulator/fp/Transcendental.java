// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.fp;

import static mckernelj.emulator.fp.Extended.BIAS;
import static mckernelj.emulator.fp.Extended.MAX;
import static mckernelj.emulator.fp.Extended.isInfinite;
import static mckernelj.emulator.fp.Extended.isZero;
import static mckernelj.emulator.fp.Extended.negative;

import java.math.BigInteger;

/**
 * The x87 transcendental instructions (SDM vol. 1, section 8.3.7), computed in fixed point with at least 75 bits more than the result
 * has, then rounded once. Hardware promises an error below one unit in the last place, so single bits may differ from a given CPU.
 * Trigonometric arguments are reduced with the 66-bit pi of the hardware.
 */
public final class Transcendental {
    private static final int GUARD = 140;

    /** Arguments below 2^-TINY are their own linear approximation, to within the sticky bit. */
    private static final int TINY = 80;

    private static final int F = GUARD + TINY;

    /** pi as the hardware's argument reduction has it, times 2^66. */
    private static final BigInteger PI_66 = new BigInteger("C90FDAA22168C234C", 16);

    private final ExtendedUnit unit;

    public Transcendental(ExtendedUnit unit) {
        this.unit = unit;
    }

    // ---- fixed-point series; all values are integers times 2^-f
    // ------------------------------------------------------------

    private static BigInteger one(int f) {
        return BigInteger.ONE.shiftLeft(f);
    }

    /** 2 * artanh(n / d) = ln((d + n) / (d - n)). */
    private static BigInteger twoArtanh(BigInteger n, BigInteger d, int f) {
        BigInteger z = n.abs().shiftLeft(f).divide(d);
        BigInteger square = z.multiply(z).shiftRight(f);
        BigInteger power = z;
        BigInteger sum = z;
        for (int k = 3; power.signum() != 0; k += 2) {
            power = power.multiply(square).shiftRight(f);
            sum = sum.add(power.divide(BigInteger.valueOf(k)));
        }
        return (n.signum() < 0 ? sum.negate() : sum).shiftLeft(1);
    }

    private static BigInteger ln2(int f) {
        return twoArtanh(BigInteger.ONE, BigInteger.valueOf(3), f + 16).shiftRight(16);
    }

    private static BigInteger arctan(BigInteger x, int f) {
        BigInteger z = x;
        int doublings = 0;
        while (z.bitLength() > f - 3) {
            BigInteger root = one(2 * f).add(z.multiply(z)).sqrt();
            z = z.shiftLeft(f).divide(one(f).add(root));
            doublings++;
        }
        BigInteger square = z.multiply(z).shiftRight(f);
        BigInteger power = z;
        BigInteger sum = z;
        for (int k = 3; power.signum() != 0; k += 2) {
            power = power.multiply(square).shiftRight(f).negate();
            sum = sum.add(power.divide(BigInteger.valueOf(k)));
        }
        return sum.shiftLeft(doublings);
    }

    private static BigInteger pi(int f) {
        return arctan(one(f + 16), f + 16).shiftRight(14);
    }

    /** Sum of x^k / k! for k = first, first + step, ...; signs alternate if {@code alternate}. */
    private static BigInteger exponentialSeries(BigInteger x, int first, int step, boolean alternate, int f) {
        BigInteger term = first == 0 ? one(f) : x;
        BigInteger sum = term;
        for (int k = first; term.signum() != 0; k += step) {
            for (int j = 1; j <= step; j++) {
                term = term.multiply(x).shiftRight(f).divide(BigInteger.valueOf(k + j));
            }
            if (alternate) {
                term = term.negate();
            }
            sum = sum.add(term);
        }
        return sum;
    }

    /** Significand s with exponent e (value s * 2^(e - 63)) in fixed point. */
    private static BigInteger fixed(BigInteger s, int e, int f) {
        int shift = f + e - 63;
        return shift >= 0 ? s.shiftLeft(shift) : s.shiftRight(-shift);
    }

    // ---- instructions
    // -------------------------------------------------------------------------------------------------------

    /** F2XM1: 2^x - 1 for -1 <= x <= 1; other values are returned unchanged (undefined in the SDM). */
    public void twoToXMinus1(int se, long sig) {
        unit.roundedUp = false;
        if (unit.specialOperands(se, sig, 0, 0)) {
            return;
        }
        if (isZero(se, sig)) {
            unit.set(se, sig);
            return;
        }
        if (isInfinite(se, sig)) {
            unit.set(negative(se) ? 0x8000 | BIAS : se, sig);
            return;
        }
        int e = unit.unpack(se, sig);
        if (e >= 0) {
            boolean one = e == 0 && sig == Extended.INTEGER_BIT;
            unit.flags |= Extended.PRECISION;
            unit.set(one && negative(se) ? 0x8000 | BIAS - 1 : se, sig);
            return;
        }
        if (e < -TINY) {
            unit.packInexact(negative(se), unit.unpackedSignificand().multiply(ln2(F)), F + 63 - e);
            return;
        }
        int f = F;
        BigInteger t = fixed(unit.unpackedSignificand(), e, f).multiply(ln2(f)).shiftRight(f);
        BigInteger result = exponentialSeries(negative(se) ? t.negate() : t, 1, 1, false, f);
        unit.packInexact(result.signum() < 0, result.abs(), f);
    }

    /** FYL2X: y * log2(x). */
    public void yLog2X(int ySe, long ySig, int xSe, long xSig) {
        unit.roundedUp = false;
        if (unit.specialOperands(xSe, xSig, ySe, ySig)) {
            return;
        }
        noteDenormals(ySe, ySig, xSe, xSig);
        boolean xOne = xSe == BIAS && xSig == Extended.INTEGER_BIT;
        if (negative(xSe) && !isZero(xSe, xSig)) {
            unit.invalidResult();
        } else if (isZero(xSe, xSig)) {
            logOfZero(ySe, ySig);
        } else if (isInfinite(xSe, xSig)) {
            infiniteTimes(false, ySe, ySig);
        } else if (isInfinite(ySe, ySig)) {
            infiniteTimes(xOne ? null : (xSe & MAX) < BIAS, ySe);
        } else if (xOne || isZero(ySe, ySig)) {
            boolean below = (xSe & MAX) < BIAS;
            unit.set((below ? 0x8000 : 0) ^ ySe & 0x8000, 0);
        } else {
            int e = unit.unpack(xSe, xSig);
            BigInteger m = unit.unpackedSignificand();
            boolean exact = m.getLowestSetBit() == 63;
            multiplyByY(ySe, ySig, log2(m, e), F, exact);
            // though it may be exact
            unit.flags |= Extended.PRECISION | (Extended.isDenormal(unit.se, unit.sig) ? Extended.UNDERFLOW : 0);
        }
    }

    /** log2(m * 2^(e + 1 - length of m)) times 2^F. */
    private static BigInteger log2(BigInteger m, int e) {
        int length = m.bitLength();
        boolean upper = m.testBit(length - 2); // above 1.5: use m / 2 to stay close to one
        BigInteger one = BigInteger.ONE.shiftLeft(upper ? length : length - 1);
        BigInteger log =
                twoArtanh(m.subtract(one), m.add(one), F + 16).shiftLeft(F).divide(ln2(F + 16));
        return log.add(BigInteger.valueOf(upper ? e + 1 : e).shiftLeft(F));
    }

    private void logOfZero(int ySe, long ySig) {
        if (isZero(ySe, ySig)) {
            unit.invalidResult();
        } else if (isInfinite(ySe, ySig)) {
            unit.set(ySe ^ 0x8000, ySig);
        } else {
            unit.flags = unit.flags & ~Extended.DENORMAL | Extended.ZERO_DIVIDE;
            unit.set(~ySe & 0x8000 | MAX, Extended.INTEGER_BIT);
        }
    }

    private void infiniteTimes(boolean negative, int ySe, long ySig) {
        if (isZero(ySe, ySig)) {
            unit.invalidResult();
        } else {
            unit.set((negative ? 0x8000 : 0) ^ ySe & 0x8000 | MAX, Extended.INTEGER_BIT);
        }
    }

    /** Infinite y times a logarithm of the given sign; null: the logarithm is zero. */
    private void infiniteTimes(Boolean negative, int ySe) {
        if (negative == null) {
            unit.invalidResult();
        } else {
            unit.set((negative ? 0x8000 : 0) ^ ySe & 0x8000 | MAX, Extended.INTEGER_BIT);
        }
    }

    private void multiplyByY(int ySe, long ySig, BigInteger log, int f, boolean exact) {
        int e = unit.unpack(ySe, ySig);
        BigInteger product = log.abs().multiply(unit.unpackedSignificand());
        boolean negative = log.signum() < 0 != negative(ySe);
        // product * 2^-(f + 63) * 2^e
        if (exact) {
            unit.packExact(negative, product, f + 63 - e);
        } else {
            unit.packInexact(negative, product, f + 63 - e);
        }
    }

    /** FYL2XP1: y * log2(x + 1), for |x| below 1 - sqrt(1/2). */
    public void yLog2XPlus1(int ySe, long ySig, int xSe, long xSig) {
        unit.roundedUp = false;
        if (unit.specialOperands(xSe, xSig, ySe, ySig)) {
            return;
        }
        noteDenormals(ySe, ySig, xSe, xSig);
        if (isZero(xSe, xSig)) {
            if (isInfinite(ySe, ySig)) {
                unit.invalidResult();
            } else {
                unit.set(xSe & 0x8000 ^ ySe & 0x8000, 0);
            }
            return;
        }
        if (isInfinite(xSe, xSig)) {
            if (negative(xSe)) {
                unit.invalidResult();
            } else {
                infiniteTimes(false, ySe, ySig);
            }
            return;
        }
        if (negative(xSe) && (xSe & MAX) >= BIAS && !isInfinite(ySe, ySig)) {
            // undefined in the SDM; what processors do
            if (isZero(ySe, ySig)) {
                unit.set(xSe & 0x8000 ^ ySe & 0x8000, 0);
            } else {
                unit.flags |= Extended.PRECISION;
                unit.set(xSe, xSig);
            }
            return;
        }
        if (isInfinite(ySe, ySig)) {
            infiniteTimes(negative(xSe), ySe);
            return;
        }
        if (isZero(ySe, ySig)) {
            unit.set(xSe & 0x8000 ^ ySe & 0x8000, 0);
            return;
        }
        int e = unit.unpack(xSe, xSig);
        int f = F;
        if (e < -TINY) {
            BigInteger linear = unit.unpackedSignificand().shiftLeft(2 * f).divide(ln2(f));
            BigInteger log = negative(xSe) ? linear.negate() : linear.subtract(BigInteger.ONE);
            multiplyByY(ySe, ySig, log, f + 63 - e, false);
            return;
        }
        if (e >= -1) { // beyond the documented range, or close to it
            BigInteger whole = unit.unpackedSignificand();
            int unitBit = 63 - e;
            if (unitBit >= 0) {
                whole = negative(xSe)
                        ? BigInteger.ONE.shiftLeft(unitBit).subtract(whole)
                        : whole.add(BigInteger.ONE.shiftLeft(unitBit));
            }
            multiplyByY(ySe, ySig, log2(whole, e + whole.bitLength() - 64), f, false);
            return;
        }
        BigInteger x = fixed(unit.unpackedSignificand(), e, f);
        if (negative(xSe)) {
            x = x.negate();
        }
        BigInteger ln = twoArtanh(x, x.add(one(f + 1)), f);
        multiplyByY(ySe, ySig, ln.shiftLeft(f).divide(ln2(f)), f, false);
    }

    private void noteDenormals(int ySe, long ySig, int xSe, long xSig) {
        if (Extended.isDenormal(xSe, xSig) || Extended.isDenormal(ySe, ySig)) {
            unit.flags |= Extended.DENORMAL;
        }
    }

    /** FPATAN: arctan(y / x) in the quadrant of the point (x, y). */
    public void arctan(int ySe, long ySig, int xSe, long xSig) {
        unit.roundedUp = false;
        if (unit.specialOperands(xSe, xSig, ySe, ySig)) {
            return;
        }
        noteDenormals(ySe, ySig, xSe, xSig);
        boolean left = negative(xSe);
        boolean below = negative(ySe);
        boolean xInfinite = isInfinite(xSe, xSig);
        boolean yInfinite = isInfinite(ySe, ySig);
        int f = F;
        if (yInfinite || xInfinite) {
            int eighths = yInfinite ? (xInfinite ? (left ? 3 : 1) : 2) : left ? 4 : 0;
            multipleOfPi(below, eighths, f);
        } else if (isZero(ySe, ySig)) {
            multipleOfPi(below, left ? 4 : 0, f);
        } else if (isZero(xSe, xSig)) {
            multipleOfPi(below, 2, f);
        } else {
            arctanOfRatio(ySe, ySig, xSe, xSig);
        }
    }

    private void multipleOfPi(boolean negative, int quarters, int f) {
        if (quarters == 0) {
            unit.set(negative ? 0x8000 : 0, 0);
        } else {
            unit.packInexact(negative, pi(f).multiply(BigInteger.valueOf(quarters)), f + 2);
        }
    }

    private void arctanOfRatio(int ySe, long ySig, int xSe, long xSig) {
        int ey = unit.unpack(ySe, ySig);
        BigInteger y = unit.unpackedSignificand();
        int ex = unit.unpack(xSe, xSig);
        BigInteger x = unit.unpackedSignificand();
        int difference = ey - ex;
        boolean steep = difference > 0 || difference == 0 && y.compareTo(x) > 0;
        BigInteger n = steep ? x : y;
        BigInteger d = steep ? y : x;
        if (Math.abs(difference) > TINY) {
            boolean left = negative(xSe);
            if (steep || left) {
                BigInteger multiple = steep ? pi(F).shiftRight(1) : pi(F);
                unit.packInexact(negative(ySe), steep && left ? multiple : multiple.subtract(BigInteger.ONE), F);
            } else {
                BigInteger quotient = n.shiftLeft(F).divide(d).subtract(BigInteger.ONE);
                unit.packInexact(negative(ySe), quotient, F + Math.abs(difference));
            }
            return;
        }
        int f = F + 8;
        BigInteger ratio = n.shiftLeft(f).divide(d).shiftRight(Math.abs(difference));
        BigInteger angle = arctan(ratio, f);
        if (steep) {
            angle = pi(f).shiftRight(1).subtract(angle);
        }
        if (negative(xSe)) {
            angle = pi(f).subtract(angle);
        }
        unit.packInexact(negative(ySe), angle, f);
    }

    /** Results of {@link #reduce}: the remainder in fixed point and the number of quarter turns. */
    private BigInteger remainder;

    private int quarterTurns;
    private int fraction;

    /** Reduces a finite argument below 2^63 to [-pi/4, pi/4]. */
    private void reduce(int se, long sig) {
        int e = unit.unpack(se, sig);
        int exact = Math.max(68, 63 - e);
        BigInteger x = fixed(unit.unpackedSignificand(), e, exact);
        BigInteger half = PI_66.shiftLeft(exact - 67);
        BigInteger[] parts = x.add(half.shiftRight(1)).divideAndRemainder(half);
        BigInteger rest = parts[1].subtract(half.shiftRight(1));
        quarterTurns = parts[0].intValue() & 3;
        if (negative(se)) {
            rest = rest.negate();
            quarterTurns = -quarterTurns & 3;
        }
        fraction = exact + GUARD + Math.max(0, exact - rest.bitLength());
        remainder = rest.shiftLeft(fraction - exact);
    }

    private BigInteger sine() {
        return exponentialSeries(remainder, 1, 2, true, fraction);
    }

    private BigInteger cosine() {
        return exponentialSeries(remainder, 0, 2, true, fraction);
    }

    /** True if |x| >= 2^63: the instruction sets C2 and leaves its operand. */
    public static boolean outOfRange(int se) {
        int e = se & MAX;
        return e != MAX && e >= BIAS + 63;
    }

    private static boolean tiny(int se) {
        return (se & MAX) < BIAS - TINY;
    }

    public void sin(int se, long sig) {
        trigonometric(se, sig, 0);
    }

    public void cos(int se, long sig) {
        trigonometric(se, sig, 1);
    }

    private void trigonometric(int se, long sig, int ahead) {
        unit.roundedUp = false;
        if (unit.specialOperands(se, sig, 0, 0)) {
            return;
        }
        if (isInfinite(se, sig)) {
            unit.invalidResult();
        } else if (isZero(se, sig)) {
            unit.set(ahead == 1 ? BIAS : se, ahead == 1 ? Extended.INTEGER_BIT : 0);
        } else {
            if (tiny(se)) {
                unit.flags |= Extended.isDenormal(se, sig) ? Extended.DENORMAL : 0;
                unit.inexactly(ahead == 1 ? BIAS : se, ahead == 1 ? Extended.INTEGER_BIT : sig);
                return;
            }
            reduce(se, sig);
            int turn = quarterTurns + ahead & 3;
            BigInteger value = (turn & 1) == 0 ? sine() : cosine();
            if (turn >= 2) {
                value = value.negate();
            }
            unit.packInexact(value.signum() < 0, value.abs(), fraction);
        }
    }

    public void tan(int se, long sig) {
        unit.roundedUp = false;
        if (unit.specialOperands(se, sig, 0, 0)) {
            return;
        }
        if (isInfinite(se, sig)) {
            unit.invalidResult();
        } else if (isZero(se, sig)) {
            unit.set(se, sig);
        } else {
            if (tiny(se)) {
                unit.inexactly(se, sig);
                return;
            }
            reduce(se, sig);
            BigInteger sine = sine();
            BigInteger cosine = cosine();
            BigInteger value = (quarterTurns & 1) == 0
                    ? sine.shiftLeft(fraction).divide(cosine)
                    : cosine.negate().shiftLeft(fraction).divide(sine);
            unit.packInexact(value.signum() < 0, value.abs(), fraction);
        }
    }
}
