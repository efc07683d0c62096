// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.cpu;

/**
 * Far CALL and JMP through a call gate (SDM vol. 3, 5.8.3 to 5.8.5): 64-bit gates in IA-32e mode, else 16- and 32-bit
 * gates with parameters. The offset of the far pointer does not count.
 */
final class CallGate {
    private static final int GATE16 = 4;
    private static final int GATE32 = 12;
    private static final int UPPER_TYPE = 0x1F00;
    private static final int TSS_RSP0 = 4;

    private final Cpu cpu;
    private final boolean longMode;
    private final int width;
    private final int parameters;
    private final int codeSelector;
    private final long target;
    private final long codeDescriptor;

    /** True if {@code selector} names a call gate of the current mode. */
    static boolean isNamedBy(Cpu cpu, int selector) {
        long address = (selector & 0xFFFC) == 0 ? -1 : Descriptor.address(cpu, selector);
        if (address == -1) {
            return false;
        }
        int type = Descriptor.type(Descriptor.attributes(cpu.mmu.loadSystem(address, 8)));
        return type == GATE32 || type == GATE16 && !SegmentRegisters.longMode(cpu);
    }

    /** Reads and checks the gate and its code segment. */
    CallGate(Cpu cpu, int selector) {
        this.cpu = cpu;
        longMode = SegmentRegisters.longMode(cpu);
        long gate = Descriptor.read(cpu, selector, X86Fault.GP, 0);
        int attributes = Descriptor.attributes(gate);
        int dpl = Descriptor.dpl(attributes);
        long upper = longMode ? upperHalf(selector) : 0;
        if (dpl < cpu.cpl || dpl < (selector & 3) || (upper >>> 32 & UPPER_TYPE) != 0) {
            throw cpu.raise(X86Fault.GP, selector & 0xFFFC);
        }
        if ((attributes & Descriptor.PRESENT) == 0) {
            throw cpu.raise(X86Fault.NP, selector & 0xFFFC);
        }
        width = longMode ? 64 : Descriptor.type(attributes) == GATE32 ? 32 : 16;
        parameters = longMode ? 0 : (int) (gate >>> 32) & 31;
        codeSelector = (int) (gate >>> 16) & 0xFFFF;
        long high = width == 16 ? 0 : gate >>> 32 & 0xFFFF0000L | upper << 32;
        target = gate & 0xFFFF | high;
        codeDescriptor = readCode();
    }

    private long upperHalf(int selector) {
        if ((selector & 0xFFF8) + 15 > ((selector & 4) != 0 ? cpu.ldtLimit : cpu.gdtLimit)) {
            throw cpu.raise(X86Fault.GP, selector & 0xFFFC);
        }
        return cpu.mmu.loadSystem(Descriptor.address(cpu, selector) + 8, 8);
    }

    private long readCode() {
        if ((codeSelector & 0xFFFC) == 0) {
            throw cpu.raise(X86Fault.GP, 0);
        }
        long descriptor = Descriptor.read(cpu, codeSelector, X86Fault.GP, 0);
        int attributes = Descriptor.attributes(descriptor);
        boolean code64 = (attributes & (Descriptor.LONG | Descriptor.BIG)) == Descriptor.LONG;
        if (!Descriptor.isCode(attributes) || Descriptor.dpl(attributes) > cpu.cpl || longMode && !code64) {
            throw cpu.raise(X86Fault.GP, codeSelector & 0xFFFC);
        }
        if ((attributes & Descriptor.PRESENT) == 0) {
            throw cpu.raise(X86Fault.NP, codeSelector & 0xFFFC);
        }
        return descriptor;
    }

    private int newPrivilege() {
        int attributes = Descriptor.attributes(codeDescriptor);
        return (attributes & Descriptor.CONFORMING) != 0 ? cpu.cpl : Descriptor.dpl(attributes);
    }

    void jump() {
        if (newPrivilege() != cpu.cpl) {
            throw cpu.raise(X86Fault.GP, codeSelector & 0xFFFC);
        }
        checkTarget();
        enter(cpu.cpl);
    }

    void call() {
        checkTarget();
        int privilege = newPrivilege();
        if (longMode) {
            callLong(privilege);
        } else {
            callLegacy(privilege);
        }
        enter(privilege);
    }

    private void checkTarget() {
        boolean legal = longMode
                ? target << 16 >> 16 == target
                : Long.compareUnsigned(target, Descriptor.limit(codeDescriptor)) <= 0;
        if (!legal) {
            throw cpu.raise(X86Fault.GP, 0);
        }
    }

    private void enter(int privilege) {
        SegmentRegisters.setCode(
                cpu, codeSelector, Descriptor.markAccessed(cpu, codeSelector, codeDescriptor), privilege);
        cpu.nextRip = target;
    }

    private void callLong(int privilege) {
        int oldPrivilege = cpu.cpl;
        boolean inner = privilege < oldPrivilege;
        long stack = inner ? newStack(privilege) : cpu.r[Cpu.RSP];
        long top = stack - (inner ? 32 : 16);
        SegmentRegisters.setPrivilege(cpu, privilege);
        try {
            cpu.checkWrite(top, (int) (stack - top));
            if (inner) {
                cpu.store64(stack - 8, cpu.selector[Cpu.SS]);
                cpu.store64(stack - 16, cpu.r[Cpu.RSP]);
            }
            cpu.store64(top + 8, cpu.selector[Cpu.CS]);
            cpu.store64(top, cpu.nextRip);
        } catch (X86Fault | DeviceStore fault) {
            SegmentRegisters.setPrivilege(cpu, oldPrivilege);
            throw fault;
        }
        if (inner) {
            SegmentRegisters.setNull(cpu, Cpu.SS, privilege);
        }
        cpu.r[Cpu.RSP] = top;
    }

    private long newStack(int privilege) {
        int offset = TSS_RSP0 + privilege * 8;
        if (offset + 7 > cpu.trLimit) {
            throw cpu.raise(X86Fault.TS, cpu.trSelector & 0xFFFC);
        }
        long stack = cpu.mmu.loadSystem(cpu.trBase + offset, 8);
        if (stack << 16 >> 16 != stack) {
            throw cpu.raise(X86Fault.SS, 0);
        }
        return stack;
    }

    private void callLegacy(int privilege) {
        long[] copied = new long[parameters];
        boolean inner = privilege < cpu.cpl;
        for (int i = 0; inner && i < parameters; i++) {
            copied[i] = cpu.peekStack(width, (long) i * (width >> 3));
        }
        SavedStack saved = new SavedStack(cpu);
        try {
            if (inner) {
                ProtectedModeGate.switchStack(cpu, privilege, width);
                for (int i = parameters - 1; i >= 0; i--) {
                    cpu.push(width, copied[i]);
                }
            }
            cpu.push(width, cpu.selector[Cpu.CS]);
            cpu.push(width, cpu.nextRip);
        } catch (X86Fault | DeviceStore fault) {
            saved.restore(cpu);
            throw fault;
        }
    }
}
