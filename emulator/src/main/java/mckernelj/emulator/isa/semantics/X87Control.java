// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static mckernelj.emulator.isa.semantics.X87Stack.*;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.CpuFeature;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.cpu.X87;
import mckernelj.emulator.isa.Encoding;

/** x87 control: FNINIT, FNCLEX, control and status words, environment, FNSAVE, FRSTOR (SDM vol. 1, section 8.1.10). */
final class X87Control {
    private X87Control() {}

    @Encoding(value = "DB /4:3 FNINIT", feature = CpuFeature.FPU)
    static void fninit(Cpu cpu, Op op) {
        initialize(available(cpu));
    }

    private static void initialize(X87 x) {
        x.control = 0x37F;
        x.status = 0;
        x.top = 0;
        x.empty = 0xFF;
        x.instructionPointer = 0;
        x.dataPointer = 0;
        x.opcode = 0;
    }

    @Encoding(value = "DB /4:2 FNCLEX", feature = CpuFeature.FPU)
    static void fnclex(Cpu cpu, Op op) {
        available(cpu).status &= ~(BUSY | SUMMARY | STACK_FAULT | 0x3F);
    }

    @Encoding(
            value = {"DB /4:0 FNENI", "DB /4:1 FNDISI", "DB /4:4 FNSETPM", "D9 /2:0 FNOP"},
            feature = CpuFeature.FPU)
    static void fnop(Cpu cpu, Op op) {
        if ((op.reg & 7) == 2) {
            begin(cpu, op);
        } else {
            available(cpu);
        }
    }

    @Encoding(value = "D9 /7:mem FNSTCW Mw", feature = CpuFeature.FPU)
    static long fnstcw(Cpu cpu) {
        return available(cpu).control;
    }

    @Encoding(value = "D9 /5:mem FLDCW Mw", feature = CpuFeature.FPU)
    static void fldcw(Cpu cpu, long value) {
        X87 x = waiting(cpu);
        setControl(x, (int) value);
    }

    private static void setControl(X87 x, int value) {
        x.control = value & 0x1F3F | 0x40;
        x.summarize();
    }

    private static int statusWord(X87 x) {
        return x.status & ~0x3800 | x.top << 11;
    }

    @Encoding(value = "DD /7:mem FNSTSW Mw", feature = CpuFeature.FPU)
    static long fnstsw(Cpu cpu) {
        return statusWord(available(cpu));
    }

    @Encoding(value = "DF /4:0 FNSTSW AX", feature = CpuFeature.FPU)
    static long fnstswAx(Cpu cpu) {
        return statusWord(available(cpu));
    }

    @Encoding(value = "D9 /6:6 FDECSTP", feature = CpuFeature.FPU)
    static void fdecstp(Cpu cpu, Op op) {
        X87 x = begin(cpu, op);
        x.top = x.top - 1 & 7;
        x.status &= ~C1;
    }

    @Encoding(value = "D9 /6:7 FINCSTP", feature = CpuFeature.FPU)
    static void fincstp(Cpu cpu, Op op) {
        X87 x = begin(cpu, op);
        x.top = x.top + 1 & 7;
        x.status &= ~C1;
    }

    @Encoding(value = "DD /0:reg FFREE STi", feature = CpuFeature.FPU)
    static void ffree(Cpu cpu, int i, Op op) {
        X87 x = begin(cpu, op);
        x.empty |= 1 << physical(x, i & 7);
        x.status &= ~C1;
    }

    @Encoding(value = "DF /0:reg FFREEP STi", feature = CpuFeature.FPU)
    static void ffreep(Cpu cpu, int i, Op op) {
        ffree(cpu, i, op);
        pop(cpu.x87);
    }

    // ---- environment
    // ------------------------------------------------------------------------------------------------------

    /** Two bits a register: 0 valid, 1 zero, 2 special, 3 empty. */
    private static int tagWord(X87 x) {
        int word = 0;
        for (int p = 7; p >= 0; p--) {
            int e = x.signExponent[p] & 0x7FFF;
            int tag;
            if ((x.empty >> p & 1) != 0) {
                tag = 3;
            } else if (e == 0 && x.significand[p] == 0) {
                tag = 1;
            } else {
                tag = e == 0 || e == 0x7FFF || x.significand[p] >= 0 ? 2 : 0;
            }
            word = word << 2 | tag;
        }
        return word;
    }

    private static void setTagWord(X87 x, int word) {
        x.empty = 0;
        for (int p = 0; p < 8; p++) {
            if ((word >> 2 * p & 3) == 3) {
                x.empty |= 1 << p;
            }
        }
    }

    private static int environmentBytes(Op op) {
        return op.operandSize == 16 ? 14 : 28;
    }

    private static void storeEnvironment(Cpu cpu, X87 x, Op op, long linear) {
        int step = op.operandSize == 16 ? 2 : 4;
        long high = op.operandSize == 16 ? 0 : 0xFFFF0000L;
        int width = 8 * step;
        cpu.store(width, linear, x.control | high);
        cpu.store(width, linear + step, statusWord(x) | high);
        cpu.store(width, linear + 2L * step, tagWord(x) | high);
        cpu.store(width, linear + 3L * step, x.instructionPointer);
        cpu.store(width, linear + 4L * step, step == 2 ? 0 : (long) (x.opcode & 0x7FF) << 16);
        cpu.store(width, linear + 5L * step, x.dataPointer);
        cpu.store(width, linear + 6L * step, high);
    }

    private static void loadEnvironment(Cpu cpu, X87 x, Op op, long linear) {
        int step = op.operandSize == 16 ? 2 : 4;
        int width = 8 * step;
        int control = (int) cpu.load16(linear) & 0xFFFF;
        int status = (int) cpu.load16(linear + step) & 0xFFFF;
        int tags = (int) cpu.load16(linear + 2L * step) & 0xFFFF;
        long instruction = cpu.load(width, linear + 3L * step);
        long opcode = cpu.load(width, linear + 4L * step);
        long data = cpu.load(width, linear + 5L * step);
        cpu.load(width, linear + 6L * step);
        x.top = status >> 11 & 7;
        x.status = status & ~0x3800;
        setTagWord(x, tags);
        x.instructionPointer = instruction & (step == 2 ? 0xFFFF : 0xFFFFFFFFL);
        x.dataPointer = data & (step == 2 ? 0xFFFF : 0xFFFFFFFFL);
        x.opcode = step == 2 ? 0 : (int) (opcode >> 16) & 0x7FF;
        setControl(x, control);
    }

    @Encoding(value = "D9 /6:mem FNSTENV M", feature = CpuFeature.FPU)
    static void fnstenv(Cpu cpu, long linear, Op op) {
        X87 x = available(cpu);
        checkWrites(cpu, linear, environmentBytes(op));
        storeEnvironment(cpu, x, op, linear);
        x.control |= 0x3F;
        x.summarize();
    }

    private static void checkWrites(Cpu cpu, long linear, int bytes) {
        cpu.checkWrite(linear, 1);
        cpu.checkWrite(linear + bytes - 1, 1);
    }

    @Encoding(value = "D9 /4:mem FLDENV M", feature = CpuFeature.FPU)
    static void fldenv(Cpu cpu, long linear, Op op) {
        X87 x = waiting(cpu);
        loadEnvironment(cpu, x, op, linear);
    }

    @Encoding(value = "DD /6:mem FNSAVE M", feature = CpuFeature.FPU)
    static void fnsave(Cpu cpu, long linear, Op op) {
        X87 x = available(cpu);
        int bytes = environmentBytes(op);
        checkWrites(cpu, linear, bytes + 80);
        storeEnvironment(cpu, x, op, linear);
        for (int i = 0; i < 8; i++) {
            cpu.store64(linear + bytes + 10L * i, sig(x, i));
            cpu.store16(linear + bytes + 10L * i + 8, se(x, i));
        }
        initialize(x);
    }

    @Encoding(value = "DD /4:mem FRSTOR M", feature = CpuFeature.FPU)
    static void frstor(Cpu cpu, long linear, Op op) {
        X87 x = waiting(cpu);
        int bytes = environmentBytes(op);
        cpu.load8(linear + bytes + 79);
        loadEnvironment(cpu, x, op, linear);
        for (int i = 0; i < 8; i++) {
            int p = physical(x, i);
            x.significand[p] = cpu.load64(linear + bytes + 10L * i);
            x.signExponent[p] = (int) cpu.load16(linear + bytes + 10L * i + 8) & 0xFFFF;
        }
    }
}
