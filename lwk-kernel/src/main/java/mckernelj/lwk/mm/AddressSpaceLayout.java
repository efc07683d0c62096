// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.mm;

/**
 * Where things go in an address space (McKernel's layout: mmap area grows upward from TASK_UNMAPPED_BASE, the stack
 * lies at the end). {@code heapExtension}: the heap grows in steps of this many bytes (mcexec -h).
 */
public record AddressSpaceLayout(long mmapBase, long mmapEnd, long userEnd, long heapExtension) {
    /** Load base of position-independent programs and of the interpreter. */
    public static final long LD_TASK_UNMAPPED_BASE = 0x1555_5550_0000L;

    public static final long TASK_UNMAPPED_BASE = 0x2AAA_AAA0_0000L;

    /** End of the heap's range when the break is {@code brk}. */
    long heapEnd(long brkStart, long brk) {
        long step = Math.max(heapExtension, PageTables.PAGE);
        long used = brk - brkStart;
        return brkStart + (used + step - 1) / step * step;
    }
}
