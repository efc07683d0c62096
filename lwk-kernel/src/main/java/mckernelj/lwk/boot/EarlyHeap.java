// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.boot;

import mckernelj.emulator.hw.PhysicalMemory;

/** Memory for the first structures: pages taken one after the other behind the kernel image, never given back. */
final class EarlyHeap {
    private static final long PAGE = 4096;

    private final PhysicalMemory memory;
    private long next;
    private boolean closed;

    EarlyHeap(PhysicalMemory memory, long startPhysical) {
        this.memory = memory;
        this.next = startPhysical + PAGE - 1 & -PAGE;
    }

    /** One page, cleared. */
    long page() {
        if (closed) {
            throw new IllegalStateException("the early heap's end has been given away");
        }
        long page = next;
        next += PAGE;
        memory.clear(page, PAGE);
        return page;
    }

    /** Ends its use: returns where the page allocator's memory begins. */
    long close() {
        closed = true;
        return next;
    }
}
