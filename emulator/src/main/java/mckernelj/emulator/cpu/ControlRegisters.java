// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.cpu;

import mckernelj.emulator.hw.Msr;

/** Writes of CR0, CR3, CR4, CR8, EFER and XCR0 with their checks and side effects (SDM vol. 3, 2.5, 2.6, 9.8.5). */
public final class ControlRegisters {
    public static final long CR0_PE = 1;
    public static final long CR0_MP = 1 << 1;
    public static final long CR0_EM = 1 << 2;
    public static final long CR0_TS = 1 << 3;
    public static final long CR0_ET = 1 << 4;
    public static final long CR0_NE = 1 << 5;
    public static final long CR0_WP = 1 << 16;
    public static final long CR0_AM = 1 << 18;
    public static final long CR0_NW = 1 << 29;
    public static final long CR0_CD = 1 << 30;
    public static final long CR0_PG = 1L << 31;

    public static final long CR4_TSD = 1 << 2;
    public static final long CR4_PSE = 1 << 4;
    public static final long CR4_PAE = 1 << 5;
    public static final long CR4_PGE = 1 << 7;
    public static final long CR4_PCE = 1 << 8;
    public static final long CR4_OSFXSR = 1 << 9;
    public static final long CR4_OSXMMEXCPT = 1 << 10;
    public static final long CR4_FSGSBASE = 1 << 16;
    public static final long CR4_OSXSAVE = 1 << 18;
    public static final long CR4_SMEP = 1 << 20;

    private static final long CR0_DEFINED =
            CR0_PE | CR0_MP | CR0_EM | CR0_TS | CR0_ET | CR0_NE | CR0_WP | CR0_AM | CR0_NW | CR0_CD | CR0_PG;

    /** VME, PVI, TSD, DE, PSE, PAE, MCE, PGE, PCE, OSFXSR, OSXMMEXCPT, OSXSAVE, SMEP. */
    private static final long CR4_DEFINED = 0x7FF | CR4_OSXSAVE | CR4_SMEP;

    private static final long EFER_WRITABLE = Msr.EFER_SCE | Msr.EFER_LME | Msr.EFER_NXE;

    private ControlRegisters() {}

    /** MOV CR0. */
    public static void writeCr0(Cpu cpu, long requested) {
        long value = requested & CR0_DEFINED | CR0_ET;
        boolean paging = (value & CR0_PG) != 0;
        boolean wasPaging = (cpu.cr0 & CR0_PG) != 0;
        boolean legal = requested >>> 32 == 0
                && !(paging && (value & CR0_PE) == 0)
                && !((value & CR0_NW) != 0 && (value & CR0_CD) == 0);
        boolean toLong = paging && !wasPaging && (cpu.efer & Msr.EFER_LME) != 0;
        if (toLong && ((cpu.cr4 & CR4_PAE) == 0 || codeSegmentIsLong(cpu)) || wasPaging && !paging && cpu.long64) {
            legal = false;
        }
        if (!legal) {
            throw cpu.raise(X86Fault.GP, 0);
        }
        long changed = cpu.cr0 ^ value;
        cpu.cr0 = value;
        if (toLong) {
            cpu.efer |= Msr.EFER_LMA;
        } else if (!paging) {
            cpu.efer &= ~Msr.EFER_LMA;
        }
        if ((changed & (CR0_PE | CR0_PG | CR0_WP)) != 0) {
            SegmentRegisters.updateMode(cpu);
            cpu.mmu.flush();
        }
    }

    private static boolean codeSegmentIsLong(Cpu cpu) {
        return (cpu.segmentAttributes[Cpu.CS] & Descriptor.LONG) != 0;
    }

    /** MOV CR3; bit 63 (no flush, PCID only) is ignored as PCIDs are not offered. */
    public static void writeCr3(Cpu cpu, long value) {
        if (value >>> CpuidLeaves.PHYSICAL_BITS != 0) {
            throw cpu.raise(X86Fault.GP, 0);
        }
        cpu.cr3 = value;
        cpu.mmu.flush();
    }

    public static void writeCr4(Cpu cpu, long value) {
        boolean leavesPae = (cpu.efer & Msr.EFER_LMA) != 0 && (value & CR4_PAE) == 0;
        long defined = CR4_DEFINED | (cpu.cpuid.has(CpuFeature.FSGSBASE) ? CR4_FSGSBASE : 0);
        if ((value & ~defined) != 0 || leavesPae) {
            throw cpu.raise(X86Fault.GP, 0);
        }
        cpu.cr4 = value;
        cpu.mmu.flush();
    }

    public static void writeCr8(Cpu cpu, long value) {
        if (value >>> 4 != 0) {
            throw cpu.raise(X86Fault.GP, 0);
        }
        cpu.msrs.apic().setTaskPriority((int) value << 4);
    }

    public static long readCr8(Cpu cpu) {
        return cpu.msrs.apic().taskPriority() >>> 4;
    }

    /** WRMSR IA32_EFER. */
    public static void writeEfer(Cpu cpu, long value) {
        boolean changesLme = ((value ^ cpu.efer) & Msr.EFER_LME) != 0;
        if ((value & ~(EFER_WRITABLE | Msr.EFER_LMA)) != 0 || changesLme && (cpu.cr0 & CR0_PG) != 0) {
            throw cpu.raise(X86Fault.GP, 0);
        }
        cpu.efer = value & EFER_WRITABLE | cpu.efer & Msr.EFER_LMA;
        cpu.mmu.flush();
    }

    /** XSETBV, register 0. */
    public static void writeXcr0(Cpu cpu, long value) {
        boolean supported = (value & ~cpu.cpuid.supportedXcr0()) == 0;
        boolean avxWithoutSse = (value & 6) == 4;
        if ((value & 1) == 0 || !supported || avxWithoutSse) {
            throw cpu.raise(X86Fault.GP, 0);
        }
        cpu.xcr0 = value;
    }
}
