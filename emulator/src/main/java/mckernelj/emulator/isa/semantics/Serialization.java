// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import mckernelj.emulator.cpu.ControlRegisters;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.CpuFeature;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.cpu.X86Fault;
import mckernelj.emulator.isa.Encoding;

/** CPUID and the time stamp counter. RDTSC ends a block, so that the cycle count is exact. */
final class Serialization {
    private Serialization() {}

    @Encoding(value = "0F A2 CPUID", ends = true)
    static void cpuid(Cpu cpu, Op op) {
        int[] out = cpu.cpuid.query(cpu, (int) cpu.r[Cpu.RAX], (int) cpu.r[Cpu.RCX]);
        cpu.r[Cpu.RAX] = out[0] & 0xFFFFFFFFL;
        cpu.r[Cpu.RBX] = out[1] & 0xFFFFFFFFL;
        cpu.r[Cpu.RCX] = out[2] & 0xFFFFFFFFL;
        cpu.r[Cpu.RDX] = out[3] & 0xFFFFFFFFL;
    }

    @Encoding(value = "0F 31 RDTSC", ends = true)
    static void rdtsc(Cpu cpu, Op op) {
        checkAllowed(cpu);
        SystemInstructions.setEdxEax(cpu, cpu.cycles + cpu.tscOffset);
    }

    @Encoding(value = "0F 01 /7:1 RDTSCP", feature = CpuFeature.RDTSCP, ends = true)
    static void rdtscp(Cpu cpu, Op op) {
        checkAllowed(cpu);
        SystemInstructions.setEdxEax(cpu, cpu.cycles + cpu.tscOffset);
        cpu.r[Cpu.RCX] = cpu.msrs.tscAux();
    }

    private static void checkAllowed(Cpu cpu) {
        if (cpu.cpl != 0 && (cpu.cr4 & ControlRegisters.CR4_TSD) != 0) {
            throw cpu.raise(X86Fault.GP, 0);
        }
    }
}
