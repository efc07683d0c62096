// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static mckernelj.emulator.isa.semantics.X87Stack.*;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.CpuFeature;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.cpu.X87;
import mckernelj.emulator.fp.Extended;
import mckernelj.emulator.fp.ExtendedUnit;
import mckernelj.emulator.isa.Encoding;

/** x87 comparison and classification: FCOM, FUCOM, FICOM, FCOMI, FTST, FXAM. */
final class X87Compare {
    private X87Compare() {}

    private static final int UNORDERED = C0 | C2 | C3;

    private static int bits(int relation) {
        switch (relation) {
            case ExtendedUnit.LESS:
                return C0;
            case ExtendedUnit.EQUAL:
                return C3;
            case ExtendedUnit.GREATER:
                return 0;
            default:
                return UNORDERED;
        }
    }

    /** Compares ST(0) with a number, reports, pops {@code pops} times. */
    private static void compare(X87 x, boolean fine, int se, long sig, boolean quiet, int pops) {
        int result = fine ? bits(x.unit.compare(se(x, 0), sig(x, 0), se, sig, quiet)) : UNORDERED;
        x.unit.roundedUp = false;
        boolean popped = report(x);
        condition(x, result);
        for (int i = 0; popped && i < pops; i++) {
            pop(x);
        }
    }

    private static void memory(X87 x, Op op) {
        int se = x.unit.se;
        long sig = x.unit.sig;
        compare(x, operands(x, 0, 0), se, sig, false, (op.reg & 7) == 3 ? 1 : 0);
    }

    @Encoding(
            value = {"D8 /2:mem FCOM Md", "D8 /3:mem FCOMP Md"},
            feature = CpuFeature.FPU)
    static void single(Cpu cpu, long bits, Op op) {
        X87 x = begin(cpu, op);
        x.unit.fromFloat((int) bits);
        memory(x, op);
    }

    @Encoding(
            value = {"DC /2:mem FCOM Mq", "DC /3:mem FCOMP Mq"},
            feature = CpuFeature.FPU)
    static void doublePrecision(Cpu cpu, long bits, Op op) {
        X87 x = begin(cpu, op);
        x.unit.fromDouble(bits);
        memory(x, op);
    }

    @Encoding(
            value = {"DA /2:mem FICOM Md", "DA /3:mem FICOMP Md", "DE /2:mem FICOM Mw", "DE /3:mem FICOMP Mw"},
            feature = CpuFeature.FPU)
    static void integer(Cpu cpu, long value, Op op) {
        X87 x = begin(cpu, op);
        x.unit.fromLong(value);
        memory(x, op);
    }

    private static void register(Cpu cpu, int n, Op op, boolean quiet, int pops) {
        X87 x = begin(cpu, op);
        int i = n & 7;
        compare(x, operands(x, 0, i), se(x, i), sig(x, i), quiet, pops);
    }

    @Encoding(
            value = {"D8 /2:reg FCOM STi", "DC /2:reg FCOM2 STi"},
            feature = CpuFeature.FPU)
    static void fcom(Cpu cpu, int i, Op op) {
        register(cpu, i, op, false, 0);
    }

    @Encoding(
            value = {"D8 /3:reg FCOMP STi", "DC /3:reg FCOMP3 STi", "DE /2:reg FCOMP5 STi"},
            feature = CpuFeature.FPU)
    static void fcomp(Cpu cpu, int i, Op op) {
        register(cpu, i, op, false, 1);
    }

    @Encoding(value = "DE /3:1 FCOMPP", feature = CpuFeature.FPU)
    static void fcompp(Cpu cpu, Op op) {
        register(cpu, 1, op, false, 2);
    }

    @Encoding(value = "DD /4:reg FUCOM STi", feature = CpuFeature.FPU)
    static void fucom(Cpu cpu, int i, Op op) {
        register(cpu, i, op, true, 0);
    }

    @Encoding(value = "DD /5:reg FUCOMP STi", feature = CpuFeature.FPU)
    static void fucomp(Cpu cpu, int i, Op op) {
        register(cpu, i, op, true, 1);
    }

    @Encoding(value = "DA /5:1 FUCOMPP", feature = CpuFeature.FPU)
    static void fucompp(Cpu cpu, Op op) {
        register(cpu, 1, op, true, 2);
    }

    @Encoding(value = "D9 /4:4 FTST", feature = CpuFeature.FPU)
    static void ftst(Cpu cpu, Op op) {
        X87 x = begin(cpu, op);
        compare(x, operands(x, 0, 0), 0, 0, false, 0);
    }

    @Encoding(value = "DB /6:reg FCOMI STi", feature = CpuFeature.CMOV)
    static void fcomi(Cpu cpu, int i, Op op) {
        toFlags(cpu, i, op, false, false);
    }

    @Encoding(value = "DF /6:reg FCOMIP STi", feature = CpuFeature.CMOV)
    static void fcomip(Cpu cpu, int i, Op op) {
        toFlags(cpu, i, op, false, true);
    }

    @Encoding(value = "DB /5:reg FUCOMI STi", feature = CpuFeature.CMOV)
    static void fucomi(Cpu cpu, int i, Op op) {
        toFlags(cpu, i, op, true, false);
    }

    @Encoding(value = "DF /5:reg FUCOMIP STi", feature = CpuFeature.CMOV)
    static void fucomip(Cpu cpu, int i, Op op) {
        toFlags(cpu, i, op, true, true);
    }

    private static void toFlags(Cpu cpu, int n, Op op, boolean quiet, boolean pops) {
        X87 x = begin(cpu, op);
        int i = n & 7;
        boolean fine = operands(x, 0, i);
        int relation = fine ? x.unit.compare(se(x, 0), sig(x, 0), se(x, i), sig(x, i), quiet) : ExtendedUnit.UNORDERED;
        int flags = relation == ExtendedUnit.UNORDERED
                ? Cpu.ZF | Cpu.PF | Cpu.CF
                : relation == ExtendedUnit.EQUAL ? Cpu.ZF : relation == ExtendedUnit.LESS ? Cpu.CF : 0;
        cpu.setStatusFlags(flags);
        if (reportKeepingC1(x, !fine) && pops) {
            pop(x);
        }
    }

    @Encoding(value = "D9 /4:5 FXAM", feature = CpuFeature.FPU)
    static void fxam(Cpu cpu, Op op) {
        X87 x = begin(cpu, op);
        int se = se(x, 0);
        long sig = sig(x, 0);
        int bits;
        if (isEmpty(x, 0)) {
            bits = C3 | C0;
        } else if (Extended.isUnsupported(se, sig)) {
            bits = 0;
        } else if (Extended.isNan(se, sig)) {
            bits = C0;
        } else if (Extended.isInfinite(se, sig)) {
            bits = C2 | C0;
        } else if (Extended.isZero(se, sig)) {
            bits = C3;
        } else {
            bits = Extended.isDenormal(se, sig) ? C3 | C2 : C2;
        }
        condition(x, bits);
        x.status = x.status & ~C1 | ((se & 0x8000) != 0 ? C1 : 0);
    }
}
