// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.CpuFeature;
import mckernelj.emulator.cpu.ExceptionDelivery;
import mckernelj.emulator.cpu.FarTransfer;
import mckernelj.emulator.cpu.FastCalls;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.cpu.X86Fault;
import mckernelj.emulator.isa.Encoding;

/** Entries into the kernel and returns from it: SYSCALL, SYSRET, SYSENTER, SYSEXIT, INT n, IRET, SWAPGS. */
final class SystemCalls {
    private SystemCalls() {}

    /** Intel processors know SYSCALL and SYSRET in 64-bit mode only. */
    @Encoding(value = "0F 05 SYSCALL", feature = CpuFeature.SYSCALL, ends = true)
    static void syscall(Cpu cpu, Op op) {
        FastCalls.syscall(cpu);
    }

    @Encoding(value = "0F 07 SYSRET", feature = CpuFeature.SYSCALL, ends = true)
    static void sysret(Cpu cpu, Op op) {
        if (!cpu.long64) {
            throw cpu.raise(X86Fault.UD);
        }
        cpu.checkPrivileged();
        FastCalls.sysret(cpu, op.operandSize == 64);
    }

    @Encoding(value = "0F 34 SYSENTER", feature = CpuFeature.SYSENTER, ends = true)
    static void sysenter(Cpu cpu, Op op) {
        FastCalls.sysenter(cpu);
    }

    @Encoding(value = "0F 35 SYSEXIT", feature = CpuFeature.SYSENTER, privileged = true, ends = true)
    static void sysexit(Cpu cpu, Op op) {
        FastCalls.sysexit(cpu, op.operandSize == 64);
    }

    @Encoding(value = "0F 01 /7:0 SWAPGS")
    static void swapgs(Cpu cpu, Op op) {
        if (!cpu.long64) {
            throw cpu.raise(X86Fault.UD);
        }
        cpu.checkPrivileged();
        cpu.msrs.swapGs();
    }

    @Encoding(value = "CD INT Ib", ends = true)
    static void intN(Cpu cpu, Op op) {
        ExceptionDelivery.software(cpu, (int) op.immediate & 0xFF);
    }

    @Encoding(value = "CC INT3", ends = true)
    static void int3(Cpu cpu, Op op) {
        ExceptionDelivery.software(cpu, X86Fault.BP);
    }

    @Encoding(value = "F1 INT1", ends = true)
    static void int1(Cpu cpu, Op op) {
        ExceptionDelivery.int1(cpu);
    }

    @Encoding(value = "CE INTO", no64 = true, ends = true)
    static void into(Cpu cpu, Op op) {
        if (cpu.condition(0)) {
            ExceptionDelivery.software(cpu, X86Fault.OF);
        }
    }

    @Encoding(value = "CF IRET", ends = true)
    static void iret(Cpu cpu, Op op) {
        FarTransfer.iret(cpu, op.operandSize);
    }
}
