// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.mm;

import static mckernelj.ihk.layout.PageTableEntry.ADDRESS;
import static mckernelj.ihk.layout.PageTableEntry.LARGE;
import static mckernelj.ihk.layout.PageTableEntry.MIRRORED;

import java.util.ArrayList;
import java.util.List;
import mckernelj.ihk.Errno;
import mckernelj.lwk.sched.KernelThread;

/** mremap(2): shrinks, grows in place, or moves page-table entries to another place. */
public final class Mremap {
    private final ProcessVm vm;
    private final MmuGather gather;
    private final List<VmRange> removed = new ArrayList<>();

    private Mremap(ProcessVm vm) {
        this.vm = vm;
        this.gather = new MmuGather(vm);
    }

    /** New address or negative errno. Lengths are page-aligned here. */
    public static long call(
            KernelThread self, ProcessVm vm, long oldStart, long oldLength, long newLength, int flags, long newStart) {
        boolean fixed = (flags & MmapFlags.MREMAP_FIXED) != 0;
        boolean dontUnmap = (flags & MmapFlags.MREMAP_DONTUNMAP) != 0;
        long oldBytes = ProcessVm.pageAlign(oldLength);
        long newBytes = ProcessVm.pageAlign(newLength);
        if ((flags & ~7) != 0
                || (fixed || dontUnmap) && (flags & MmapFlags.MREMAP_MAYMOVE) == 0
                || dontUnmap && oldBytes != newBytes
                || oldStart % PageTables.PAGE != 0
                || newBytes <= 0
                || oldBytes < 0
                || fixed && !targetValid(vm, oldStart, oldBytes, newStart, newBytes)) {
            return -Errno.EINVAL;
        }
        Mremap operation = new Mremap(vm);
        long result;
        vm.lock().lock();
        try {
            result = operation.perform(oldStart, oldBytes, newBytes, flags, newStart);
            vm.reserveMirrored(operation.gather, operation.removed);
        } finally {
            vm.lock().unlock();
            vm.complete(self, operation.gather, operation.removed);
        }
        return result;
    }

    private static boolean targetValid(ProcessVm vm, long oldStart, long oldBytes, long newStart, long newBytes) {
        boolean overlaps = newStart < oldStart + oldBytes && oldStart < newStart + newBytes;
        return newStart % PageTables.PAGE == 0
                && newStart >= 0
                && newStart <= vm.layout().userEnd() - newBytes
                && !overlaps;
    }

    private long perform(long oldStart, long oldBytes, long newBytes, int flags, long newStart) {
        VmRange range = vm.ranges().find(oldStart);
        if (range == null || oldBytes > range.end - oldStart || range.has(VmRange.SPECIAL)) {
            return -Errno.EFAULT;
        }
        if (oldBytes == 0 && !range.isShared()) {
            return -Errno.EINVAL;
        }
        boolean fixed = (flags & MmapFlags.MREMAP_FIXED) != 0;
        boolean dontUnmap = (flags & MmapFlags.MREMAP_DONTUNMAP) != 0;
        if (!fixed && !dontUnmap && oldBytes > 0) {
            if (newBytes <= oldBytes) {
                boolean done = newBytes == oldBytes
                        || vm.unmapLocked(oldStart + newBytes, oldStart + oldBytes, gather, removed);
                return done ? oldStart : -Errno.ENOMEM;
            }
            if (growInPlace(range, oldStart + oldBytes, oldStart + newBytes)) {
                return oldStart;
            }
        }
        if ((flags & MmapFlags.MREMAP_MAYMOVE) == 0) {
            return -Errno.ENOMEM;
        }
        return move(range, oldStart, oldBytes, newBytes, fixed ? newStart : -1, dontUnmap);
    }

    private boolean growInPlace(VmRange range, long oldEnd, long newEnd) {
        VmRange next = vm.ranges().findOrNext(oldEnd);
        if (range.end != oldEnd
                || newEnd > vm.layout().userEnd()
                || next != null && next.start < newEnd
                || vm.exceedsAddressLimit(newEnd - oldEnd)) {
            return false;
        }
        vm.ranges().setEnd(range, newEnd);
        vm.ranges().merge(range.start, newEnd);
        return true;
    }

    private long move(VmRange range, long oldStart, long oldBytes, long newBytes, long fixedStart, boolean dontUnmap) {
        if (vm.exceedsAddressLimit(dontUnmap ? newBytes : newBytes - oldBytes)) {
            return -Errno.ENOMEM;
        }
        if (fixedStart >= 0 && !vm.unmapLocked(fixedStart, fixedStart + newBytes, gather, removed)) {
            return -Errno.ENOMEM;
        }
        long newStart = fixedStart >= 0 ? fixedStart : vm.findHole(newBytes, range.object == null, false);
        if (newStart < 0) {
            return newStart;
        }
        long moved = Math.min(oldBytes, newBytes);
        VmRange target = range.slice(oldStart, oldStart + moved);
        target.start = newStart;
        target.end = newStart + newBytes;
        target.flags &= ~VmRange.HEAP;
        if (range.object != null) {
            range.object.acquire();
        }
        vm.ranges().insert(target);
        if (!movePages(oldStart, moved, newStart)) {
            return -Errno.ENOMEM;
        }
        if (oldBytes > 0 && !dontUnmap) {
            vm.unmapLocked(oldStart, oldStart + oldBytes, gather, removed);
        }
        vm.ranges().merge(newStart, newStart + newBytes);
        return newStart;
    }

    /** Moves the entries; large pages stay large where both addresses are aligned alike. */
    private boolean movePages(long from, long bytes, long to) {
        PageTables tables = vm.tables();
        if (!tables.splitEdges(from, from + bytes) || !splitUnaligned(from, bytes, to)) {
            return false;
        }
        boolean[] state = {true, false};
        tables.forEachLeaf(from, from + bytes, (linear, slot, ignored, size) -> {
            long entry = tables.exchange(slot, 0);
            long physical = entry & ADDRESS;
            long bits = entry & ~(ADDRESS | LARGE | MIRRORED);
            long target = to + (linear - from);
            boolean large = size == PageTables.LARGE_PAGE;
            if (!(large ? tables.mapLarge(target, physical, bits) : tables.map(target, physical, bits))) {
                gather.addFrames(physical, size);
                state[0] = false;
            }
            state[1] |= (entry & MIRRORED) != 0;
        });
        gather.addRange(from, from + bytes, state[1]);
        return state[0];
    }

    private boolean splitUnaligned(long from, long bytes, long to) {
        if ((from - to) % PageTables.LARGE_PAGE == 0 && vm.tables().largeSlotFree(to)) {
            return true;
        }
        List<Long> large = new ArrayList<>();
        vm.tables().forEachLeaf(from, from + bytes, (linear, slot, entry, size) -> {
            if (size == PageTables.LARGE_PAGE) {
                large.add(linear);
            }
        });
        return large.stream().allMatch(vm.tables()::split);
    }
}
