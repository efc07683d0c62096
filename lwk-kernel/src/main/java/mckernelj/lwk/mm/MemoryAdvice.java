// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.mm;

import static mckernelj.ihk.layout.PageTableEntry.DIRTY;
import static mckernelj.ihk.layout.PageTableEntry.MIRRORED;

import java.util.ArrayList;
import java.util.List;
import mckernelj.ihk.Errno;
import mckernelj.lwk.sched.KernelThread;

/** madvise, msync, mincore, mlock on an address space: operations on parts of ranges that leave the map as it is. */
public final class MemoryAdvice {
    private static final int MADV_NORMAL = 0;
    private static final int MADV_RANDOM = 1;
    private static final int MADV_SEQUENTIAL = 2;
    private static final int MADV_WILLNEED = 3;
    private static final int MADV_DONTNEED = 4;
    private static final int MADV_FREE = 8;
    private static final int MADV_REMOVE = 9;
    private static final int MADV_DONTFORK = 10;
    private static final int MADV_DOFORK = 11;
    private static final int MADV_HUGEPAGE = 14;
    private static final int MADV_NOHUGEPAGE = 15;
    private static final int MADV_DONTDUMP = 16;
    private static final int MADV_DODUMP = 17;
    private static final int MADV_WIPEONFORK = 18;
    private static final int MADV_KEEPONFORK = 19;
    private static final int MADV_COLD = 20;
    private static final int MADV_PAGEOUT = 21;
    private static final int MADV_POPULATE_READ = 22;
    private static final int MADV_POPULATE_WRITE = 23;
    private static final int MADV_COLLAPSE = 25;
    private static final int MADV_HWPOISON = 100;
    private static final int MADV_SOFT_OFFLINE = 101;

    private MemoryAdvice() {}

    // ---- madvise

    public static long advise(KernelThread self, ProcessVm vm, long start, long lengthBytes, int advice) {
        if (advice == MADV_HWPOISON || advice == MADV_SOFT_OFFLINE) {
            return -Errno.EPERM;
        }
        long length = ProcessVm.pageAlign(lengthBytes);
        boolean overflows = length < 0 || lengthBytes < 0 || start + length < start;
        if (!isKnown(advice) || start % PageTables.PAGE != 0 || overflows) {
            return -Errno.EINVAL;
        }
        if (length == 0) {
            return 0;
        }
        long end = start + length;
        return switch (advice) {
            case MADV_DONTNEED, MADV_FREE -> drop(self, vm, start, end, advice == MADV_FREE);
            case MADV_REMOVE -> remove(self, vm, start, end);
            case MADV_DONTFORK -> mark(vm, start, end, VmRange.DONT_FORK, 0);
            case MADV_DOFORK -> mark(vm, start, end, 0, VmRange.DONT_FORK);
            case MADV_DONTDUMP -> mark(vm, start, end, VmRange.DONT_DUMP, 0);
            case MADV_DODUMP -> mark(vm, start, end, 0, VmRange.DONT_DUMP);
            case MADV_HUGEPAGE -> mark(vm, start, end, 0, VmRange.NO_HUGE_PAGES);
            case MADV_NOHUGEPAGE -> mark(vm, start, end, VmRange.NO_HUGE_PAGES, 0);
            case MADV_WIPEONFORK -> wipeOnFork(vm, start, end);
            case MADV_KEEPONFORK -> mark(vm, start, end, 0, VmRange.WIPE_ON_FORK);
            case MADV_POPULATE_READ, MADV_POPULATE_WRITE -> populate(self, vm, start, end);
            default -> mark(vm, start, end, 0, 0);
        };
    }

    private static boolean isKnown(int advice) {
        return switch (advice) {
            case MADV_NORMAL,
                    MADV_RANDOM,
                    MADV_SEQUENTIAL,
                    MADV_WILLNEED,
                    MADV_DONTNEED,
                    MADV_FREE,
                    MADV_REMOVE,
                    MADV_DONTFORK,
                    MADV_DOFORK,
                    MADV_HUGEPAGE,
                    MADV_NOHUGEPAGE,
                    MADV_DONTDUMP,
                    MADV_DODUMP,
                    MADV_WIPEONFORK,
                    MADV_KEEPONFORK,
                    MADV_COLD,
                    MADV_PAGEOUT,
                    MADV_POPULATE_READ,
                    MADV_POPULATE_WRITE,
                    MADV_COLLAPSE -> true;
            default -> false;
        };
    }

    /**
     * Pages of private memory are lost and read as zero or as the file again; ranges before an error are done (Linux).
     */
    private static long drop(KernelThread self, ProcessVm vm, long start, long end, boolean free) {
        MmuGather gather = new MmuGather(vm);
        vm.lock().lock();
        try {
            for (VmRange range : vm.ranges().overlapping(start, end)) {
                if (range.has(VmRange.LOCKED | VmRange.SPECIAL) || free && range.object != null) {
                    return -Errno.EINVAL;
                }
                long from = Math.max(start, range.start);
                long to = Math.min(end, range.end);
                if (!vm.tables().splitEdges(from, to)) {
                    return -Errno.ENOMEM;
                }
                vm.zap(range, from, to, gather);
            }
            return vm.ranges().covers(start, end) ? 0 : -Errno.ENOMEM;
        } finally {
            vm.lock().unlock();
            gather.finish(self);
        }
    }

    private static long remove(KernelThread self, ProcessVm vm, long start, long end) {
        List<VmRange> parts = new ArrayList<>();
        vm.lock().lock();
        try {
            for (VmRange range : vm.ranges().overlapping(start, end)) {
                if (range.has(VmRange.LOCKED)) {
                    return -Errno.EINVAL;
                }
                if (!range.isShared() || !(range.object instanceof SharedMemory) || !range.allows(VmRange.PROT_WRITE)) {
                    return range.object == null ? -Errno.EINVAL : -Errno.EACCES;
                }
                parts.add(range.slice(Math.max(start, range.start), Math.min(end, range.end)));
            }
            if (!vm.ranges().covers(start, end)) {
                return -Errno.ENOMEM;
            }
        } finally {
            vm.lock().unlock();
        }
        for (VmRange part : parts) {
            ((SharedMemory) part.object).punch(part.offset, part.length());
        }
        return drop(self, vm, start, end, false);
    }

    private static long wipeOnFork(ProcessVm vm, long start, long end) {
        vm.lock().lock();
        try {
            for (VmRange range : vm.ranges().overlapping(start, end)) {
                if (range.object != null || range.isShared()) {
                    return -Errno.EINVAL;
                }
            }
        } finally {
            vm.lock().unlock();
        }
        return mark(vm, start, end, VmRange.WIPE_ON_FORK, 0);
    }

    private static long populate(KernelThread self, ProcessVm vm, long start, long end) {
        if (!covers(vm, start, end)) {
            return -Errno.ENOMEM;
        }
        return vm.populate(self, start, end) ? 0 : -Errno.EFAULT;
    }

    private static boolean covers(ProcessVm vm, long start, long end) {
        vm.lock().lock();
        try {
            return vm.ranges().covers(start, end);
        } finally {
            vm.lock().unlock();
        }
    }

    private static long mark(ProcessVm vm, long start, long end, int set, int clear) {
        vm.lock().lock();
        try {
            if ((set | clear) != 0) {
                for (VmRange range : vm.ranges().isolate(start, end)) {
                    if (!range.has(VmRange.SPECIAL)) {
                        range.flags = range.flags & ~clear | set;
                    }
                }
                vm.ranges().merge(start, end);
            }
            return vm.ranges().covers(start, end) ? 0 : -Errno.ENOMEM;
        } finally {
            vm.lock().unlock();
        }
    }

    // ---- msync

    /** Writes changed pages of shared mappings back. */
    public static long sync(KernelThread self, ProcessVm vm, long start, long length, boolean invalidate) {
        MmuGather gather = new MmuGather(vm);
        List<VmRange> parts = new ArrayList<>();
        boolean covered;
        vm.lock().lock();
        try {
            for (VmRange range : vm.ranges().overlapping(start, start + length)) {
                if (invalidate && range.has(VmRange.LOCKED)) {
                    return -Errno.EBUSY;
                }
                if (range.isShared() && range.object != null) {
                    VmRange part = range.slice(Math.max(start, range.start), Math.min(start + length, range.end));
                    collectDirty(vm, part, gather);
                    part.object.acquire();
                    parts.add(part);
                }
            }
            covered = vm.ranges().covers(start, start + length);
        } finally {
            vm.lock().unlock();
            gather.finish(self);
        }
        long error = 0;
        for (VmRange part : parts) {
            long result = part.object.writeBack(self, part.offset, part.length());
            part.object.release(self);
            error = result < 0 ? result : error;
        }
        return error != 0 ? error : covered ? 0 : -Errno.ENOMEM;
    }

    /** Tells an object which of its pages this address space has changed. */
    static void collectDirty(KernelThread self, ProcessVm vm, MemoryObject object) {
        MmuGather gather = new MmuGather(vm);
        vm.lock().lock();
        try {
            for (VmRange range : vm.ranges().all()) {
                if (range.object == object && range.isShared()) {
                    collectDirty(vm, range, gather);
                }
            }
        } finally {
            vm.lock().unlock();
            gather.finish(self);
        }
    }

    private static void collectDirty(ProcessVm vm, VmRange part, MmuGather gather) {
        vm.tables().forEachLeaf(part.start, part.end, (linear, slot, entry, size) -> {
            if ((entry & DIRTY) != 0) {
                // What the servant writes sets no bit: a page that it may write stays dirty.
                if ((entry & MIRRORED) == 0) {
                    vm.tables().update(slot, 0, DIRTY);
                }
                part.object.markDirty(part.offsetOf(linear));
            }
        });
        gather.addRange(part.start, part.end, false);
    }

    // ---- mincore

    /** One byte per page, 1 = in memory; null if a page has no range. */
    public static byte[] residency(ProcessVm vm, long start, int pages) {
        byte[] result = new byte[pages];
        vm.lock().lock();
        try {
            for (int i = 0; i < pages; i++) {
                long linear = start + i * PageTables.PAGE;
                VmRange range = vm.ranges().find(linear);
                if (range == null) {
                    return null;
                }
                boolean inObject = range.object != null && range.object.isResident(range.offsetOf(linear));
                result[i] = (byte) (inObject || vm.tables().entry(linear) != 0 ? 1 : 0);
            }
            return result;
        } finally {
            vm.lock().unlock();
        }
    }

    // ---- mlock

    public static long lock(KernelThread self, ProcessVm vm, long start, long length, boolean lock, boolean populate) {
        vm.lock().lock();
        try {
            for (VmRange range : vm.ranges().isolate(start, start + length)) {
                setLocked(vm, range, lock);
            }
            vm.ranges().merge(start, start + length);
            if (!vm.ranges().covers(start, start + length)) {
                return -Errno.ENOMEM;
            }
        } finally {
            vm.lock().unlock();
        }
        return !populate || vm.populate(self, start, start + length) ? 0 : -Errno.ENOMEM;
    }

    private static void setLocked(ProcessVm vm, VmRange range, boolean lock) {
        if (range.has(VmRange.LOCKED) != lock && !range.has(VmRange.SPECIAL)) {
            vm.addLockedBytes(lock ? range.length() : -range.length());
            range.flags ^= VmRange.LOCKED;
        }
    }

    /** mlockall (with {@code future} or {@code current} and {@code populate}) and munlockall (current only). */
    public static long lockAll(KernelThread self, ProcessVm vm, boolean future, boolean current, boolean populate) {
        boolean unlock = !future && current && !populate;
        List<VmRange> ranges;
        vm.lock().lock();
        try {
            vm.setLockFutureMappings(future);
            if (current) {
                vm.ranges().all().forEach(range -> setLocked(vm, range, !unlock));
            }
            ranges = new ArrayList<>(vm.ranges().all());
        } finally {
            vm.lock().unlock();
        }
        if (current && populate) {
            ranges.stream().filter(r -> r.prot != 0).forEach(r -> vm.populate(self, r.start, r.end));
        }
        return 0;
    }

    // ---- mbind

    /** Gives the range a NUMA policy of its own (null: the thread's); pages that are there stay where they are. */
    public static long bind(ProcessVm vm, long start, long length, NumaPolicy policy) {
        vm.lock().lock();
        try {
            if (!vm.ranges().covers(start, start + length)) {
                return -Errno.EFAULT;
            }
            for (VmRange range : vm.ranges().isolate(start, start + length)) {
                range.policy = policy;
            }
            vm.ranges().merge(start, start + length);
            return 0;
        } finally {
            vm.lock().unlock();
        }
    }
}
