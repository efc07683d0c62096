// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.mm;

import static mckernelj.ihk.layout.PageTableEntry.ADDRESS;
import static mckernelj.ihk.layout.PageTableEntry.DIRTY;

import mckernelj.ihk.layout.PageTableEntry;

/**
 * The present pages of ranges as /proc/PID/smaps tells them, in bytes. A page of a private file mapping that was written to is anonymous.
 */
public final class RangeUsage {
    private static final int PSS_SHIFT = 12;

    public long anonymous;
    public long file;
    public long sharedMemory;
    public long sharedClean;
    public long sharedDirty;
    public long privateClean;
    public long privateDirty;
    public long referenced;
    public long largePages;
    private long anonymousShares;
    private long fileShares;
    private long memoryShares;
    private long dirtyShares;

    public long resident() {
        return anonymous + file + sharedMemory;
    }

    /** Each page divided by how many address spaces have it. */
    public long proportional() {
        return anonymousShares + fileShares + memoryShares >> PSS_SHIFT;
    }

    public long proportionalDirty() {
        return dirtyShares >> PSS_SHIFT;
    }

    public long proportionalAnonymous() {
        return anonymousShares >> PSS_SHIFT;
    }

    public long proportionalFile() {
        return fileShares >> PSS_SHIFT;
    }

    public long proportionalSharedMemory() {
        return memoryShares >> PSS_SHIFT;
    }

    /** Adds the pages of a range of {@code vm}; takes the lock. */
    public void add(ProcessVm vm, VmRange range) {
        vm.lock().lock();
        try {
            vm.forEachLeaf(range, (linear, slot, entry, size) -> {
                long from = Math.max(linear, range.start);
                long to = Math.min(linear + size, range.end);
                for (long at = from; at < to; at += PageTables.PAGE) {
                    addPage(vm, range, entry, (entry & ADDRESS) + (at - linear));
                }
                largePages += size == PageTables.LARGE_PAGE && range.object == null ? to - from : 0;
            });
        } finally {
            vm.lock().unlock();
        }
    }

    private void addPage(ProcessVm vm, VmRange range, long entry, long frame) {
        boolean dirty = (entry & DIRTY) != 0;
        boolean ofObject = range.object != null && (range.isShared() || !dirty);
        int mappings = vm.mapCount(frame, ofObject);
        long share = (PageTables.PAGE << PSS_SHIFT) / mappings;
        if (!ofObject) {
            anonymous += PageTables.PAGE;
            anonymousShares += share;
        } else if (range.object.inode() != 0 || range.has(VmRange.SPECIAL)) {
            file += PageTables.PAGE;
            fileShares += share;
        } else {
            sharedMemory += PageTables.PAGE;
            memoryShares += share;
        }
        count(dirty, mappings > 1, share);
        referenced += (entry & PageTableEntry.ACCESSED) != 0 ? PageTables.PAGE : 0;
    }

    private void count(boolean dirty, boolean shared, long share) {
        dirtyShares += dirty ? share : 0;
        if (shared) {
            sharedClean += dirty ? 0 : PageTables.PAGE;
            sharedDirty += dirty ? PageTables.PAGE : 0;
        } else {
            privateClean += dirty ? 0 : PageTables.PAGE;
            privateDirty += dirty ? PageTables.PAGE : 0;
        }
    }
}
