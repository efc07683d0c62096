// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.elf;

/**
 * A PT_LOAD segment whose numbers were checked: the sums do not overflow, the bytes lie in the file, the memory in user space,
 * address and offset are congruent modulo the page size.
 *
 * @param flags PF_X 1, PF_W 2, PF_R 4
 */
public record ElfSegment(
        long virtualAddress, long memorySize, long fileOffset, long fileSize, int flags, long alignment) {
    public static final int PF_X = 1;
    public static final int PF_W = 2;
    public static final int PF_R = 4;
    private static final long PAGE_MASK = 4095;

    public long end() {
        return virtualAddress + memorySize;
    }

    public long pageStart() {
        return virtualAddress & ~PAGE_MASK;
    }

    public long pageEnd() {
        return end() + PAGE_MASK & ~PAGE_MASK;
    }

    /** PROT_READ 1, PROT_WRITE 2, PROT_EXEC 4. */
    public int prot() {
        return (flags & PF_R) >> 2 | flags & PF_W | (flags & PF_X) << 2;
    }
}
