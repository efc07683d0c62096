// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.boot;

import mckernelj.emulator.hw.PhysicalMemory;

/** Memory for the first structures: pages taken one after the other behind the kernel image, never given back. */
final class EarlyHeap {
    private static final long PAGE = 4096;

    private final PhysicalMemory memory;
    private long next;

    EarlyHeap(PhysicalMemory memory, long startPhysical) {
        this.memory = memory;
        this.next = startPhysical + PAGE - 1 & -PAGE;
    }

    /** One page, cleared. */
    long page() {
        long page = next;
        next += PAGE;
        memory.clear(page, PAGE);
        return page;
    }

    /** End of what was taken: where the page allocator's memory begins. */
    long end() {
        return next;
    }
}
