// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.cpu;

import java.util.Arrays;
import mckernelj.emulator.apic.LocalApic;
import mckernelj.emulator.hw.Msr;

/**
 * States in which a processor starts: after INIT (SDM vol. 3, table 10-1), after SIPI, and as firmware hands over in
 * long mode.
 */
public final class ResetState {
    private static final int DATA = 0x93;
    private static final int CODE = 0x9B;
    private static final int TSS_32_BUSY = 0x8B;
    private static final int MEGABYTE_LIMIT = 0xFFFF;

    /** GDT selectors that {@link #longMode} pretends; no GDT exists yet. */
    private static final int FLAT_CODE = 0x10;

    private static final int FLAT_DATA = 0x18;

    private ResetState() {}

    /** INIT: real mode at F000:FFF0. The TSC, x87 and SSE state and most MSRs keep their values. */
    public static void init(Cpu cpu) {
        Arrays.fill(cpu.r, 0, 16, 0);
        cpu.r[Cpu.RDX] = 0x106A5;
        for (int segment = Cpu.ES; segment <= Cpu.GS; segment++) {
            cpu.selector[segment] = 0;
            cpu.r[segment] = 0;
            cpu.waitingBase[segment] = 0;
            cpu.segmentLimit[segment] = MEGABYTE_LIMIT;
            cpu.segmentAttributes[segment] = segment == Cpu.CS ? CODE : DATA;
        }
        cpu.selector[Cpu.CS] = 0xF000;
        cpu.r[Cpu.CS] = 0xFFFF0000L;
        cpu.rip = 0xFFF0;
        cpu.setRflags(2);
        tables(cpu);
        cpu.cr0 = ControlRegisters.CR0_ET | ControlRegisters.CR0_NW | ControlRegisters.CR0_CD;
        cpu.cr2 = 0;
        cpu.cr3 = 0;
        cpu.cr4 = 0;
        cpu.efer = 0;
        cpu.xcr0 = 1;
        cpu.breakpoints.reset();
        cpu.msrs.init();
        cpu.msrs.apic().reset();
        cpu.exit = Cpu.EXIT_NONE;
        cpu.interruptShadow = false;
        cpu.debugShadow = false;
        cpu.interruptWaits = false;
        cpu.nmiBlocked = false;
        cpu.cpl = 0;
        modeChanged(cpu);
    }

    private static void tables(Cpu cpu) {
        cpu.gdtBase = 0;
        cpu.gdtLimit = 0xFFFF;
        cpu.idtBase = 0;
        cpu.idtLimit = 0xFFFF;
        cpu.ldtBase = 0;
        cpu.ldtLimit = 0xFFFF;
        cpu.ldtSelector = 0;
        cpu.trBase = 0;
        cpu.trLimit = 0xFFFF;
        cpu.trSelector = 0;
        cpu.trAttributes = TSS_32_BUSY;
    }

    /**
     * 32-bit protected mode with flat segments, no paging, interrupts off (Multiboot specification 0.6.96, 3.2); the local APIC as PC firmware
     * leaves it: enabled, ExtINT at LINT0, NMI at LINT1. After {@link #init}.
     */
    public static void protectedMode(Cpu cpu, int eip, int eax, int ebx) {
        cpu.cr0 = ControlRegisters.CR0_PE | ControlRegisters.CR0_ET;
        SegmentRegisters.setFlat(cpu, FLAT_CODE, FLAT_DATA, 0, false);
        for (int segment : new int[] {Cpu.ES, Cpu.DS, Cpu.FS, Cpu.GS}) {
            cpu.selector[segment] = FLAT_DATA;
            cpu.r[segment] = 0;
            cpu.segmentLimit[segment] = cpu.segmentLimit[Cpu.SS];
            cpu.segmentAttributes[segment] = cpu.segmentAttributes[Cpu.SS];
        }
        cpu.gdtLimit = 0;
        cpu.idtLimit = 0;
        cpu.rip = eip & 0xFFFFFFFFL;
        cpu.r[Cpu.RAX] = eax & 0xFFFFFFFFL;
        cpu.r[Cpu.RBX] = ebx & 0xFFFFFFFFL;
        LocalApic apic = cpu.msrs.apic();
        apic.write(LocalApic.SVR, 0x1FF);
        apic.write(LocalApic.LVT_LINT0, 0x8700);
        apic.write(LocalApic.LVT_LINT1, 0x8400);
        modeChanged(cpu);
    }

    private static void modeChanged(Cpu cpu) {
        SegmentRegisters.updateMode(cpu);
        ControlRegisters.permissionsChanged(cpu);
        cpu.mmu.flush();
    }

    /** SIPI, after {@link #init}: real mode at {@code vector << 12}. */
    public static void startup(Cpu cpu, int vector) {
        cpu.selector[Cpu.CS] = (vector & 0xFF) << 8;
        cpu.r[Cpu.CS] = (vector & 0xFFL) << 12;
        cpu.rip = 0;
    }

    /**
     * 64-bit mode with flat segments, paging by {@code cr3}, interrupts off, the local APIC enabled. After {@link
     * #init}.
     */
    public static void longMode(Cpu cpu, long cr3, long rip, long rsp, long argument) {
        cpu.cr0 = ControlRegisters.CR0_PE
                | ControlRegisters.CR0_MP
                | ControlRegisters.CR0_ET
                | ControlRegisters.CR0_NE
                | ControlRegisters.CR0_WP
                | ControlRegisters.CR0_PG;
        cpu.cr3 = cr3;
        cpu.cr4 = ControlRegisters.CR4_PAE | ControlRegisters.CR4_OSFXSR | ControlRegisters.CR4_OSXMMEXCPT;
        cpu.efer = Msr.EFER_LME | Msr.EFER_LMA | Msr.EFER_NXE | Msr.EFER_SCE;
        SegmentRegisters.setFlat(cpu, FLAT_CODE, FLAT_DATA, 0, true);
        for (int segment : new int[] {Cpu.ES, Cpu.DS, Cpu.FS, Cpu.GS}) {
            SegmentRegisters.setNull(cpu, segment, 0);
        }
        cpu.gdtLimit = 0;
        cpu.idtLimit = 0;
        cpu.rip = rip;
        cpu.r[Cpu.RSP] = rsp;
        cpu.r[Cpu.RDI] = argument;
        cpu.msrs.apic().write(LocalApic.SVR, 0x1FF);
        modeChanged(cpu);
    }
}
