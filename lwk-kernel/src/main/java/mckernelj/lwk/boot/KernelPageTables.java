// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.boot;

import java.util.function.LongSupplier;
import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.ihk.layout.KernelSpace;
import mckernelj.ihk.layout.PageTableEntry;

/**
 * The kernel half of every address space, made of 2 MiB pages where possible: straight map and direct map of the assigned memory only
 * (a partition maps nothing else), kernel image, a few fixed pages. Its top-level entries are copied into each process's table,
 * so none may be added after boot.
 */
public final class KernelPageTables {
    private static final long GLOBAL = 1 << 8;
    private static final long PAGE = 4096;
    private static final long LARGE_PAGE = KernelSpace.LARGE_PAGE_SIZE;
    private static final long DATA =
            PageTableEntry.PRESENT | PageTableEntry.WRITABLE | GLOBAL | PageTableEntry.NO_EXECUTE;
    private static final long TEXT = PageTableEntry.PRESENT | PageTableEntry.WRITABLE | GLOBAL;
    private static final long USER_TEXT = PageTableEntry.PRESENT | PageTableEntry.USER | GLOBAL;

    private final PhysicalMemory memory;
    private final LongSupplier pages;
    private final long root;
    private long nextFixed = KernelSpace.MAP_FIXED_START;

    /** {@code pages} supplies cleared pages for tables. */
    KernelPageTables(PhysicalMemory memory, LongSupplier pages) {
        this.memory = memory;
        this.pages = pages;
        this.root = pages.getAsLong();
    }

    /** Physical address of the top-level table: what the idle threads run with. */
    public long root() {
        return root;
    }

    /** Gives the address space with top-level table {@code tablePhysical} the kernel half. */
    public void copyKernelHalf(long tablePhysical) {
        memory.copy(root + PAGE / 2, tablePhysical + PAGE / 2, PAGE / 2);
    }

    /** Assigned memory, at both of its kernel addresses. */
    void mapMemory(long start, long end) {
        map(KernelSpace.MAP_ST_START + start, start, end - start, DATA);
        map(KernelSpace.LINUX_PAGE_OFFSET + start, start, end - start, DATA);
    }

    void mapImage(long physical) {
        map(KernelSpace.MAP_KERNEL_START, physical, KernelSpace.KERNEL_IMAGE_PAGES * LARGE_PAGE, TEXT);
    }

    void mapVsyscall(long physical) {
        map(KernelSpace.VSYSCALL, physical, PAGE, USER_TEXT);
    }

    /** McKernel's map_fixed: maps the pages of [physical, physical + length) at the next free place. */
    long mapFixed(long physical, long lengthBytes) {
        long start = physical & -PAGE;
        long length = physical + lengthBytes - start + PAGE - 1 & -PAGE;
        long linear = nextFixed;
        map(linear, start, length, DATA);
        nextFixed += length;
        return linear + (physical - start);
    }

    /** A table for processors on their way from real mode: the kernel half, and the first 2 MiB one to one. */
    long bootTable() {
        long table = pages.getAsLong();
        memory.copy(root, table, PAGE);
        long pointers = pages.getAsLong();
        long directory = pages.getAsLong();
        long link = PageTableEntry.PRESENT | PageTableEntry.WRITABLE;
        memory.putLong(table, pointers | link);
        memory.putLong(pointers, directory | link);
        memory.putLong(directory, link | PageTableEntry.LARGE);
        return table;
    }

    private void map(long linear, long physical, long lengthBytes, long bits) {
        for (long done = 0; done < lengthBytes; ) {
            boolean large =
                    ((linear + done | physical + done) & LARGE_PAGE - 1) == 0 && lengthBytes - done >= LARGE_PAGE;
            long entry = physical + done | bits | (large ? PageTableEntry.LARGE : 0);
            memory.putLong(entryAddress(linear + done, large ? 21 : 12, bits & PageTableEntry.USER), entry);
            done += large ? LARGE_PAGE : PAGE;
        }
    }

    /** Address of the entry for {@code linear} at the level of {@code leafShift}; makes the tables above it. */
    private long entryAddress(long linear, int leafShift, long userBit) {
        long table = root;
        for (int shift = 39; shift > leafShift; shift -= 9) {
            long address = table + (linear >>> shift & 511) * 8;
            long entry = memory.getLong(address);
            if (entry == 0) {
                entry = pages.getAsLong() | PageTableEntry.PRESENT | PageTableEntry.WRITABLE;
            }
            memory.putLong(address, entry | userBit);
            table = entry & PageTableEntry.ADDRESS;
        }
        return table + (linear >>> leafShift & 511) * 8;
    }
}
