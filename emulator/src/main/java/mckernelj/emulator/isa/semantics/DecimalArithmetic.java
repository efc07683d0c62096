// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.cpu.X86Fault;
import mckernelj.emulator.isa.Encoding;

/** Decimal arithmetic (SDM vol. 1, 5.1.3): #UD in 64-bit mode. */
public final class DecimalArithmetic {
    private DecimalArithmetic() {}

    @Encoding(value = "27 DAA", no64 = true)
    static void daa(Cpu cpu, Op op) {
        adjustPacked(cpu, 1);
    }

    @Encoding(value = "2F DAS", no64 = true)
    static void das(Cpu cpu, Op op) {
        adjustPacked(cpu, -1);
    }

    private static void adjustPacked(Cpu cpu, int sign) {
        int flags = cpu.statusFlags();
        int old = (int) cpu.r[Cpu.RAX] & 0xFF;
        int al = old;
        int adjusted = 0;
        if ((old & 15) > 9 || (flags & Cpu.AF) != 0) {
            al += 6 * sign;
            // Subtracting may borrow from the whole byte.
            adjusted = Cpu.AF | (al < 0 ? Cpu.CF : 0);
        }
        if (old > 0x99 || (flags & Cpu.CF) != 0) {
            al += 0x60 * sign;
            adjusted |= Cpu.CF;
        }
        cpu.setRegister(8, Cpu.RAX, al);
        cpu.setStatusFlags(FlagBits.ofResult(8, al) | adjusted);
    }

    @Encoding(value = "37 AAA", no64 = true)
    static void aaa(Cpu cpu, Op op) {
        adjustUnpacked(cpu, 0x106);
    }

    @Encoding(value = "3F AAS", no64 = true)
    static void aas(Cpu cpu, Op op) {
        adjustUnpacked(cpu, -0x106);
    }

    private static void adjustUnpacked(Cpu cpu, int correction) {
        long ax = cpu.r[Cpu.RAX];
        int flags = 0;
        if ((ax & 15) > 9 || (cpu.statusFlags() & Cpu.AF) != 0) {
            ax += correction;
            flags = Cpu.AF | Cpu.CF;
        }
        cpu.setRegister(16, Cpu.RAX, ax & 0xFF0F);
        cpu.setStatusFlags(FlagBits.ofResult(8, ax & 15) | flags);
    }

    @Encoding(value = "D4 AAM Ib", no64 = true)
    static void aam(Cpu cpu, long base) {
        int divisor = (int) base & 0xFF;
        if (divisor == 0) {
            throw cpu.raise(X86Fault.DE);
        }
        int al = (int) cpu.r[Cpu.RAX] & 0xFF;
        cpu.setRegister(16, Cpu.RAX, al / divisor << 8 | al % divisor);
        cpu.setStatusFlags(FlagBits.ofResult(8, al % divisor));
    }

    @Encoding(value = "D5 AAD Ib", no64 = true)
    static void aad(Cpu cpu, long base) {
        long ax = cpu.r[Cpu.RAX];
        long al = (ax & 0xFF) + (ax >> 8 & 0xFF) * (base & 0xFF) & 0xFF;
        cpu.setRegister(16, Cpu.RAX, al);
        cpu.setStatusFlags(FlagBits.ofResult(8, al));
    }

    /** Undocumented by Intel, present in every processor: AL = CF ? FF : 00. */
    @Encoding(value = "D6 SALC", no64 = true)
    static void salc(Cpu cpu, Op op) {
        cpu.setRegister(8, Cpu.RAX, cpu.carry() ? -1 : 0);
    }
}
