// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.mm;

import java.util.function.LongSupplier;
import mckernelj.emulator.hw.PhysicalMemory;

/**
 * Page frames with reference counts: a frame may be mapped by several address spaces (after fork) or belong to a file's
 * page cache as well. A frame just allocated has one reference and reads as zero. Counts exist only for 2 MiB areas in
 * which a frame was ever shared. Any thread.
 */
public final class FramePool {
    private static final int AREA_SHIFT = 21;
    private static final int AREA_FRAMES = 512;

    private final PhysicalFrames source;
    private final int[][] extraReferences;
    private LongSupplier reclaimer = () -> 0;

    /** Where frames come from: the kernel's page allocator. */
    public interface PhysicalFrames {
        /**
         * Physically contiguous, aligned to its own size, all zero, from the first of {@code nodes} that has it; or -1.
         */
        long allocate(int pages, int[] nodes);

        void free(long physical, long pages);
    }

    public FramePool(PhysicalMemory memory, PhysicalFrames source) {
        this.source = source;
        extraReferences = new int[(int) (memory.end() + (1L << AREA_SHIFT) - 1 >>> AREA_SHIFT)][];
    }

    /** Asked for help when memory runs out; returns the number of pages that it freed. */
    public void setReclaimer(LongSupplier reclaimer) {
        this.reclaimer = reclaimer;
    }

    /**
     * {@code pages} (a power of two) contiguous zero frames, aligned to their size; -1 if there are none. No nodes:
     * any.
     */
    public long allocate(int pages, int... nodes) {
        long physical = source.allocate(pages, nodes);
        if (physical < 0 && pages == 1 && reclaimer.getAsLong() > 0) {
            physical = source.allocate(pages, nodes);
        }
        return physical;
    }

    public synchronized void retain(long physical, long pages) {
        for (long frame = physical >>> 12; frame < (physical >>> 12) + pages; frame++) {
            area(frame)[(int) (frame & AREA_FRAMES - 1)]++;
        }
    }

    /** Drops one reference of each frame; frees the frames that had only one. */
    public void release(long physical, long pages) {
        long runStart = -1;
        long last = (physical >>> 12) + pages;
        for (long frame = physical >>> 12; frame < last; frame++) {
            if (dropsLast(frame)) {
                runStart = runStart < 0 ? frame : runStart;
            } else if (runStart >= 0) {
                source.free(runStart << 12, frame - runStart);
                runStart = -1;
            }
        }
        if (runStart >= 0) {
            source.free(runStart << 12, last - runStart);
        }
    }

    /** True if somebody else holds the frame, too. */
    public synchronized boolean isShared(long physical) {
        int[] area = extraReferences[(int) (physical >>> AREA_SHIFT)];
        return area != null && area[(int) (physical >>> 12 & AREA_FRAMES - 1)] > 0;
    }

    /** How many hold the frame, at least one. */
    synchronized int references(long physical) {
        int[] area = extraReferences[(int) (physical >>> AREA_SHIFT)];
        return area == null ? 1 : area[(int) (physical >>> 12 & AREA_FRAMES - 1)] + 1;
    }

    /** True if any of the frames is shared. */
    public boolean isAnyShared(long physical, long pages) {
        for (long i = 0; i < pages; i++) {
            if (isShared(physical + (i << 12))) {
                return true;
            }
        }
        return false;
    }

    private synchronized boolean dropsLast(long frame) {
        int[] area = extraReferences[(int) (frame >>> AREA_SHIFT - 12)];
        int index = (int) (frame & AREA_FRAMES - 1);
        if (area == null || area[index] == 0) {
            return true;
        }
        area[index]--;
        return false;
    }

    private int[] area(long frame) {
        int index = (int) (frame >>> AREA_SHIFT - 12);
        if (extraReferences[index] == null) {
            extraReferences[index] = new int[AREA_FRAMES];
        }
        return extraReferences[index];
    }
}
