// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.cpu;

/** One entry through a 16-byte IDT gate in IA-32e mode (SDM vol. 3, 6.14). */
final class LongModeGate {
    private static final int INTERRUPT_GATE = 14;
    private static final int TRAP_GATE = 15;
    private static final int TSS_RSP0 = 4;
    private static final int TSS_IST1 = 0x24;

    private final Cpu cpu;
    private final int external;
    private final boolean interruptGate;
    private final int selector;
    private final long target;
    private final int ist;
    private final long codeDescriptor;
    private final int newCpl;

    /** Reads and checks gate and code segment. */
    LongModeGate(Cpu cpu, int vector, int external) {
        this.cpu = cpu;
        this.external = external;
        int gateError = ExceptionDelivery.gateError(vector, external);
        if (vector * 16 + 15 > cpu.idtLimit) {
            throw cpu.raise(X86Fault.GP, gateError);
        }
        long low = cpu.mmu.loadSystem(cpu.idtBase + vector * 16L, 8);
        long high = cpu.mmu.loadSystem(cpu.idtBase + vector * 16L + 8, 8);
        int type = (int) (low >>> 40) & 31;
        boolean software = external == 0;
        if (type != INTERRUPT_GATE && type != TRAP_GATE || software && ((low >>> 45) & 3) < cpu.cpl) {
            throw cpu.raise(X86Fault.GP, gateError);
        }
        if ((low >>> 47 & 1) == 0) {
            throw cpu.raise(X86Fault.NP, gateError);
        }
        interruptGate = type == INTERRUPT_GATE;
        selector = (int) (low >>> 16) & 0xFFFF;
        target = low & 0xFFFF | low >>> 32 & 0xFFFF0000L | high << 32;
        ist = (int) (low >>> 32) & 7;
        codeDescriptor = readCodeSegment();
        int attributes = Descriptor.attributes(codeDescriptor);
        newCpl = (attributes & Descriptor.CONFORMING) != 0 ? cpu.cpl : Descriptor.dpl(attributes);
    }

    private long readCodeSegment() {
        if ((selector & 0xFFFC) == 0) {
            throw cpu.raise(X86Fault.GP, external);
        }
        long descriptor = Descriptor.read(cpu, selector, X86Fault.GP, external);
        int attributes = Descriptor.attributes(descriptor);
        boolean long64 = (attributes & (Descriptor.LONG | Descriptor.BIG)) == Descriptor.LONG;
        if (!Descriptor.isCode(attributes) || !long64 || Descriptor.dpl(attributes) > cpu.cpl) {
            throw cpu.raise(X86Fault.GP, selector & 0xFFFC | external);
        }
        if ((attributes & Descriptor.PRESENT) == 0) {
            throw cpu.raise(X86Fault.NP, selector & 0xFFFC | external);
        }
        return descriptor;
    }

    /** Pushes SS, RSP, RFLAGS, CS, RIP and the error code on the new stack, then changes the state. */
    void enter(int errorCode, long returnRip, long savedFlags) {
        boolean inner = newCpl < cpu.cpl;
        long stack = newStack(inner) & -16L;
        boolean hasError = errorCode != X86Fault.NO_ERROR_CODE;
        long top = stack - (hasError ? 48 : 40);
        checkCanonical(top, X86Fault.SS);
        checkCanonical(target, X86Fault.GP);
        long oldSp = cpu.r[Cpu.RSP];
        int oldSs = cpu.selector[Cpu.SS];
        int oldCs = cpu.selector[Cpu.CS];
        int oldCpl = cpu.cpl;
        SegmentRegisters.setPrivilege(cpu, newCpl);
        try {
            cpu.checkWrite(top, (int) (stack - top));
            cpu.store64(stack - 8, oldSs);
            cpu.store64(stack - 16, oldSp);
            cpu.store64(stack - 24, savedFlags);
            cpu.store64(stack - 32, oldCs);
            cpu.store64(stack - 40, returnRip);
            if (hasError) {
                cpu.store64(top, errorCode);
            }
        } catch (X86Fault | DeviceStore fault) {
            SegmentRegisters.setPrivilege(cpu, oldCpl);
            throw fault;
        }
        SegmentRegisters.setCode(cpu, selector, codeDescriptor, newCpl);
        if (inner) {
            SegmentRegisters.setNull(cpu, Cpu.SS, newCpl);
        }
        cpu.r[Cpu.RSP] = top;
        cpu.nextRip = target;
        ExceptionDelivery.clearFlags(cpu, interruptGate);
    }

    private long newStack(boolean inner) {
        if (ist != 0) {
            return tssWord(TSS_IST1 + (ist - 1) * 8);
        }
        return inner ? tssWord(TSS_RSP0 + newCpl * 8) : cpu.r[Cpu.RSP];
    }

    private long tssWord(int offset) {
        if (offset + 7 > cpu.trLimit) {
            throw cpu.raise(X86Fault.TS, cpu.trSelector & 0xFFFC | external);
        }
        return cpu.mmu.loadSystem(cpu.trBase + offset, 8);
    }

    private void checkCanonical(long linear, int vector) {
        if (linear << 16 >> 16 != linear) {
            throw cpu.raise(vector, external);
        }
    }
}
