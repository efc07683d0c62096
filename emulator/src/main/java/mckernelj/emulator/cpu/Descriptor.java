// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.cpu;

/**
 * Fields of an 8-byte segment descriptor (SDM vol. 3, 3.4.5), and how one is found in the GDT or LDT. Attributes are
 * the descriptor's bits 40..55 without the limit, as in {@link Cpu#segmentAttributes}.
 */
final class Descriptor {
    static final int ACCESSED = 1;
    static final int WRITABLE = 1 << 1; // data; for code: readable
    static final int CONFORMING = 1 << 2; // code; for data: expand down
    static final int CODE = 1 << 3;
    static final int NOT_SYSTEM = 1 << 4;
    static final int PRESENT = 1 << 7;
    static final int LONG = 1 << 13;
    static final int BIG = 1 << 14;
    static final int GRANULAR = 1 << 15;

    static final int TSS_AVAILABLE = 9;
    static final int TSS_BUSY = 11;
    static final int LDT = 2;

    private Descriptor() {}

    static long base(long descriptor) {
        return descriptor >>> 16 & 0xFFFFFF | descriptor >>> 32 & 0xFF000000L;
    }

    static long limit(long descriptor) {
        long limit = descriptor & 0xFFFF | descriptor >>> 32 & 0xF0000;
        return (attributes(descriptor) & GRANULAR) != 0 ? limit << 12 | 0xFFF : limit;
    }

    static int attributes(long descriptor) {
        return (int) (descriptor >>> 40) & 0xF0FF;
    }

    static int dpl(int attributes) {
        return attributes >> 5 & 3;
    }

    static int type(int attributes) {
        return attributes & 31;
    }

    static boolean isCode(int attributes) {
        return (attributes & (NOT_SYSTEM | CODE)) == (NOT_SYSTEM | CODE);
    }

    static boolean isWritableData(int attributes) {
        return (attributes & (NOT_SYSTEM | CODE | WRITABLE)) == (NOT_SYSTEM | WRITABLE);
    }

    /** Linear address of the descriptor that {@code selector} names, or -1 beyond the table's limit. */
    static long address(Cpu cpu, int selector) {
        boolean local = (selector & 4) != 0;
        int offset = selector & 0xFFF8;
        if (local && (cpu.ldtSelector & 0xFFFC) == 0 || offset + 7 > (local ? cpu.ldtLimit : cpu.gdtLimit)) {
            return -1;
        }
        return (local ? cpu.ldtBase : cpu.gdtBase) + offset;
    }

    /**
     * The descriptor; a fault {@code vector} with the selector as error code (ORed with {@code external}) beyond the
     * limit.
     */
    static long read(Cpu cpu, int selector, int vector, int external) {
        long address = address(cpu, selector);
        if (address == -1) {
            throw cpu.raise(vector, selector & 0xFFFC | external);
        }
        return cpu.mmu.loadSystem(address, 8);
    }

    /** Sets the accessed bit in memory, as loading a segment register does. */
    static long markAccessed(Cpu cpu, int selector, long descriptor) {
        if ((descriptor >>> 40 & ACCESSED) == 0) {
            cpu.mmu.storeSystem(address(cpu, selector) + 5, 1, descriptor >>> 40 & 0xFF | ACCESSED);
        }
        return descriptor | 1L << 40;
    }
}
