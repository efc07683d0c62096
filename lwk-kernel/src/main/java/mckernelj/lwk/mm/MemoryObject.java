// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.mm;

import mckernelj.lwk.sched.KernelThread;

/**
 * What a range of an address space shows: a file's pages or shared memory (McKernel: memobj). Counted references: one
 * per range. Any thread.
 */
public interface MemoryObject {
    /** {@link #frameAt}: the page must be fetched first. */
    long ABSENT = -1;

    /** {@link #frameAt}: the page lies behind the end of the file. */
    long BEYOND_END = -2;

    /** {@link #frameAt}: no memory. */
    long NO_MEMORY = -3;

    /**
     * The frame of the page at a page-aligned offset with one more reference for the caller, or a negative code. Never
     * sleeps.
     */
    long frameAt(long offset);

    /** Brings the page at {@code offset} into memory; may sleep; 0 or a negative errno. */
    long fetch(KernelThread self, long offset);

    /** True if the page is in memory. */
    boolean isResident(long offset);

    /** A shared mapping changed the page at {@code offset}. */
    void markDirty(long offset);

    /** Writes changed pages of the range back; may sleep; 0 or a negative errno. */
    long writeBack(KernelThread self, long offset, long lengthBytes);

    /** Size of the object's pages' natural groups that are present together: how far around a fault to map. */
    default long clusterBytes() {
        return PageTables.PAGE;
    }

    void acquire();

    /**
     * The last one may sleep (writes back, releases the pager's handle); {@code self} may be null if it is not the
     * last.
     */
    void release(KernelThread self);

    /** Device number of the file as stat reports it, or 0. */
    default long device() {
        return 0;
    }

    default long inode() {
        return 0;
    }

    /** Name for /proc/PID/maps. */
    String name();
}
