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
import mckernelj.emulator.fp.Transcendental;
import mckernelj.emulator.isa.Encoding;

/** x87 arithmetic: basic operations, remainder, rounding, transcendental functions. */
final class X87Arithmetic {
    private X87Arithmetic() {}

    /** FADD 0, FMUL 1, FSUB 4, FSUBR 5, FDIV 6, FDIVR 7: ModRM.reg of the forms whose destination is ST(0). */
    private static void compute(ExtendedUnit unit, int operation, int aSe, long aSig, int bSe, long bSig) {
        switch (operation) {
            case 0:
                unit.add(aSe, aSig, bSe, bSig);
                break;
            case 1:
                unit.multiply(aSe, aSig, bSe, bSig);
                break;
            case 4:
                unit.subtract(aSe, aSig, bSe, bSig);
                break;
            case 5:
                unit.subtract(bSe, bSig, aSe, aSig);
                break;
            case 6:
                unit.divide(aSe, aSig, bSe, bSig);
                break;
            default:
                unit.divide(bSe, bSig, aSe, aSig);
                break;
        }
    }

    /** ST(0) with the unit's current value (a converted memory operand). */
    private static void withMemory(X87 x, Op op) {
        int se = x.unit.se;
        long sig = x.unit.sig;
        if (operands(x, 0, 0)) {
            compute(x.unit, op.reg & 7, se(x, 0), sig(x, 0), se, sig);
        }
        if (report(x)) {
            setResult(x, 0);
        }
    }

    @Encoding(
            value = {
                "D8 /0:mem FADD Md",
                "D8 /1:mem FMUL Md",
                "D8 /4:mem FSUB Md",
                "D8 /5:mem FSUBR Md",
                "D8 /6:mem FDIV Md",
                "D8 /7:mem FDIVR Md"
            },
            feature = CpuFeature.FPU)
    static void single(Cpu cpu, long bits, Op op) {
        X87 x = begin(cpu, op);
        x.unit.fromFloat((int) bits);
        withMemory(x, op);
    }

    @Encoding(
            value = {
                "DC /0:mem FADD Mq",
                "DC /1:mem FMUL Mq",
                "DC /4:mem FSUB Mq",
                "DC /5:mem FSUBR Mq",
                "DC /6:mem FDIV Mq",
                "DC /7:mem FDIVR Mq"
            },
            feature = CpuFeature.FPU)
    static void doublePrecision(Cpu cpu, long bits, Op op) {
        X87 x = begin(cpu, op);
        x.unit.fromDouble(bits);
        withMemory(x, op);
    }

    @Encoding(
            value = {
                "DA /0:mem FIADD Md", "DA /1:mem FIMUL Md", "DA /4:mem FISUB Md", "DA /5:mem FISUBR Md",
                        "DA /6:mem FIDIV Md",
                "DA /7:mem FIDIVR Md", "DE /0:mem FIADD Mw", "DE /1:mem FIMUL Mw", "DE /4:mem FISUB Mw",
                        "DE /5:mem FISUBR Mw",
                "DE /6:mem FIDIV Mw", "DE /7:mem FIDIVR Mw"
            },
            feature = CpuFeature.FPU)
    static void integer(Cpu cpu, long value, Op op) {
        X87 x = begin(cpu, op);
        x.unit.fromLong(value);
        withMemory(x, op);
    }

    @Encoding(
            value = {
                "D8 /0:reg FADD STi",
                "D8 /1:reg FMUL STi",
                "D8 /4:reg FSUB STi",
                "D8 /5:reg FSUBR STi",
                "D8 /6:reg FDIV STi",
                "D8 /7:reg FDIVR STi"
            },
            feature = CpuFeature.FPU)
    static void toTop(Cpu cpu, int n, Op op) {
        X87 x = begin(cpu, op);
        int i = n & 7;
        if (operands(x, 0, i)) {
            compute(x.unit, op.reg & 7, se(x, 0), sig(x, 0), se(x, i), sig(x, i));
        }
        if (report(x)) {
            setResult(x, 0);
        }
    }

    @Encoding(
            value = {
                "DC /0:reg FADD STi",
                "DC /1:reg FMUL STi",
                "DC /4:reg FSUBR STi",
                "DC /5:reg FSUB STi",
                "DC /6:reg FDIVR STi",
                "DC /7:reg FDIV STi"
            },
            feature = CpuFeature.FPU)
    static void toRegister(Cpu cpu, int n, Op op) {
        intoRegister(begin(cpu, op), n & 7, op);
    }

    @Encoding(
            value = {
                "DE /0:reg FADDP STi",
                "DE /1:reg FMULP STi",
                "DE /4:reg FSUBRP STi",
                "DE /5:reg FSUBP STi",
                "DE /6:reg FDIVRP STi",
                "DE /7:reg FDIVP STi"
            },
            feature = CpuFeature.FPU)
    static void toRegisterAndPop(Cpu cpu, int n, Op op) {
        X87 x = begin(cpu, op);
        if (intoRegister(x, n & 7, op)) {
            pop(x);
        }
    }

    /** ST(i) = ST(0) op ST(i) in the sense of ModRM.reg, which counts from ST(0)'s side: /4 is ST(0) - ST(i). */
    private static boolean intoRegister(X87 x, int i, Op op) {
        if (operands(x, 0, i)) {
            compute(x.unit, op.reg & 7, se(x, 0), sig(x, 0), se(x, i), sig(x, i));
        }
        boolean write = report(x);
        if (write) {
            setResult(x, i);
        }
        return write;
    }

    @Encoding(value = "D9 /4:0 FCHS", feature = CpuFeature.FPU)
    static void fchs(Cpu cpu, Op op) {
        sign(begin(cpu, op), 0x8000, 0);
    }

    @Encoding(value = "D9 /4:1 FABS", feature = CpuFeature.FPU)
    static void fabs(Cpu cpu, Op op) {
        sign(begin(cpu, op), 0, 0x8000);
    }

    private static void sign(X87 x, int flip, int clear) {
        if (operands(x, 0, 0)) {
            x.unit.set((se(x, 0) ^ flip) & ~clear, sig(x, 0));
        }
        if (report(x)) {
            setResult(x, 0);
        }
    }

    @Encoding(value = "D9 /7:2 FSQRT", feature = CpuFeature.FPU)
    static void fsqrt(Cpu cpu, Op op) {
        X87 x = begin(cpu, op);
        if (operands(x, 0, 0)) {
            x.unit.squareRoot(se(x, 0), sig(x, 0));
        }
        finish(x);
    }

    @Encoding(value = "D9 /7:4 FRNDINT", feature = CpuFeature.FPU)
    static void frndint(Cpu cpu, Op op) {
        X87 x = begin(cpu, op);
        if (operands(x, 0, 0)) {
            x.unit.roundToInteger(se(x, 0), sig(x, 0));
        }
        finish(x);
    }

    @Encoding(value = "D9 /7:5 FSCALE", feature = CpuFeature.FPU)
    static void fscale(Cpu cpu, Op op) {
        X87 x = begin(cpu, op);
        if (operands(x, 0, 1)) {
            x.unit.scale(se(x, 0), sig(x, 0), se(x, 1), sig(x, 1));
        }
        finish(x);
    }

    private static void finish(X87 x) {
        if (report(x)) {
            setResult(x, 0);
        }
    }

    @Encoding(
            value = {"D9 /7:0 FPREM", "D9 /6:5 FPREM1"},
            feature = CpuFeature.FPU)
    static void fprem(Cpu cpu, Op op) {
        X87 x = begin(cpu, op);
        boolean fine = operands(x, 0, 1);
        if (fine) {
            x.unit.remainder(se(x, 0), sig(x, 0), se(x, 1), sig(x, 1), (op.reg & 7) == 6);
        }
        x.status &= ~C2;
        if (!report(x)) {
            return;
        }
        setResult(x, 0);
        if (!fine || Extended.isNan(x.unit.se, x.unit.sig)) {
            return;
        }
        int q = x.unit.quotient;
        if (q < 0) {
            condition(x, C2);
            x.status &= ~C1;
        } else {
            condition(x, ((q & 4) != 0 ? C0 : 0) | ((q & 2) != 0 ? C3 : 0));
            x.status = x.status & ~C1 | ((q & 1) != 0 ? C1 : 0);
        }
    }

    @Encoding(value = "D9 /6:4 FXTRACT", feature = CpuFeature.FPU)
    static void fxtract(Cpu cpu, Op op) {
        X87 x = begin(cpu, op);
        ExtendedUnit unit = x.unit;
        if (!operands(x, 0, 0)) {
            if (report(x)) {
                setResult(x, 0);
                x.top = x.top - 1 & 7;
                setResult(x, 0);
            }
            return;
        }
        int se = se(x, 0);
        long sig = sig(x, 0);
        if (!isEmpty(x, 7)) {
            overflowOfTwo(x);
            return;
        }
        int exponentSe;
        long exponentSig;
        if (Extended.isZero(se, sig)) {
            unit.flags |= Extended.ZERO_DIVIDE;
            unit.set(0xFFFF, 1L << 63);
            exponentSe = unit.se;
            exponentSig = unit.sig;
            unit.set(se, sig);
        } else if (Extended.exponent(se) == Extended.MAX || Extended.isUnsupported(se, sig)) {
            unit.add(se, sig, 0, 0); // NaN rules; infinity stays
            exponentSe = Extended.isInfinite(se, sig) ? Extended.MAX : unit.se;
            exponentSig = unit.sig;
        } else {
            unit.exponentOf(se, sig);
            exponentSe = unit.se;
            exponentSig = unit.sig;
            unit.significand(se, sig);
        }
        if (report(x)) {
            int significandSe = unit.se;
            long significand = unit.sig;
            set(x, 0, exponentSe, exponentSig);
            x.top = x.top - 1 & 7;
            set(x, 0, significandSe, significand);
        }
    }

    // ---- transcendental
    // -------------------------------------------------------------------------------------------------------

    @Encoding(value = "D9 /6:0 F2XM1", feature = CpuFeature.FPU)
    static void f2xm1(Cpu cpu, Op op) {
        X87 x = begin(cpu, op);
        if (operands(x, 0, 0)) {
            x.transcendental.twoToXMinus1(se(x, 0), sig(x, 0));
        }
        finish(x);
    }

    @Encoding(
            value = {"D9 /6:1 FYL2X", "D9 /7:1 FYL2XP1", "D9 /6:3 FPATAN"},
            feature = CpuFeature.FPU)
    static void ofTwo(Cpu cpu, Op op) {
        X87 x = begin(cpu, op);
        if (operands(x, 0, 1)) {
            Transcendental t = x.transcendental;
            if ((op.rm & 7) == 3) {
                t.arctan(se(x, 1), sig(x, 1), se(x, 0), sig(x, 0));
            } else if ((op.reg & 7) == 6) {
                t.yLog2X(se(x, 1), sig(x, 1), se(x, 0), sig(x, 0));
            } else {
                t.yLog2XPlus1(se(x, 1), sig(x, 1), se(x, 0), sig(x, 0));
            }
        }
        if (report(x)) {
            setResult(x, 1);
            pop(x);
        }
    }

    @Encoding(
            value = {"D9 /7:6 FSIN", "D9 /7:7 FCOS"},
            feature = CpuFeature.FPU)
    static void sineOrCosine(Cpu cpu, Op op) {
        X87 x = begin(cpu, op);
        x.status &= ~C2;
        if (operands(x, 0, 0)) {
            if (tooLarge(x)) {
                return;
            }
            if ((op.rm & 7) == 6) {
                x.transcendental.sin(se(x, 0), sig(x, 0));
            } else {
                x.transcendental.cos(se(x, 0), sig(x, 0));
            }
        }
        finish(x);
    }

    private static boolean tooLarge(X87 x) {
        boolean large = Transcendental.outOfRange(se(x, 0)) && !Extended.isUnsupported(se(x, 0), sig(x, 0));
        if (large) {
            x.status = x.status & ~C1 | C2;
        }
        return large;
    }

    @Encoding(
            value = {"D9 /6:2 FPTAN", "D9 /7:3 FSINCOS"},
            feature = CpuFeature.FPU)
    static void twoResults(Cpu cpu, Op op) {
        X87 x = begin(cpu, op);
        x.status &= ~C2;
        boolean fine = operands(x, 0, 0);
        if (fine && !isEmpty(x, 7)) {
            overflowOfTwo(x);
            return;
        }
        if (fine && tooLarge(x)) {
            return;
        }
        int se = se(x, 0);
        long sig = sig(x, 0);
        boolean tangent = (op.reg & 7) == 6;
        if (fine && tangent) {
            x.transcendental.tan(se, sig);
        } else if (fine) {
            x.transcendental.sin(se, sig);
        }
        boolean special = !fine || Extended.isNan(x.unit.se, x.unit.sig);
        if (!report(x)) {
            return;
        }
        setResult(x, 0);
        if (!special) {
            if (tangent) {
                x.unit.set(Extended.BIAS, 1L << 63);
            } else {
                x.transcendental.cos(se, sig);
                report(x);
            }
        }
        x.top = x.top - 1 & 7;
        setResult(x, 0);
    }
}
