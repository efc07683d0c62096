// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.mm;

import static mckernelj.ihk.layout.PageTableEntry.ADDRESS;
import static mckernelj.ihk.layout.PageTableEntry.LARGE;
import static mckernelj.ihk.layout.PageTableEntry.MIRRORED;
import static mckernelj.ihk.layout.PageTableEntry.PRESENT;
import static mckernelj.ihk.layout.PageTableEntry.WRITABLE;

import mckernelj.lwk.sched.KernelThread;

/**
 * fork's copy of an address space: private pages become read-only in both and are copied when written; shared ranges
 * show the same objects, whose pages the child maps when it touches them.
 */
final class AddressSpaceFork {
    private final KernelThread self;
    private final ProcessVm parent;
    private final ProcessVm child;
    private final MmuGather gather;
    private boolean failed;

    AddressSpaceFork(KernelThread self, ProcessVm parent, ProcessVm child, MmuGather gather) {
        this.self = self;
        this.parent = parent;
        this.child = child;
        this.gather = gather;
    }

    /** With the parent's lock held. False: no memory; the child is incomplete and must be destroyed. */
    boolean copyAll() {
        for (VmRange range : parent.ranges().all()) {
            if (!range.has(VmRange.DONT_FORK) && !failed) {
                copy(range);
            }
        }
        return !failed;
    }

    private void copy(VmRange range) {
        VmRange copy = range.slice(range.start, range.end);
        copy.flags &= ~VmRange.LOCKED;
        if (range.object != null) {
            range.object.acquire();
        }
        child.ranges().insert(copy);
        if (!range.isShared() && !range.has(VmRange.WIPE_ON_FORK)) {
            sharePages(range);
        }
    }

    private void sharePages(VmRange range) {
        boolean[] mirrored = new boolean[1];
        parent.tables().forEachLeaf(range.start, range.end, (linear, slot, ignored, size) -> {
            if (failed) {
                return;
            }
            long entry = parent.tables().update(slot, 0, WRITABLE);
            if ((entry & WRITABLE) != 0 && (entry & MIRRORED) != 0) {
                if (parent.kernel().hasOtherThreads(self, parent)) {
                    // Linux may be writing there for another thread, or begin to before the servant has forgotten the
                    // page: the child gets a copy, the parent's page stays (as Linux does with pinned pages).
                    parent.tables().update(slot, WRITABLE, 0);
                    copyPages(linear, entry, size);
                    return;
                }
                parent.tables().update(slot, 0, MIRRORED);
                mirrored[0] = true;
            }
            share(linear, entry, size);
        });
        gather.addRange(range.start, range.end, mirrored[0]);
    }

    private void share(long linear, long entry, long size) {
        long physical = entry & ADDRESS;
        parent.frames().retain(physical, size / PageTables.PAGE);
        mapInChild(linear, physical, entry & ~WRITABLE, size);
    }

    private void copyPages(long linear, long entry, long size) {
        long copy = parent.frames().allocate((int) (size / PageTables.PAGE));
        if (copy < 0) {
            failed = true;
            return;
        }
        parent.memory().copy(entry & ADDRESS, copy, size);
        mapInChild(linear, copy, entry, size);
    }

    /** Takes over the caller's reference to the frames. */
    private void mapInChild(long linear, long physical, long entry, long size) {
        long bits = entry & ~(ADDRESS | MIRRORED | LARGE | PRESENT);
        boolean mapped = size == PageTables.LARGE_PAGE
                ? child.tables().mapLarge(linear, physical, bits)
                : child.tables().map(linear, physical, bits);
        if (mapped) {
            child.countResident(size / PageTables.PAGE);
        } else {
            parent.frames().release(physical, size / PageTables.PAGE);
            failed = true;
        }
    }
}
