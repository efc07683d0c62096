// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.X86Fault;
import mckernelj.emulator.isa.Encoding;

/** MUL, IMUL, DIV, IDIV (SDM vol. 1, 5.1.2), with the double-width accumulator AX, DX:AX, EDX:EAX, RDX:RAX. */
public final class MultiplyDivide {
    private MultiplyDivide() {}

    private static final long LOW = 0xFFFFFFFFL;

    // ---- multiplication: CF = OF = the upper half matters; SF, PF of the low half and ZF = AF = 0 as processors give
    // them ---------

    @Encoding({"F6 /4 MUL Eb", "F7 /4 MUL Ev"})
    static void mul(Cpu cpu, int width, long factor) {
        long low;
        long high;
        if (width == 64) {
            long a = cpu.r[Cpu.RAX];
            low = a * factor;
            high = multiplyHighUnsigned(a, factor);
        } else {
            long mask = (1L << width) - 1;
            low = (cpu.r[Cpu.RAX] & mask) * (factor & mask);
            high = low >>> width;
        }
        setProduct(cpu, width, low, high);
        setMultiplyFlags(cpu, width, low, high != 0);
    }

    @Encoding({"F6 /5 IMUL Eb", "F7 /5 IMUL Ev"})
    static void imulAccumulator(Cpu cpu, int width, long factor) {
        long a = cpu.register(width, Cpu.RAX);
        long low = a * factor;
        long high = width == 64 ? Math.multiplyHigh(a, factor) : low >> width;
        setProduct(cpu, width, low, high);
        setMultiplyFlags(cpu, width, low, overflows(width, low, high));
    }

    @Encoding({"0F AF /r IMUL Gv, Ev"})
    static long imul(Cpu cpu, int width, long a, long b) {
        return multiply(cpu, width, a, b);
    }

    @Encoding({"69 /r IMUL Gv, Ev, Iz", "6B /r IMUL Gv, Ev, Ib"})
    static long imulImmediate(Cpu cpu, int width, long a, long b) {
        return multiply(cpu, width, a, b);
    }

    private static long multiply(Cpu cpu, int width, long a, long b) {
        long low = a * b;
        long high = width == 64 ? Math.multiplyHigh(a, b) : low >> width;
        setMultiplyFlags(cpu, width, low, overflows(width, low, high));
        return low;
    }

    /** True unless the product is the sign extension of its lower half. */
    private static boolean overflows(int width, long low, long high) {
        return high != low << (64 - width) >> 63;
    }

    private static void setMultiplyFlags(Cpu cpu, int width, long low, boolean overflow) {
        int flags = FlagBits.ofResult(width, low) & ~Cpu.ZF;
        cpu.setStatusFlags(overflow ? flags | Cpu.CF | Cpu.OF : flags);
    }

    private static void setProduct(Cpu cpu, int width, long low, long high) {
        if (width == 8) {
            cpu.setRegister(16, Cpu.RAX, low);
        } else {
            cpu.setRegister(width, Cpu.RAX, low);
            cpu.setRegister(width, Cpu.RDX, high);
        }
    }

    private static long multiplyHighUnsigned(long a, long b) {
        return Math.multiplyHigh(a, b) + (a >> 63 & b) + (b >> 63 & a);
    }

    // ---- division: #DE if the divisor is zero or the quotient does not fit; flags are left alone
    // ---------------------------------

    @Encoding({"F6 /6 DIV Eb", "F7 /6 DIV Ev"})
    static void div(Cpu cpu, int width, long divisor) {
        if (width == 64) {
            divideUnsigned128(cpu, divisor);
            return;
        }
        long mask = (1L << width) - 1;
        long d = divisor & mask;
        long n = dividend(cpu, width);
        // The quotient fits exactly if the upper half of the dividend is less than the divisor.
        if (n >>> width >= d) {
            throw cpu.raise(X86Fault.DE);
        }
        long quotient = Long.divideUnsigned(n, d);
        setQuotient(cpu, width, quotient, n - quotient * d);
    }

    @Encoding({"F6 /7 IDIV Eb", "F7 /7 IDIV Ev"})
    static void idiv(Cpu cpu, int width, long divisor) {
        if (divisor == 0) {
            throw cpu.raise(X86Fault.DE);
        }
        if (width == 64) {
            divideSigned128(cpu, divisor);
            return;
        }
        int unused = 64 - 2 * width;
        long n = dividend(cpu, width) << unused >> unused;
        long quotient = n / divisor;
        // MIN / -1 wraps in Java and fails the range check for every width (for 32 bits as MIN of 64).
        if (quotient << (64 - width) >> (64 - width) != quotient) {
            throw cpu.raise(X86Fault.DE);
        }
        setQuotient(cpu, width, quotient, n - quotient * divisor);
    }

    private static long dividend(Cpu cpu, int width) {
        if (width == 8) {
            return cpu.r[Cpu.RAX] & 0xFFFF;
        }
        long mask = (1L << width) - 1;
        return (cpu.r[Cpu.RDX] & mask) << width | cpu.r[Cpu.RAX] & mask;
    }

    private static void setQuotient(Cpu cpu, int width, long quotient, long remainder) {
        if (width == 8) {
            cpu.setRegister(16, Cpu.RAX, remainder << 8 | quotient & 0xFF);
        } else {
            cpu.setRegister(width, Cpu.RAX, quotient);
            cpu.setRegister(width, Cpu.RDX, remainder);
        }
    }

    private static void divideUnsigned128(Cpu cpu, long divisor) {
        long[] r = cpu.r;
        long high = r[Cpu.RDX];
        long low = r[Cpu.RAX];
        if (Long.compareUnsigned(high, divisor) >= 0) {
            throw cpu.raise(X86Fault.DE);
        }
        long quotient = high == 0 ? Long.divideUnsigned(low, divisor) : quotient128(high, low, divisor);
        r[Cpu.RAX] = quotient;
        r[Cpu.RDX] = low - quotient * divisor;
    }

    private static void divideSigned128(Cpu cpu, long divisor) {
        long[] r = cpu.r;
        long high = r[Cpu.RDX];
        long low = r[Cpu.RAX];
        long quotient;
        if (high == low >> 63 && !(low == Long.MIN_VALUE && divisor == -1)) {
            quotient = low / divisor;
        } else {
            quotient = signedQuotient128(cpu, high, low, divisor);
        }
        r[Cpu.RAX] = quotient;
        r[Cpu.RDX] = low - quotient * divisor;
    }

    private static long signedQuotient128(Cpu cpu, long high, long low, long divisor) {
        boolean negative = (high ^ divisor) < 0;
        long absoluteHigh = high;
        long absoluteLow = low;
        if (high < 0) {
            absoluteLow = -low;
            absoluteHigh = ~high + (low == 0 ? 1 : 0);
        }
        long absoluteDivisor = Math.abs(divisor);
        if (Long.compareUnsigned(absoluteHigh, absoluteDivisor) >= 0) {
            throw cpu.raise(X86Fault.DE);
        }
        long magnitude = quotient128(absoluteHigh, absoluteLow, absoluteDivisor);
        long quotient = negative ? -magnitude : magnitude;
        if (magnitude < 0 && quotient != Long.MIN_VALUE || !negative && magnitude < 0) {
            throw cpu.raise(X86Fault.DE);
        }
        return quotient;
    }

    /** Unsigned high:low / divisor for high < divisor, digit by digit in base 2^32 (Knuth, TAOCP vol. 2, algorithm D). */
    private static long quotient128(long high, long low, long divisor) {
        int shift = Long.numberOfLeadingZeros(divisor);
        long d = divisor << shift;
        long n = shift == 0 ? high : high << shift | low >>> (64 - shift);
        long rest = low << shift;
        long q1 = digit(n, rest >>> 32, d);
        long n1 = (n << 32 | rest >>> 32) - q1 * d;
        long q0 = digit(n1, rest & LOW, d);
        return q1 << 32 | q0;
    }

    /** One base 2^32 digit of (n : next) / d, d normalised and n < d. */
    private static long digit(long n, long next, long d) {
        long dHigh = d >>> 32;
        long dLow = d & LOW;
        long q = Long.divideUnsigned(n, dHigh);
        long r = n - q * dHigh;
        while (q > LOW || Long.compareUnsigned(q * dLow, r << 32 | next) > 0) {
            q--;
            r += dHigh;
            if (r > LOW) {
                break;
            }
        }
        return q;
    }
}
