// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import static mckernelj.emulator.cpu.CpuFeature.FSGSBASE;

import mckernelj.emulator.cpu.ControlRegisters;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.CpuFeature;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.cpu.X86Fault;
import mckernelj.emulator.isa.Encoding;

/** FS and GS base by user code, and the number of the processor (SDM vol. 1, 5.20, 5.23). */
final class SegmentBaseAccess {
    private SegmentBaseAccess() {}

    @Encoding(value = "F3 0F AE /0:reg RDFSBASE Ry", feature = FSGSBASE)
    static void rdfsbase(Cpu cpu, Op op) {
        check(cpu);
        cpu.setRegister(width(op), op.rm, cpu.r[Cpu.FS]);
    }

    @Encoding(value = "F3 0F AE /1:reg RDGSBASE Ry", feature = FSGSBASE)
    static void rdgsbase(Cpu cpu, Op op) {
        check(cpu);
        cpu.setRegister(width(op), op.rm, cpu.r[Cpu.GS]);
    }

    private static int width(Op op) {
        return op.operandSize == 64 ? 64 : 32;
    }

    @Encoding(value = "F3 0F AE /2:reg WRFSBASE Ry", feature = FSGSBASE)
    static void wrfsbase(Cpu cpu, Op op) {
        cpu.r[Cpu.FS] = newBase(cpu, op);
    }

    @Encoding(value = "F3 0F AE /3:reg WRGSBASE Ry", feature = FSGSBASE)
    static void wrgsbase(Cpu cpu, Op op) {
        cpu.r[Cpu.GS] = newBase(cpu, op);
    }

    private static long newBase(Cpu cpu, Op op) {
        check(cpu);
        long value = op.operandSize == 64 ? cpu.r[op.rm] : cpu.r[op.rm] & 0xFFFFFFFFL;
        if (value << 16 >> 16 != value) {
            throw cpu.raise(X86Fault.GP, 0);
        }
        return value;
    }

    private static void check(Cpu cpu) {
        if (!cpu.long64 || (cpu.cr4 & ControlRegisters.CR4_FSGSBASE) == 0) {
            throw cpu.raise(X86Fault.UD);
        }
    }

    @Encoding(value = "F3 0F C7 /7:reg RDPID R", feature = CpuFeature.RDPID)
    static void rdpid(Cpu cpu, Op op) {
        cpu.r[op.rm] = cpu.msrs.tscAux();
    }
}
