// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.mm;

import java.util.HashMap;
import java.util.Map;
import mckernelj.lwk.sched.KernelThread;

/**
 * Anonymous memory that several address spaces see: MAP_SHARED | MAP_ANONYMOUS (McKernel: shmobj). Pages are allocated
 * when touched, in blocks of 64 KiB where possible, and freed with the last reference.
 */
public class SharedMemory implements MemoryObject {
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
    public final synchronized long frameAt(long offset) {
        if (offset >= (size + PageTables.PAGE - 1 & -PageTables.PAGE)) {
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
    public final long fetch(KernelThread self, long offset) {
        return 0;
    }

    @Override
    public final synchronized boolean isResident(long offset) {
        return pages.containsKey(offset >>> 12);
    }

    /**
     * Forgets the pages of a range: they read as zero afterwards (MADV_REMOVE). Mapped frames live on until unmapped.
     */
    public final synchronized void punch(long offset, long lengthBytes) {
        for (long page = offset >>> 12; page < offset + lengthBytes >>> 12; page++) {
            Long frame = pages.remove(page);
            if (frame != null) {
                frames.release(frame, 1);
            }
        }
    }

    @Override
    public final void markDirty(long offset) {}

    @Override
    public final long writeBack(KernelThread self, long offset, long lengthBytes) {
        return 0;
    }

    @Override
    public final long clusterBytes() {
        return BLOCK_PAGES * PageTables.PAGE;
    }

    @Override
    public final synchronized void acquire() {
        users++;
    }

    @Override
    public final void release(KernelThread self) {
        synchronized (this) {
            if (--users == 0) {
                pages.values().forEach(frame -> frames.release(frame, 1));
                pages.clear();
            }
        }
        released(self);
    }

    /** One reference was dropped; {@code self} as in {@link #release}. */
    protected void released(KernelThread self) {}

    /** Number of references. */
    public final synchronized int users() {
        return users;
    }

    public final synchronized long residentPages() {
        return pages.size();
    }

    public final long sizeBytes() {
        return size;
    }

    @Override
    public final String name() {
        return name;
    }
}
