// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.mm;

import java.util.HashMap;
import java.util.Map;
import mckernelj.lwk.sched.KernelThread;

/**
 * Anonymous memory that several address spaces see: MAP_SHARED | MAP_ANONYMOUS (McKernel: shmobj). Pages are allocated when
 * touched, in blocks of 64 KiB where possible, and freed with the last reference.
 */
public final class SharedMemory implements MemoryObject {
    private static final int BLOCK_PAGES = 16;

    private final FramePool frames;
    private final long size;
    private final String name;
    private final Map<Long, Long> pages = new HashMap<>();
    private int users = 1;

    public SharedMemory(FramePool frames, long sizeBytes, String name) {
        this.frames = frames;
        this.size = sizeBytes;
        this.name = name;
    }

    @Override
    public synchronized long frameAt(long offset) {
        if (offset >= size) {
            return BEYOND_END;
        }
        long page = offset >>> 12;
        if (!pages.containsKey(page) && !allocateBlock(page) && !allocate(page, 1)) {
            return NO_MEMORY;
        }
        long frame = pages.get(page);
        frames.retain(frame, 1);
        return frame;
    }

    private boolean allocateBlock(long page) {
        long first = page & -BLOCK_PAGES;
        for (long p = first; p < first + BLOCK_PAGES; p++) {
            if (pages.containsKey(p) || p << 12 >= size) {
                return false;
            }
        }
        return allocate(first, BLOCK_PAGES);
    }

    private boolean allocate(long firstPage, int count) {
        long physical = frames.allocate(count);
        for (int i = 0; i < count && physical >= 0; i++) {
            pages.put(firstPage + i, physical + i * PageTables.PAGE);
        }
        return physical >= 0;
    }

    @Override
    public long fetch(KernelThread self, long offset) {
        return 0;
    }

    @Override
    public synchronized boolean isResident(long offset) {
        return pages.containsKey(offset >>> 12);
    }

    /** Forgets the pages of a range: they read as zero afterwards (MADV_REMOVE). Mapped frames live on until unmapped. */
    public synchronized void punch(long offset, long lengthBytes) {
        for (long page = offset >>> 12; page < offset + lengthBytes >>> 12; page++) {
            Long frame = pages.remove(page);
            if (frame != null) {
                frames.release(frame, 1);
            }
        }
    }

    @Override
    public void markDirty(long offset) {}

    @Override
    public long writeBack(KernelThread self, long offset, long lengthBytes) {
        return 0;
    }

    @Override
    public long clusterBytes() {
        return BLOCK_PAGES * PageTables.PAGE;
    }

    @Override
    public synchronized void acquire() {
        users++;
    }

    @Override
    public synchronized void release(KernelThread self) {
        if (--users == 0) {
            pages.values().forEach(frame -> frames.release(frame, 1));
            pages.clear();
        }
    }

    public long sizeBytes() {
        return size;
    }

    @Override
    public String name() {
        return name;
    }
}
