// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.cpu;

import mckernelj.emulator.hw.Msr;

/**
 * Loads of segment registers in real, protected and long mode (SDM vol. 3, 3.4, 5.6), and the mode that follows from
 * CS. In 64-bit mode the bases of ES, CS, SS and DS count as zero. Limits and rights of data segments are checked in
 * 16- and 32-bit code. No virtual-8086 mode.
 */
public final class SegmentRegisters {
    private static final int REAL_ATTRIBUTES = 0x93;
    private static final int NULL_ATTRIBUTES = 0;
    private static final int[] WAITING = {Cpu.ES, Cpu.SS, Cpu.DS};

    private SegmentRegisters() {}

    public static boolean realMode(Cpu cpu) {
        return (cpu.cr0 & ControlRegisters.CR0_PE) == 0;
    }

    public static boolean longMode(Cpu cpu) {
        return (cpu.efer & Msr.EFER_LMA) != 0;
    }

    /** MOV Sreg, POP Sreg, LxS, IRET to ES, SS, DS, FS or GS. */
    public static void load(Cpu cpu, int segment, int selector) {
        if (realMode(cpu)) {
            loadReal(cpu, segment, selector);
        } else if ((selector & 0xFFFC) == 0) {
            loadNull(cpu, segment, selector);
        } else if (segment == Cpu.SS) {
            loadStack(cpu, selector, X86Fault.GP, cpu.cpl);
        } else {
            loadData(cpu, segment, selector);
        }
    }

    static void loadReal(Cpu cpu, int segment, int selector) {
        cpu.selector[segment] = selector & 0xFFFF;
        cpu.r[segment] = (selector & 0xFFFFL) << 4;
        // Limit and D/B of the cached descriptor stay as they were in protected mode.
        cpu.segmentAttributes[segment] = REAL_ATTRIBUTES | cpu.segmentAttributes[segment] & Descriptor.BIG;
    }

    private static void loadNull(Cpu cpu, int segment, int selector) {
        if (segment == Cpu.SS && !(cpu.long64 && cpu.cpl != 3 && (selector & 3) == cpu.cpl)) {
            throw cpu.raise(X86Fault.GP, 0);
        }
        setNull(cpu, segment, selector);
    }

    /** FS and GS keep their base in no case: the SDM leaves it open, Intel processors clear it. */
    static void setNull(Cpu cpu, int segment, int selector) {
        cpu.selector[segment] = selector;
        setBase(cpu, segment, 0);
        cpu.segmentAttributes[segment] = segment == Cpu.SS ? cpu.cpl << 5 | Descriptor.BIG : NULL_ATTRIBUTES;
    }

    private static void loadData(Cpu cpu, int segment, int selector) {
        long descriptor = Descriptor.read(cpu, selector, X86Fault.GP, 0);
        int attributes = Descriptor.attributes(descriptor);
        boolean code = (attributes & Descriptor.CODE) != 0;
        boolean unreadableCode = code && (attributes & Descriptor.WRITABLE) == 0;
        boolean readable = (attributes & Descriptor.NOT_SYSTEM) != 0 && !unreadableCode;
        boolean conforming = code && (attributes & Descriptor.CONFORMING) != 0;
        int privilege = Math.max(cpu.cpl, selector & 3);
        if (!readable || !conforming && privilege > Descriptor.dpl(attributes)) {
            throw cpu.raise(X86Fault.GP, selector & 0xFFFC);
        }
        if ((attributes & Descriptor.PRESENT) == 0) {
            throw cpu.raise(X86Fault.NP, selector & 0xFFFC);
        }
        set(cpu, segment, selector, Descriptor.markAccessed(cpu, selector, descriptor));
    }

    /**
     * SS for privilege {@code cpl}; what is wrong with the selector raises {@code vector} (#GP, or #TS for a stack
     * from the TSS).
     */
    static void loadStack(Cpu cpu, int selector, int vector, int cpl) {
        long descriptor = checkStack(cpu, selector, vector, cpl);
        set(cpu, Cpu.SS, selector, Descriptor.markAccessed(cpu, selector, descriptor));
    }

    static long checkStack(Cpu cpu, int selector, int vector, int cpl) {
        long descriptor = Descriptor.read(cpu, selector, vector, 0);
        int attributes = Descriptor.attributes(descriptor);
        if ((selector & 3) != cpl || !Descriptor.isWritableData(attributes) || Descriptor.dpl(attributes) != cpl) {
            throw cpu.raise(vector, selector & 0xFFFC);
        }
        if ((attributes & Descriptor.PRESENT) == 0) {
            throw cpu.raise(X86Fault.SS, selector & 0xFFFC);
        }
        return descriptor;
    }

    /** True if the segment's limit, type and presence allow an access (SDM vol. 3, 5.3 to 5.5). */
    static boolean permits(Cpu cpu, int segment, long offset, int bytes, boolean write) {
        int attributes = cpu.segmentAttributes[segment];
        long limit = cpu.segmentLimit[segment];
        long last = offset + bytes - 1;
        if ((attributes & (Descriptor.CODE | Descriptor.CONFORMING)) == Descriptor.CONFORMING) { // data: expands down
            long top = (attributes & Descriptor.BIG) != 0 ? 0xFFFFFFFFL : 0xFFFF;
            if (offset <= limit || last > top) {
                return false;
            }
        } else if (last > limit && limit != 0xFFFFFFFFL) { // of 4 GiB: addresses wrap around
            return false;
        }
        boolean code = (attributes & Descriptor.CODE) != 0;
        boolean flag = (attributes & Descriptor.WRITABLE) != 0;
        return (attributes & Descriptor.PRESENT) != 0 && (write ? !code && flag || realMode(cpu) : !code || flag);
    }

    /** Loads the hidden part from {@code descriptor}, unchecked. */
    static void set(Cpu cpu, int segment, int selector, long descriptor) {
        cpu.selector[segment] = selector & 0xFFFF;
        setBase(cpu, segment, Descriptor.base(descriptor));
        cpu.segmentLimit[segment] = Descriptor.limit(descriptor);
        cpu.segmentAttributes[segment] = Descriptor.attributes(descriptor);
    }

    /** In 64-bit code the bases of ES, CS, SS and DS do not count. */
    private static void setBase(Cpu cpu, int segment, long base) {
        boolean flat = cpu.long64 && segment < Cpu.FS;
        cpu.r[segment] = flat ? 0 : base;
        cpu.waitingBase[segment] = base;
    }

    /** Loads CS with a checked code descriptor and enters privilege {@code cpl} and the segment's mode. */
    static void setCode(Cpu cpu, int selector, long descriptor, int cpl) {
        set(cpu, Cpu.CS, selector & 0xFFFC | cpl, descriptor);
        setPrivilege(cpu, cpl);
        updateMode(cpu);
    }

    static void setPrivilege(Cpu cpu, int cpl) {
        if (cpu.cpl != cpl) {
            cpu.cpl = cpl;
            cpu.mmu.privilegeChanged();
        }
    }

    /** Flat 64-bit (or 32-bit) segments as SYSCALL, SYSRET, SYSENTER and SYSEXIT load them. */
    static void setFlat(Cpu cpu, int codeSelector, int stackSelector, int cpl, boolean code64) {
        cpu.selector[Cpu.CS] = codeSelector & 0xFFFC | cpl;
        cpu.r[Cpu.CS] = 0;
        cpu.segmentLimit[Cpu.CS] = 0xFFFFFFFFL;
        cpu.segmentAttributes[Cpu.CS] = 0x809B | cpl << 5 | (code64 ? Descriptor.LONG : Descriptor.BIG);
        cpu.selector[Cpu.SS] = stackSelector & 0xFFFC | cpl;
        setBase(cpu, Cpu.SS, 0);
        cpu.segmentLimit[Cpu.SS] = 0xFFFFFFFFL;
        cpu.segmentAttributes[Cpu.SS] = 0xC093 | cpl << 5;
        setPrivilege(cpu, cpl);
        updateMode(cpu);
    }

    /** After a change of CS, CR0.PE or EFER.LMA. The bases of ES, SS and DS wait while 64-bit code runs. */
    static void updateMode(Cpu cpu) {
        int attributes = cpu.segmentAttributes[Cpu.CS];
        boolean was64 = cpu.long64;
        cpu.long64 = longMode(cpu) && (attributes & Descriptor.LONG) != 0;
        cpu.codeSize = cpu.long64 ? 64 : (attributes & Descriptor.BIG) != 0 ? 32 : 16;
        if (cpu.long64) {
            cpu.r[Cpu.CS] = 0;
        }
        if (was64 != cpu.long64) {
            for (int segment : WAITING) {
                long base = cpu.r[segment];
                cpu.r[segment] = cpu.long64 ? 0 : cpu.waitingBase[segment];
                cpu.waitingBase[segment] = base;
            }
        }
    }

    /** After a return to a less privileged level: segments that are now too privileged become null. */
    static void dropPrivileged(Cpu cpu) {
        for (int segment : new int[] {Cpu.ES, Cpu.DS, Cpu.FS, Cpu.GS}) {
            int attributes = cpu.segmentAttributes[segment];
            boolean conformingCode = Descriptor.isCode(attributes) && (attributes & Descriptor.CONFORMING) != 0;
            if ((cpu.selector[segment] & 0xFFFC) != 0 && !conformingCode && Descriptor.dpl(attributes) < cpu.cpl) {
                setNull(cpu, segment, 0);
            }
        }
    }

    /** LLDT. */
    public static void loadLdt(Cpu cpu, int selector) {
        if ((selector & 0xFFFC) == 0) {
            cpu.ldtSelector = selector;
            return;
        }
        long descriptor = systemDescriptor(cpu, selector, Descriptor.LDT);
        cpu.ldtBase = systemBase(cpu, selector, descriptor);
        cpu.ldtLimit = (int) Math.min(Descriptor.limit(descriptor), 0xFFFF);
        cpu.ldtSelector = selector;
    }

    /** LTR: the TSS becomes busy. */
    public static void loadTaskRegister(Cpu cpu, int selector) {
        if ((selector & 0xFFFC) == 0) {
            throw cpu.raise(X86Fault.GP, 0);
        }
        long descriptor = systemDescriptor(cpu, selector, Descriptor.TSS_AVAILABLE);
        long base = systemBase(cpu, selector, descriptor);
        cpu.mmu.storeSystem(Descriptor.address(cpu, selector) + 5, 1, descriptor >>> 40 & 0xFF | 2);
        cpu.trBase = base;
        cpu.trLimit = (int) Math.min(Descriptor.limit(descriptor), Integer.MAX_VALUE);
        cpu.trAttributes = Descriptor.attributes(descriptor) | 2;
        cpu.trSelector = selector;
    }

    private static long systemDescriptor(Cpu cpu, int selector, int type) {
        if ((selector & 4) != 0) {
            throw cpu.raise(X86Fault.GP, selector & 0xFFFC);
        }
        long descriptor = Descriptor.read(cpu, selector, X86Fault.GP, 0);
        int attributes = Descriptor.attributes(descriptor);
        if (Descriptor.type(attributes) != type) {
            throw cpu.raise(X86Fault.GP, selector & 0xFFFC);
        }
        if ((attributes & Descriptor.PRESENT) == 0) {
            throw cpu.raise(X86Fault.NP, selector & 0xFFFC);
        }
        return descriptor;
    }

    /** System descriptors are 16 bytes in long mode. */
    private static long systemBase(Cpu cpu, int selector, long descriptor) {
        long base = Descriptor.base(descriptor);
        if (!longMode(cpu)) {
            return base;
        }
        if ((selector & 0xFFF8) + 15 > cpu.gdtLimit) {
            throw cpu.raise(X86Fault.GP, selector & 0xFFFC);
        }
        return base | cpu.mmu.loadSystem(Descriptor.address(cpu, selector) + 8, 4) << 32;
    }
}
