// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.mmu;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.CpuidLeaves;
import mckernelj.emulator.cpu.X86Fault;
import mckernelj.emulator.hw.Msr;
import mckernelj.emulator.memory.Ram;

/**
 * Paging as in SDM vol. 3, chapter 4: no paging, 32-bit, PAE and 4-level paging with all page sizes; rights, reserved
 * bits, accessed and dirty flags. No protection keys.
 */
final class PageWalker {
    /** Access, ORed: the error code's bits. */
    static final int READ = 0;

    static final int WRITE = 1 << 1;
    static final int USER = 1 << 2;
    static final int FETCH = 1 << 4;

    /** A supervisor's access to data while RFLAGS.AC lets it use user pages in spite of SMAP. Not in the error code. */
    static final int SMAP_EXEMPT = 1 << 9;

    private static final int PRESENT = 1;
    private static final int RESERVED_FAULT = 1 << 3;

    private static final long P = 1;
    private static final long RW = 1 << 1;
    private static final long US = 1 << 2;
    private static final long A = 1 << 5;
    private static final long D = 1 << 6;
    private static final long PS = 1 << 7;
    private static final long G = 1 << 8;
    private static final long NX = 1L << 63;

    private static final long CR0_WP = 1 << 16;
    private static final long CR0_PG = 1L << 31;
    private static final long CR4_PSE = 1 << 4;
    private static final long CR4_PAE = 1 << 5;
    private static final long CR4_PGE = 1 << 7;
    private static final long CR4_SMEP = 1 << 20;
    private static final long CR4_SMAP = 1 << 21;

    /** Physical address bits 12..MAXPHYADDR-1. */
    private static final long FRAME = (1L << CpuidLeaves.PHYSICAL_BITS) - 4096;

    private static final long TOO_HIGH = (1L << 52) - (1L << CpuidLeaves.PHYSICAL_BITS);

    private final Cpu cpu;
    private final Ram ram;
    private final long[] entryAddress = new long[4];
    private final long[] entry = new long[4];
    private int levels;

    /** Results: size of the page as a shift, and whether it is global. */
    int pageShift;

    boolean global;

    PageWalker(Cpu cpu, Ram ram) {
        this.cpu = cpu;
        this.ram = ram;
    }

    /** Physical address of {@code linear}, or the page fault (or #GP for a non-canonical address). */
    long translate(long linear, int access) {
        pageShift = 12;
        global = false;
        if ((cpu.cr0 & CR0_PG) == 0) {
            return linear & 0xFFFFFFFFL;
        }
        if ((cpu.efer & Msr.EFER_LMA) != 0) {
            if (linear << 16 >> 16 != linear) {
                throw cpu.raiseNonCanonical(linear);
            }
            return walk(linear, access, cpu.cr3 & FRAME, 48);
        }
        long address = linear & 0xFFFFFFFFL;
        if ((cpu.cr4 & CR4_PAE) != 0) {
            return walk(address, access, cpu.cr3 & 0xFFFFFFE0L, 32);
        }
        return walk32(address, access);
    }

    /** 4-level and PAE paging: 8-byte entries. {@code bits}: width of the linear address. */
    private long walk(long linear, int access, long table, int bits) {
        boolean pae = bits == 32;
        long at = table;
        long rights = RW | US;
        long noExecute = 0;
        levels = 0;
        for (int shift = pae ? 30 : 39; ; shift -= 9) {
            int indexMask = pae && shift == 30 ? 3 : 511;
            long address = at + ((linear >>> shift & indexMask) << 3);
            boolean directoryPointer = pae && shift == 30;
            long e = directoryPointer ? cpu.pdpte[(int) (linear >>> 30)] : ram.getLong(address);
            if ((e & P) == 0) {
                throw fault(linear, access, 0);
            }
            boolean leaf = shift == 12 || (e & PS) != 0 && (shift == 21 || shift == 30 && !pae);
            if (!directoryPointer && (e & reservedBits(shift, leaf, pae)) != 0) {
                throw fault(linear, access, PRESENT | RESERVED_FAULT);
            }
            if (!directoryPointer) {
                entryAddress[levels] = address;
                entry[levels++] = e;
                rights &= e;
                noExecute |= e & NX;
            }
            if (leaf) {
                checkRights(linear, access, rights, noExecute != 0);
                if (!markUsed(access, true)) {
                    return walk(linear, access, table, bits);
                }
                pageShift = shift;
                global = isGlobal(e);
                long offset = (1L << shift) - 1;
                return e & FRAME & ~offset | linear & offset;
            }
            at = e & FRAME;
        }
    }

    private long reservedBits(int shift, boolean leaf, boolean pae) {
        long bits = TOO_HIGH;
        if ((cpu.efer & Msr.EFER_NXE) == 0) {
            bits |= NX;
        }
        if (pae) {
            bits |= 0x7FF0_0000_0000_0000L;
        }
        if (leaf && shift > 12) {
            bits |= (1L << shift) - (1L << 13);
        } else if (shift > 30) {
            bits |= PS;
        }
        return bits;
    }

    /** 32-bit paging: 4-byte entries, 4 MiB pages with CR4.PSE. */
    private long walk32(long linear, int access) {
        levels = 0;
        long directory = (cpu.cr3 & 0xFFFFF000L) + (linear >>> 22 << 2);
        long e = entry32(linear, access, directory);
        long rights = e;
        if ((e & PS) != 0 && (cpu.cr4 & CR4_PSE) != 0) {
            if ((e & 1 << 21) != 0) {
                throw fault(linear, access, PRESENT | RESERVED_FAULT);
            }
            checkRights(linear, access, rights, false);
            pageShift = 22;
            global = isGlobal(e);
            long high = (e >>> 13 & 0xFF) << 32;
            return markUsed(access, false) ? high | e & 0xFFC00000L | linear & 0x3FFFFF : walk32(linear, access);
        }
        long leaf = entry32(linear, access, (e & 0xFFFFF000L) + ((linear >>> 12 & 1023) << 2));
        checkRights(linear, access, rights & leaf, false);
        global = isGlobal(leaf);
        return markUsed(access, false) ? leaf & 0xFFFFF000L | linear & 0xFFF : walk32(linear, access);
    }

    private long entry32(long linear, int access, long address) {
        long e = ram.getInt(address) & 0xFFFFFFFFL;
        if ((e & P) == 0) {
            throw fault(linear, access, 0);
        }
        entryAddress[levels] = address;
        entry[levels++] = e;
        return e;
    }

    private boolean isGlobal(long leaf) {
        return (leaf & G) != 0 && (cpu.cr4 & CR4_PGE) != 0;
    }

    private void checkRights(long linear, int access, long rights, boolean noExecute) {
        boolean user = (access & USER) != 0;
        boolean denied = user && (rights & US) == 0;
        if ((access & WRITE) != 0) {
            denied |= (rights & RW) == 0 && (user || (cpu.cr0 & CR0_WP) != 0);
        }
        if ((access & FETCH) != 0) {
            denied |= noExecute || !user && (rights & US) != 0 && (cpu.cr4 & CR4_SMEP) != 0;
        } else if (!user && (rights & US) != 0 && (access & SMAP_EXEMPT) == 0) {
            denied |= (cpu.cr4 & CR4_SMAP) != 0;
        }
        if (denied) {
            throw fault(linear, access, PRESENT);
        }
    }

    /**
     * Sets A in all entries, and D in the leaf for a write, by compare-and-swap; false: an entry changed, walk again.
     */
    private boolean markUsed(int access, boolean wide) {
        for (int i = 0; i < levels; i++) {
            long old = entry[i];
            long used = old | A | ((access & WRITE) != 0 && i == levels - 1 ? D : 0);
            if (used != old && !replace(entryAddress[i], old, used, wide)) {
                return false;
            }
        }
        return true;
    }

    private boolean replace(long address, long old, long used, boolean wide) {
        if (!ram.isRam(address, 8)) {
            return true; // a table outside RAM reads all ones and cannot be written
        }
        return wide ? ram.compareAndSetLong(address, old, used) : ram.compareAndSetInt(address, (int) old, (int) used);
    }

    private X86Fault fault(long linear, int access, int bits) {
        boolean fetchReported = (cpu.cr4 & CR4_SMEP) != 0 || (cpu.efer & Msr.EFER_NXE) != 0 && (cpu.cr4 & CR4_PAE) != 0;
        cpu.fault.faultLinear = linear;
        return cpu.raise(X86Fault.PF, bits | access & ~SMAP_EXEMPT & ~(fetchReported ? 0 : FETCH));
    }
}
