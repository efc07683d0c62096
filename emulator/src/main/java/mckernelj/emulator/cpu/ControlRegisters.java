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
    public static final long CR4_DE = 1 << 3;
    public static final long CR4_PSE = 1 << 4;
    public static final long CR4_PAE = 1 << 5;
    public static final long CR4_PGE = 1 << 7;
    public static final long CR4_PCE = 1 << 8;
    public static final long CR4_OSFXSR = 1 << 9;
    public static final long CR4_OSXMMEXCPT = 1 << 10;
    public static final long CR4_UMIP = 1 << 11;
    public static final long CR4_FSGSBASE = 1 << 16;
    public static final long CR4_PCIDE = 1 << 17;
    public static final long CR4_OSXSAVE = 1 << 18;
    public static final long CR4_SMEP = 1 << 20;
    public static final long CR4_SMAP = 1 << 21;

    private static final long CR0_DEFINED =
            CR0_PE | CR0_MP | CR0_EM | CR0_TS | CR0_ET | CR0_NE | CR0_WP | CR0_AM | CR0_NW | CR0_CD | CR0_PG;

    /** VME, PVI, TSD, DE, PSE, PAE, MCE, PGE, PCE, OSFXSR, OSXMMEXCPT, OSXSAVE, SMEP. */
    private static final long CR4_DEFINED = 0x7FF | CR4_OSXSAVE | CR4_SMEP;

    /** What a change of them makes invalid is in the TLBs. */
    private static final long CR4_PAGING = CR4_PSE | CR4_PAE | CR4_PGE | CR4_PCIDE | CR4_SMEP | CR4_SMAP;

    /** Low bits of CR3 and the page-directory-pointer entries that must be 0 with PAE paging. */
    private static final long PDPTE_RESERVED = -1L << CpuidLeaves.PHYSICAL_BITS | 0x1E6;

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
        if (toLong && ((cpu.cr4 & CR4_PAE) == 0 || codeSegmentIsLong(cpu))
                || wasPaging && !paging && (cpu.long64 || (cpu.cr4 & CR4_PCIDE) != 0)) {
            legal = false;
        }
        if (!legal) {
            throw cpu.raise(X86Fault.GP, 0);
        }
        if (paging && !toLong) {
            loadPointers(cpu, cpu.cr3, cpu.cr4);
        }
        setCr0(cpu, value, toLong);
    }

    private static void setCr0(Cpu cpu, long value, boolean toLong) {
        long changed = cpu.cr0 ^ value;
        cpu.cr0 = value;
        if (toLong) {
            cpu.efer |= Msr.EFER_LMA;
        } else if ((value & CR0_PG) == 0) {
            cpu.efer &= ~Msr.EFER_LMA;
        }
        if ((changed & (CR0_PE | CR0_PG | CR0_WP)) != 0) {
            SegmentRegisters.updateMode(cpu);
            cpu.mmu.flush();
        }
        permissionsChanged(cpu);
    }

    /** After changes of CR0, CR4 or XCR0 that bypass this class: what follows from them. */
    static void permissionsChanged(Cpu cpu) {
        int taskSwitched = (cpu.cr0 & CR0_TS) != 0 ? X86Fault.NM : 0;
        boolean emulated = (cpu.cr0 & CR0_EM) != 0;
        long avx = ExtendedState.SSE | ExtendedState.AVX;
        boolean avxEnabled = (cpu.xcr0 & avx) == avx && (cpu.cr4 & CR4_OSXSAVE) != 0;
        cpu.sseFault = emulated || (cpu.cr4 & CR4_OSFXSR) == 0 ? X86Fault.UD : taskSwitched;
        cpu.avxFault = avxEnabled ? taskSwitched : X86Fault.UD;
        cpu.mmu.privilegeChanged();
    }

    /** CLTS. */
    public static void clearTaskSwitched(Cpu cpu) {
        cpu.cr0 &= ~CR0_TS;
        permissionsChanged(cpu);
    }

    /** With PAE paging a change of CR3 or of the paging bits loads the page-directory-pointer entries (SDM vol. 3, 4.4.1). */
    private static void loadPointers(Cpu cpu, long cr3, long cr4) {
        if ((cr4 & CR4_PAE) == 0 || (cpu.efer & Msr.EFER_LMA) != 0) {
            return;
        }
        long[] entries = new long[4];
        for (int i = 0; i < 4; i++) {
            entries[i] = cpu.mmu.readPhysical((cr3 & 0xFFFFFFE0L) + 8 * i);
            if ((entries[i] & 1) != 0 && (entries[i] & PDPTE_RESERVED) != 0) {
                throw cpu.raise(X86Fault.GP, 0);
            }
        }
        System.arraycopy(entries, 0, cpu.pdpte, 0, 4);
    }

    private static boolean codeSegmentIsLong(Cpu cpu) {
        return (cpu.segmentAttributes[Cpu.CS] & Descriptor.LONG) != 0;
    }

    /** MOV CR3. Translations of other process-context identifiers are never kept, so that bit 63 makes no difference. */
    public static void writeCr3(Cpu cpu, long requested) {
        long value = (cpu.cr4 & CR4_PCIDE) != 0 ? requested & Long.MAX_VALUE : requested;
        if (value >>> CpuidLeaves.PHYSICAL_BITS != 0) {
            throw cpu.raise(X86Fault.GP, 0);
        }
        if ((cpu.cr0 & CR0_PG) != 0) {
            loadPointers(cpu, value, cpu.cr4);
        }
        cpu.cr3 = value;
        cpu.mmu.addressSpaceChanged();
    }

    public static void writeCr4(Cpu cpu, long value) {
        boolean longMode = (cpu.efer & Msr.EFER_LMA) != 0;
        long changed = cpu.cr4 ^ value;
        boolean leavesPae = longMode && (value & CR4_PAE) == 0;
        boolean identifiersIllegal = (changed & value & CR4_PCIDE) != 0 && (!longMode || (cpu.cr3 & 0xFFF) != 0);
        if ((value & ~definedCr4(cpu)) != 0 || leavesPae || identifiersIllegal) {
            throw cpu.raise(X86Fault.GP, 0);
        }
        if ((cpu.cr0 & CR0_PG) != 0 && (changed & CR4_PAGING) != 0) {
            loadPointers(cpu, cpu.cr3, value);
        }
        cpu.cr4 = value;
        if ((changed & CR4_PAGING) != 0) {
            cpu.mmu.flush();
        }
        permissionsChanged(cpu);
    }

    private static long definedCr4(Cpu cpu) {
        return CR4_DEFINED
                | (cpu.cpuid.has(CpuFeature.FSGSBASE) ? CR4_FSGSBASE : 0)
                | (cpu.cpuid.has(CpuFeature.SMAP) ? CR4_SMAP : 0)
                | (cpu.cpuid.has(CpuFeature.UMIP) ? CR4_UMIP : 0)
                | (cpu.cpuid.has(CpuFeature.PCID) ? CR4_PCIDE : 0);
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
        permissionsChanged(cpu);
    }
}
