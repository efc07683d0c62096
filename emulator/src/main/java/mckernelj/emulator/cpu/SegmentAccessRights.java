// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.cpu;

/** What LAR, LSL, VERR and VERW find out about a selector without loading it (SDM vol. 2). Protected mode only. */
public final class SegmentAccessRights {
    /** System descriptor types that LAR and LSL accept: in IA-32e mode, and elsewhere. */
    private static final int LAR_LONG = 1 << 2 | 1 << 9 | 1 << 11 | 1 << 12;

    private static final int LAR_LEGACY = LAR_LONG | 1 << 1 | 1 << 3 | 1 << 4 | 1 << 5;
    private static final int LSL_LONG = 1 << 2 | 1 << 9 | 1 << 11;
    private static final int LSL_LEGACY = LSL_LONG | 1 << 1 | 1 << 3;

    private SegmentAccessRights() {}

    /** The second doubleword of the descriptor as LAR shows it, or -1. */
    public static long rights(Cpu cpu, int selector) {
        long descriptor = visible(cpu, selector, SegmentRegisters.longMode(cpu) ? LAR_LONG : LAR_LEGACY);
        return descriptor == 0 ? -1 : descriptor >>> 32 & 0xF0FF00;
    }

    /** The limit in bytes, or -1. */
    public static long limit(Cpu cpu, int selector) {
        long descriptor = visible(cpu, selector, SegmentRegisters.longMode(cpu) ? LSL_LONG : LSL_LEGACY);
        return descriptor == 0 ? -1 : Descriptor.limit(descriptor);
    }

    /** True if a segment can be read, or written. */
    public static boolean accessible(Cpu cpu, int selector, boolean write) {
        int attributes = Descriptor.attributes(visible(cpu, selector, 0));
        if ((attributes & Descriptor.NOT_SYSTEM) == 0) {
            return false;
        }
        boolean code = (attributes & Descriptor.CODE) != 0;
        boolean flag = (attributes & Descriptor.WRITABLE) != 0;
        return write ? !code && flag : !code || flag;
    }

    /** The descriptor, or 0 if there is none, its type is not in {@code systemTypes} or it is too privileged. */
    private static long visible(Cpu cpu, int selector, int systemTypes) {
        if (SegmentRegisters.realMode(cpu)) {
            throw cpu.raise(X86Fault.UD);
        }
        long address = (selector & 0xFFFC) == 0 ? -1 : Descriptor.address(cpu, selector);
        if (address == -1) {
            return 0;
        }
        long descriptor = cpu.mmu.loadSystem(address, 8);
        int attributes = Descriptor.attributes(descriptor);
        boolean system = (attributes & Descriptor.NOT_SYSTEM) == 0;
        boolean conforming = Descriptor.isCode(attributes) && (attributes & Descriptor.CONFORMING) != 0;
        boolean hidden = !conforming && Math.max(cpu.cpl, selector & 3) > Descriptor.dpl(attributes);
        return hidden || system && (systemTypes >> (attributes & 15) & 1) == 0 ? 0 : descriptor;
    }
}
