// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static mckernelj.emulator.isa.semantics.X87Stack.*;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.CpuFeature;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.cpu.X86Fault;
import mckernelj.emulator.cpu.X87;
import mckernelj.emulator.fp.Extended;
import mckernelj.emulator.isa.Encoding;

/** x87 data transfer and constants: FLD, FST, FILD, FIST, FISTTP, FBLD, FBSTP, FXCH, FCMOVcc, FLD1 ... */
final class X87Load {
    private X87Load() {}

    @Encoding(value = "D9 /0:mem FLD Md", feature = CpuFeature.FPU)
    static void fld32(Cpu cpu, long bits, Op op) {
        X87 x = begin(cpu, op);
        x.unit.fromFloat((int) bits);
        x.unit.quiet();
        pushConverted(x);
    }

    @Encoding(value = "DD /0:mem FLD Mq", feature = CpuFeature.FPU)
    static void fld64(Cpu cpu, long bits, Op op) {
        X87 x = begin(cpu, op);
        x.unit.fromDouble(bits);
        x.unit.quiet();
        pushConverted(x);
    }

    /** A denormal number is reported, even unmasked, and loaded. */
    private static void pushConverted(X87 x) {
        boolean denormal = (x.unit.flags & ~x.control & Extended.DENORMAL) != 0 && isEmpty(x, 7);
        push(x);
        if (denormal) {
            x.top = x.top - 1 & 7;
            setResult(x, 0);
        }
    }

    @Encoding(value = "DB /5:mem FLD M", feature = CpuFeature.FPU)
    static void fld80(Cpu cpu, long linear, Op op) {
        cpu.checkX87();
        long sig = cpu.load64(linear);
        int se = (int) cpu.load16(linear + 8) & 0xFFFF;
        X87 x = begin(cpu, op);
        x.unit.set(se, sig);
        push(x);
    }

    @Encoding(value = "D9 /0:reg FLD STi", feature = CpuFeature.FPU)
    static void fldRegister(Cpu cpu, int i, Op op) {
        X87 x = begin(cpu, op);
        if (operands(x, i & 7, i & 7)) {
            x.unit.set(se(x, i & 7), sig(x, i & 7));
            push(x);
        } else if (report(x)) {
            x.top = x.top - 1 & 7;
            setResult(x, 0);
        }
    }

    @Encoding(
            value = {"DF /0:mem FILD Mw", "DB /0:mem FILD Md", "DF /5:mem FILD Mq"},
            feature = CpuFeature.FPU)
    static void fild(Cpu cpu, long value, Op op) {
        X87 x = begin(cpu, op);
        x.unit.fromLong(value);
        push(x);
    }

    @Encoding(
            value = {"D9 /2:mem FST M", "D9 /3:mem FSTP M"},
            feature = CpuFeature.FPU)
    static void fst32(Cpu cpu, long linear, Op op) {
        X87 x = beginStore(cpu, op);
        int bits = operands(x, 0, 0) ? x.unit.toFloat(se(x, 0), sig(x, 0)) : 0xFFC00000;
        if (reportStore(cpu, linear, 4)) {
            cpu.store32(linear, bits);
            popIf(x, op, 3);
        }
    }

    @Encoding(
            value = {"DD /2:mem FST M", "DD /3:mem FSTP M"},
            feature = CpuFeature.FPU)
    static void fst64(Cpu cpu, long linear, Op op) {
        X87 x = beginStore(cpu, op);
        long bits = operands(x, 0, 0) ? x.unit.toDouble(se(x, 0), sig(x, 0)) : -1L << 51;
        if (reportStore(cpu, linear, 8)) {
            cpu.store64(linear, bits);
            popIf(x, op, 3);
        }
    }

    @Encoding(value = "DB /7:mem FSTP M", feature = CpuFeature.FPU)
    static void fstp80(Cpu cpu, long linear, Op op) {
        X87 x = beginStore(cpu, op);
        if (operands(x, 0, 0)) {
            x.unit.set(se(x, 0), sig(x, 0));
        }
        if (reportStore(cpu, linear, 10)) {
            cpu.store64(linear, x.unit.sig);
            cpu.store16(linear + 8, x.unit.se);
            pop(x);
        }
    }

    @Encoding(
            value = {"DD /2:reg FST STi", "DD /3:reg FSTP STi"},
            feature = CpuFeature.FPU)
    static void fstRegister(Cpu cpu, int i, Op op) {
        X87 x = begin(cpu, op);
        if (operands(x, 0, 0)) {
            x.unit.set(se(x, 0), sig(x, 0));
        }
        if (report(x)) {
            setResult(x, i & 7);
            popIf(x, op, 3);
        }
    }

    /** Aliases of FSTP ST(i) that no manual has. */
    @Encoding(
            value = {"DF /2:reg FSTP8 STi", "DF /3:reg FSTP9 STi"},
            feature = CpuFeature.FPU)
    static void fstpAlias(Cpu cpu, int i, Op op) {
        X87 x = begin(cpu, op);
        if (operands(x, 0, 0)) {
            x.unit.set(se(x, 0), sig(x, 0));
        }
        if (report(x)) {
            setResult(x, i & 7);
            pop(x);
        }
    }

    /** One that does not mind an empty register. */
    @Encoding(value = "D9 /3:reg FSTP1 STi", feature = CpuFeature.FPU)
    static void fstpUnchecked(Cpu cpu, int i, Op op) {
        X87 x = begin(cpu, op);
        if (!isEmpty(x, 0)) {
            set(x, i & 7, se(x, 0), sig(x, 0));
        }
        x.status &= ~C1;
        pop(x);
    }

    /** Unmasked exceptions but that of precision keep a store from happening, and then memory is not looked at. */
    private static boolean reportStore(Cpu cpu, long linear, int bytes) {
        X87 x = cpu.x87;
        boolean stores = (x.unit.flags & ~x.control & ~(Extended.PRECISION | STACK_FAULT)) == 0;
        if (!stores) {
            x.unit.flags &= ~Extended.PRECISION;
            x.unit.roundedUp = false;
        } else {
            cpu.checkWrite(linear, Math.min(bytes, 8));
            if (bytes > 8) {
                cpu.checkWrite(linear + 8, bytes - 8);
            }
        }
        x.keepInstructionPointer();
        return report(x) && stores;
    }

    private static void popIf(X87 x, Op op, int digit) {
        if ((op.reg & 7) == digit) {
            pop(x);
        }
    }

    private static void storeInteger(Cpu cpu, Op op, long linear, int bits, boolean truncate, boolean pops) {
        X87 x = beginStore(cpu, op);
        int mode = truncate ? Extended.TRUNCATE : x.control >> 10 & 3;
        long value = operands(x, 0, 0) ? x.unit.toInteger(se(x, 0), sig(x, 0), bits, mode) : -1L << bits - 1;
        if (reportStore(cpu, linear, bits / 8)) {
            cpu.store(bits, linear, value);
            if (pops) {
                pop(x);
            }
        }
    }

    @Encoding(
            value = {"DF /2:mem FIST M", "DF /3:mem FISTP M"},
            feature = CpuFeature.FPU)
    static void fist16(Cpu cpu, long linear, Op op) {
        storeInteger(cpu, op, linear, 16, false, (op.reg & 7) == 3);
    }

    @Encoding(
            value = {"DB /2:mem FIST M", "DB /3:mem FISTP M"},
            feature = CpuFeature.FPU)
    static void fist32(Cpu cpu, long linear, Op op) {
        storeInteger(cpu, op, linear, 32, false, (op.reg & 7) == 3);
    }

    @Encoding(value = "DF /7:mem FISTP M", feature = CpuFeature.FPU)
    static void fistp64(Cpu cpu, long linear, Op op) {
        storeInteger(cpu, op, linear, 64, false, true);
    }

    @Encoding(value = "DF /1:mem FISTTP M", feature = CpuFeature.SSE3)
    static void fisttp16(Cpu cpu, long linear, Op op) {
        storeInteger(cpu, op, linear, 16, true, true);
    }

    @Encoding(value = "DB /1:mem FISTTP M", feature = CpuFeature.SSE3)
    static void fisttp32(Cpu cpu, long linear, Op op) {
        storeInteger(cpu, op, linear, 32, true, true);
    }

    @Encoding(value = "DD /1:mem FISTTP M", feature = CpuFeature.SSE3)
    static void fisttp64(Cpu cpu, long linear, Op op) {
        storeInteger(cpu, op, linear, 64, true, true);
    }

    /** Packed decimal: 18 digits in nine bytes, sign in the tenth. */
    @Encoding(value = "DF /4:mem FBLD M", feature = CpuFeature.FPU)
    static void fbld(Cpu cpu, long linear, Op op) {
        cpu.checkX87();
        long value = 0;
        cpu.load64(linear);
        int sign = (int) cpu.load8(linear + 9) & 0x80;
        for (int i = 8; i >= 0; i--) {
            int b = (int) cpu.load8(linear + i) & 0xFF;
            value = value * 100 + (b >> 4) * 10L + (b & 15);
        }
        X87 x = begin(cpu, op);
        x.unit.fromLong(value);
        x.unit.se |= sign << 8;
        push(x);
    }

    @Encoding(value = "DF /6:mem FBSTP M", feature = CpuFeature.FPU)
    static void fbstp(Cpu cpu, long linear, Op op) {
        X87 x = beginStore(cpu, op);
        final long limit = 1_000_000_000_000_000_000L;
        boolean invalid = !operands(x, 0, 0);
        int sign = se(x, 0) & 0x8000;
        long value = invalid ? 0 : x.unit.toInteger(se(x, 0) & 0x7FFF, sig(x, 0), 64, decimalMode(x, sign != 0));
        if (!invalid && ((x.unit.flags & Extended.INVALID) != 0 || value >= limit)) {
            x.unit.flags = Extended.INVALID;
            x.unit.roundedUp = false;
            invalid = true;
        }
        if (!reportStore(cpu, linear, 10)) {
            return;
        }
        if (invalid) {
            cpu.store64(linear, 0xC000000000000000L);
            cpu.store16(linear + 8, 0xFFFF);
        } else {
            for (int i = 0; i < 9; i++) {
                cpu.store8(linear + i, value % 10 | value / 10 % 10 << 4);
                value /= 100;
            }
            cpu.store8(linear + 9, sign >> 8);
        }
        pop(x);
    }

    /** The rounding mode for a magnitude: down and up swap for negative numbers. */
    private static int decimalMode(X87 x, boolean negative) {
        int mode = x.control >> 10 & 3;
        return negative && (mode == Extended.DOWN || mode == Extended.UP) ? 3 - mode : mode;
    }

    @Encoding(
            value = {"D9 /1:reg FXCH STi", "DD /1:reg FXCH4 STi", "DF /1:reg FXCH7 STi"},
            feature = CpuFeature.FPU)
    static void fxch(Cpu cpu, int n, Op op) {
        X87 x = begin(cpu, op);
        int i = n & 7;
        boolean fine = operands(x, 0, i);
        if (!report(x)) {
            return;
        }
        if (!fine) {
            if (isEmpty(x, 0)) {
                setResult(x, 0);
            }
            if (isEmpty(x, i)) {
                setResult(x, i);
            }
        }
        int se = se(x, 0);
        long sig = sig(x, 0);
        set(x, 0, se(x, i), sig(x, i));
        set(x, i, se, sig);
    }

    private static void move(Cpu cpu, int n, Op op, boolean condition) {
        X87 x = begin(cpu, op);
        boolean fine = operands(x, 0, n & 7);
        if (fine) {
            x.unit.set(se(x, condition ? n & 7 : 0), sig(x, condition ? n & 7 : 0));
        }
        if (reportKeepingC1(x, !fine)) {
            setResult(x, 0);
        }
    }

    @Encoding(
            value = {"DA /0:reg FCMOVB STi", "DA /1:reg FCMOVE STi", "DA /2:reg FCMOVBE STi", "DA /3:reg FCMOVU STi"},
            feature = CpuFeature.CMOV)
    static void fcmov(Cpu cpu, int i, Op op) {
        move(cpu, i, op, holds(cpu, op));
    }

    @Encoding(
            value = {"DB /0:reg FCMOVNB STi", "DB /1:reg FCMOVNE STi", "DB /2:reg FCMOVNBE STi", "DB /3:reg FCMOVNU STi"
            },
            feature = CpuFeature.CMOV)
    static void fcmovn(Cpu cpu, int i, Op op) {
        move(cpu, i, op, !holds(cpu, op));
    }

    /** B, E, BE, U by ModRM.reg, as condition codes 2, 4, 6, 10. */
    private static boolean holds(Cpu cpu, Op op) {
        int digit = op.reg & 3;
        return cpu.condition(digit == 3 ? 10 : 2 * digit + 2);
    }

    static final int[] CONSTANT_SE = {0x3FFF, 0x4000, 0x3FFF, 0x4000, 0x3FFD, 0x3FFE, 0};
    static final long[] CONSTANT = {
        0x8000000000000000L,
        0xD49A784BCD1B8AFEL,
        0xB8AA3B295C17F0BCL,
        0xC90FDAA22168C235L,
        0x9A209A84FBCFF799L,
        0xB17217F7D1CF79ACL,
        0
    };

    /** The bits behind {@link #CONSTANT}: constants are rounded by the rounding control (rounded up or down from the true value). */
    static final int[] NEXT_BITS = {0, 1, 1, 1, 1, 1, 0};

    /** True where the nearest value lies above the true one. */
    static final boolean[] ABOVE = {false, false, true, true, true, true, false};

    @Encoding(
            value = {
                "D9 /5:0 FLD1",
                "D9 /5:1 FLDL2T",
                "D9 /5:2 FLDL2E",
                "D9 /5:3 FLDPI",
                "D9 /5:4 FLDLG2",
                "D9 /5:5 FLDLN2",
                "D9 /5:6 FLDZ"
            },
            feature = CpuFeature.FPU)
    static void fldConstant(Cpu cpu, Op op) {
        X87 x = begin(cpu, op);
        int n = op.rm & 7;
        long sig = CONSTANT[n];
        int mode = x.control >> 10 & 3;
        if (NEXT_BITS[n] != 0 && mode != Extended.NEAREST) {
            if (mode == Extended.UP && !ABOVE[n]) {
                sig++;
            } else if (mode != Extended.UP && ABOVE[n]) {
                sig--;
            }
        }
        x.unit.set(CONSTANT_SE[n], sig);
        push(x);
    }

    @Encoding(value = "9B FWAIT", feature = CpuFeature.FPU)
    static void fwait(Cpu cpu, Op op) {
        if ((cpu.cr0 & 10) == 10) { // MP and TS
            throw cpu.raise(X86Fault.NM);
        }
        if ((cpu.x87.status & SUMMARY) != 0) {
            waiting(cpu);
        }
    }
}
