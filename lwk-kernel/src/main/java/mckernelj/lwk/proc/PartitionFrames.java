// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.proc;

import mckernelj.lwk.mm.FramePool;
import mckernelj.lwk.phys.PageAllocator;

/** Frames of processes from the partition's page allocator. */
final class PartitionFrames implements FramePool.PhysicalFrames {
    private final PageAllocator pages;

    PartitionFrames(PageAllocator pages) {
        this.pages = pages;
    }

    @Override
    public long allocate(int count, int[] nodes) {
        if (nodes.length == 0) {
            return pages.allocate(count, count, 0);
        }
        for (int node : nodes) {
            long physical = pages.allocateOn(node, count, count);
            if (physical != -1) {
                return physical;
            }
        }
        return -1;
    }

    @Override
    public void free(long physical, long count) {
        pages.free(physical, count);
    }
}
