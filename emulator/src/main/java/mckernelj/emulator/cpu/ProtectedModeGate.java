// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.cpu;

/** Entry through an 8-byte IDT gate in protected mode (SDM vol. 3, 6.12.1): 16- and 32-bit interrupt and trap gates. */
final class ProtectedModeGate {
    private ProtectedModeGate() {}

    static void enter(Cpu cpu, int vector, int errorCode, int external, long returnRip, long savedFlags) {
        long gate = readGate(cpu, vector, external);
        int type = (int) (gate >>> 40) & 31;
        int selector = (int) (gate >>> 16) & 0xFFFF;
        int width = (type & 8) != 0 ? 32 : 16;
        long descriptor = Descriptor.read(cpu, selector, X86Fault.GP, external);
        int attributes = Descriptor.attributes(descriptor);
        if (!Descriptor.isCode(attributes) || Descriptor.dpl(attributes) > cpu.cpl) {
            throw cpu.raise(X86Fault.GP, selector & 0xFFFC | external);
        }
        if ((attributes & Descriptor.PRESENT) == 0) {
            throw cpu.raise(X86Fault.NP, selector & 0xFFFC | external);
        }
        int cpl = (attributes & Descriptor.CONFORMING) != 0 ? cpu.cpl : Descriptor.dpl(attributes);
        SavedStack saved = new SavedStack(cpu);
        try {
            if (cpl < cpu.cpl) {
                switchStack(cpu, cpl, width);
            }
            cpu.push(width, savedFlags);
            cpu.push(width, cpu.selector[Cpu.CS]);
            cpu.push(width, returnRip);
            if (errorCode != X86Fault.NO_ERROR_CODE) {
                cpu.push(width, errorCode);
            }
        } catch (X86Fault | DeviceStore fault) {
            saved.restore(cpu);
            throw fault;
        }
        SegmentRegisters.setCode(cpu, selector, Descriptor.markAccessed(cpu, selector, descriptor), cpl);
        cpu.nextRip = width == 32 ? gate & 0xFFFF | gate >>> 32 & 0xFFFF0000L : gate & 0xFFFF;
        ExceptionDelivery.clearFlags(cpu, (type & 1) == 0);
    }

    private static long readGate(Cpu cpu, int vector, int external) {
        int gateError = ExceptionDelivery.gateError(vector, external);
        if (vector * 8 + 7 > cpu.idtLimit) {
            throw cpu.raise(X86Fault.GP, gateError);
        }
        long gate = cpu.mmu.loadSystem(cpu.idtBase + vector * 8L, 8);
        int type = (int) (gate >>> 40) & 31;
        boolean known = (type & 0x16) == 6; // 6, 7, 14, 15; task gates are not supported
        if (!known || external == 0 && (gate >>> 45 & 3) < cpu.cpl) {
            throw cpu.raise(X86Fault.GP, gateError);
        }
        if ((gate >>> 47 & 1) == 0) {
            throw cpu.raise(X86Fault.NP, gateError);
        }
        return gate;
    }

    /** Loads SS:ESP of {@code cpl} from a 32-bit TSS and pushes the old pair. */
    static void switchStack(Cpu cpu, int cpl, int width) {
        int offset = 4 + cpl * 8;
        if (offset + 5 > cpu.trLimit) {
            throw cpu.raise(X86Fault.TS, cpu.trSelector & 0xFFFC);
        }
        long oldSp = cpu.r[Cpu.RSP];
        int oldSs = cpu.selector[Cpu.SS];
        long sp = cpu.mmu.loadSystem(cpu.trBase + offset, 4);
        int ss = (int) cpu.mmu.loadSystem(cpu.trBase + offset + 4, 2);
        SegmentRegisters.loadStack(cpu, ss, X86Fault.TS, cpl);
        SegmentRegisters.setPrivilege(cpu, cpl);
        cpu.r[Cpu.RSP] = sp;
        cpu.push(width, oldSs);
        cpu.push(width, oldSp);
    }
}
