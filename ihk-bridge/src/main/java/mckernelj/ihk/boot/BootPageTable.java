// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.boot;

import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.ihk.layout.KernelSpace;
import mckernelj.ihk.layout.PageTableEntry;

/**
 * Page tables made of 2 MiB pages for the first instructions in long mode. {@link #identity} maps all RAM one to one;
 * {@link #kernel} adds the straight map at {@link KernelSpace#MAP_ST_START} and the kernel image. Both are supervisor,
 * writable and executable. (Upstream maps 256 GiB always; this maps what the machine has, and at least the 4 GiB of
 * devices.)
 */
public final class BootPageTable {
    private static final int TABLE = 4096;
    private static final long GIGABYTE = 1L << 30;
    private static final long TABLE_BITS = PageTableEntry.PRESENT | PageTableEntry.WRITABLE;
    private static final long LEAF_BITS = TABLE_BITS | PageTableEntry.LARGE;

    private BootPageTable() {}

    /** Bytes that {@link #identity} needs. */
    public static long identityBytes(long memoryEnd) {
        return (2 + gigabytes(memoryEnd)) * TABLE;
    }

    /** Bytes that {@link #kernel} needs beside the identity table. */
    public static long kernelBytes() {
        return 3 * TABLE;
    }

    private static long gigabytes(long memoryEnd) {
        return Math.max(4, (memoryEnd + GIGABYTE - 1) / GIGABYTE);
    }

    /** Builds the table at {@code physical}, which is the value for CR3. */
    public static void identity(PhysicalMemory memory, long physical, long memoryEnd) {
        memory.clear(physical, identityBytes(memoryEnd));
        long directoryPointers = physical + TABLE;
        memory.putLong(physical, directoryPointers | TABLE_BITS);
        for (long g = 0; g < gigabytes(memoryEnd); g++) {
            long directory = directoryPointers + (1 + g) * TABLE;
            memory.putLong(directoryPointers + 8 * g, directory | TABLE_BITS);
            for (int i = 0; i < 512; i++) {
                memory.putLong(directory + 8 * i, g * GIGABYTE + (long) i * KernelSpace.LARGE_PAGE_SIZE | LEAF_BITS);
            }
        }
    }

    /** Builds the boot page table at {@code physical}: shares the lower levels of {@code identity}. */
    public static void kernel(PhysicalMemory memory, long physical, long identity, long kernelImage) {
        memory.clear(physical, kernelBytes());
        long pointers = physical + TABLE;
        long directory = physical + 2 * TABLE;
        long straight = memory.getLong(identity);
        memory.putLong(physical, straight);
        memory.putLong(physical + 8 * index(KernelSpace.MAP_ST_START, 39), straight);
        memory.putLong(physical + 8 * index(KernelSpace.MAP_KERNEL_START, 39), pointers | TABLE_BITS);
        memory.putLong(pointers + 8 * index(KernelSpace.MAP_KERNEL_START, 30), directory | TABLE_BITS);
        for (int i = 0; i < KernelSpace.KERNEL_IMAGE_PAGES; i++) {
            long page = kernelImage + (long) i * KernelSpace.LARGE_PAGE_SIZE;
            memory.putLong(directory + 8 * (index(KernelSpace.MAP_KERNEL_START, 21) + i), page | LEAF_BITS);
        }
    }

    private static long index(long linear, int shift) {
        return linear >>> shift & 511;
    }
}
