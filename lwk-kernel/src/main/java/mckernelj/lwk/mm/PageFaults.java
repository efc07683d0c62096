// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.mm;

import static mckernelj.ihk.layout.PageTableEntry.ADDRESS;
import static mckernelj.ihk.layout.PageTableEntry.LARGE;
import static mckernelj.ihk.layout.PageTableEntry.MIRRORED;
import static mckernelj.ihk.layout.PageTableEntry.USER;
import static mckernelj.ihk.layout.PageTableEntry.WRITABLE;

import mckernelj.ihk.Errno;
import mckernelj.lwk.sched.KernelThread;

/**
 * Page faults of an address space: anonymous pages in the largest aligned block that fits (2 MiB, then 64 KiB down to 4
 * KiB; few, long runs keep the servant's mappings few), pages of memory objects with their neighbours, copy on write,
 * stack growth.
 */
final class PageFaults {
    /** Largest number of small pages that one fault fills. */
    private static final int MAX_BLOCK_SHIFT = 16;

    /** The gap that must stay free below a growing stack (Linux: stack_guard_gap, 256 pages). */
    private static final long STACK_GUARD_GAP = 1L << 20;

    private static final long FAULT_CYCLES = 900;
    private static final long COPY_PAGE_CYCLES = 400;

    private final ProcessVm vm;
    private final PageTables tables;
    private final FramePool frames;

    PageFaults(ProcessVm vm) {
        this.vm = vm;
        this.tables = vm.tables();
        this.frames = vm.frames();
    }

    /** {@code access}: PROT_READ, PROT_WRITE or PROT_EXEC. May sleep to fetch a page. */
    FaultResult handle(KernelThread self, long linear, int access) {
        if (linear < 0 || linear >= PageTables.USER_HALF) {
            return FaultResult.NOT_MAPPED;
        }
        vm.kernel().charge(self, FAULT_CYCLES);
        for (int attempt = 0; ; attempt++) {
            MmuGather gather = new MmuGather(vm);
            Attempt result = new Attempt(self);
            vm.lock().lock();
            try {
                tryOnce(linear, access, gather, result);
                vm.kernel().charge(self, result.cycles);
                if (result.toFetch != null) {
                    result.toFetch.acquire();
                }
            } finally {
                vm.lock().unlock();
                gather.finish(self);
            }
            if (result.toFetch == null) {
                if (result.outcome == FaultResult.RESOLVED) {
                    vm.kernel().countFault(self, attempt > 0);
                }
                return result.outcome;
            }
            long error = result.toFetch.fetch(self, result.offset);
            result.toFetch.release(self);
            if (error < 0 || attempt > 100) {
                return error == -Errno.ENOMEM ? FaultResult.NO_MEMORY : FaultResult.NO_PAGE;
            }
        }
    }

    /** What one try under the lock came to: an outcome, or a page to fetch first. */
    private static final class Attempt {
        private FaultResult outcome = FaultResult.RESOLVED;
        private MemoryObject toFetch;
        private long offset;
        private long cycles;
        private final KernelThread self;

        Attempt(KernelThread self) {
            this.self = self;
        }

        void fail(FaultResult result) {
            outcome = result;
        }
    }

    private void tryOnce(long linear, int access, MmuGather gather, Attempt result) {
        VmRange range = vm.ranges().find(linear);
        if (range == null) {
            range = growStack(linear);
        }
        if (range == null) {
            result.fail(FaultResult.NOT_MAPPED);
            return;
        }
        if (!range.allows(access)) {
            result.fail(FaultResult.FORBIDDEN);
            return;
        }
        long page = linear & -PageTables.PAGE;
        long entry = tables.entry(page);
        if (entry != 0) {
            boolean write = (access & VmRange.PROT_WRITE) != 0 && (entry & WRITABLE) == 0;
            if (write && (access & VmRange.FORCED) != 0 && !range.isShared()) {
                makeOwn(range, page, gather, result);
            } else if (write) {
                makeWritable(range, page, gather, result);
            } else {
                // Somebody else resolved it, or this processor's translation is stale.
                gather.addRange(page, page + PageTables.PAGE, false);
            }
        } else if (range.object == null) {
            if (!populateAnonymous(range, page, result)) {
                result.fail(FaultResult.NO_MEMORY);
            }
        } else {
            mapObject(range, page, access, result);
        }
    }

    /** Extends the stack range above {@code linear} down to it, within RLIMIT_STACK and away from its neighbour. */
    private VmRange growStack(long linear) {
        VmRange range = vm.ranges().findOrNext(linear);
        if (range == null || !range.has(VmRange.GROWS_DOWN)) {
            return null;
        }
        long newStart = linear & -PageTables.PAGE;
        long limit = vm.limit(ProcessVm.RLIMIT_STACK);
        VmRange below = vm.ranges().previous(range);
        boolean tooLong = limit >= 0 && range.end - newStart > ProcessVm.pageAlign(limit);
        boolean tooNear = below != null && below.prot != 0 && newStart - below.end < STACK_GUARD_GAP;
        if (tooLong
                || tooNear
                || below != null && below.end > newStart
                || vm.exceedsAddressLimit(range.start - newStart)) {
            return null;
        }
        // In whole 64 KiB steps where the limits allow, so that blocks fit.
        long rounded = newStart & -(1L << MAX_BLOCK_SHIFT);
        boolean roundable = (limit < 0 || range.end - rounded <= limit)
                && (below == null || rounded - below.end >= STACK_GUARD_GAP);
        vm.ranges().growDown(range, roundable ? rounded : newStart);
        return range;
    }

    // ---- anonymous memory

    private boolean populateAnonymous(VmRange range, long page, Attempt result) {
        int[] nodes = nodes(range, page, result);
        long large = page & -PageTables.LARGE_PAGE;
        if (!range.has(VmRange.NO_HUGE_PAGES)
                && range.contains(large, large + PageTables.LARGE_PAGE)
                && tables.largeSlotFree(large)
                && populateLarge(range, large, nodes)) {
            return true;
        }
        for (int shift = MAX_BLOCK_SHIFT; shift >= 12; shift--) {
            long size = 1L << shift;
            long start = page & -size;
            if (range.contains(start, start + size) && tables.isEmpty(start, size)) {
                long physical = frames.allocate((int) (size >>> 12), nodes);
                if (physical >= 0) {
                    return mapRun(start, physical, size, range.bits());
                }
            }
        }
        return false;
    }

    private int[] nodes(VmRange range, long page, Attempt result) {
        return vm.kernel().nodes(result.self, range.policy, page);
    }

    private boolean populateLarge(VmRange range, long start, int[] nodes) {
        int pages = (int) (PageTables.LARGE_PAGE >>> 12);
        long physical = frames.allocate(pages, nodes);
        if (physical < 0) {
            return false;
        }
        if (!tables.mapLarge(start, physical, range.bits())) {
            frames.release(physical, pages);
            return false;
        }
        vm.countResident(pages);
        return true;
    }

    private boolean mapRun(long linear, long physical, long size, long bits) {
        for (long at = 0; at < size; at += PageTables.PAGE) {
            if (!tables.map(linear + at, physical + at, bits)) {
                frames.release(physical + at, size - at >>> 12);
                return at > 0;
            }
            vm.countResident(1);
        }
        return true;
    }

    // ---- memory objects

    private void mapObject(VmRange range, long page, int access, Attempt result) {
        long frame = range.object.frameAt(range.offsetOf(page));
        if (frame == MemoryObject.NO_MEMORY) {
            result.fail(FaultResult.NO_MEMORY);
        } else if (frame < 0) {
            // Behind the end, too: the file may have grown since.
            result.toFetch = range.object;
            result.offset = range.offsetOf(page);
        } else if ((access & VmRange.PROT_WRITE) != 0 && !range.isShared()) {
            mapCopy(range, page, frame, result);
        } else if (mapShared(range, page, frame)) {
            mapNeighbours(range, page);
        } else {
            result.fail(FaultResult.NO_MEMORY);
        }
    }

    private boolean mapShared(VmRange range, long page, long frame) {
        if (!tables.map(page, frame, range.isShared() ? range.bits() : range.readOnlyBits())) {
            frames.release(frame, 1);
            return false;
        }
        vm.countResident(1);
        return true;
    }

    private void mapCopy(VmRange range, long page, long frame, Attempt result) {
        long copy = frames.allocate(1, nodes(range, page, result));
        if (copy >= 0) {
            vm.memory().copy(frame, copy, PageTables.PAGE);
            result.cycles += COPY_PAGE_CYCLES;
        }
        frames.release(frame, 1);
        if (copy < 0 || !mapRun(page, copy, PageTables.PAGE, range.bits())) {
            result.fail(FaultResult.NO_MEMORY);
        }
    }

    /** Maps the other pages of the object's cluster that are in memory (Linux: fault-around). */
    private void mapNeighbours(VmRange range, long page) {
        long cluster = range.object.clusterBytes();
        long first = range.offsetOf(page) & -cluster;
        for (long offset = first; offset < first + cluster; offset += PageTables.PAGE) {
            long linear = range.start + (offset - range.offset);
            if (range.contains(linear, linear + PageTables.PAGE)
                    && tables.entry(linear) == 0
                    && range.object.isResident(offset)) {
                long frame = range.object.frameAt(offset);
                if (frame < 0 || !mapShared(range, linear, frame)) {
                    return;
                }
            }
        }
    }

    // ---- copy on write

    private void makeWritable(VmRange range, long page, MmuGather gather, Attempt result) {
        long slot = tables.slot(page);
        long entry = tables.entry(page);
        long size = (entry & LARGE) != 0 ? PageTables.LARGE_PAGE : PageTables.PAGE;
        if (range.isShared() || !frames.isAnyShared(entry & ADDRESS, size >>> 12)) {
            // The servant may have it read-only: mcctrl maps it anew for the call that writes.
            tables.update(slot, WRITABLE, 0);
            gather.addRange(page & -size, (page & -size) + size, false);
            return;
        }
        if (!tables.split(page)) {
            result.fail(FaultResult.NO_MEMORY);
            return;
        }
        copyBlock(range, page, gather, result);
    }

    /** For a debugger: the page becomes the process' own, its protection stays. */
    private void makeOwn(VmRange range, long page, MmuGather gather, Attempt result) {
        if (!tables.split(page)) {
            result.fail(FaultResult.NO_MEMORY);
        } else if (frames.isShared(tables.entry(page) & ADDRESS)) {
            copyBlock(range, page, gather, result);
        }
    }

    /** Copies the largest aligned block of shared pages around {@code page}, at most 64 KiB, and maps the copies. */
    private void copyBlock(VmRange range, long page, MmuGather gather, Attempt result) {
        if (!frames.isShared(tables.entry(page) & ADDRESS)) {
            makeWritable(range, page, gather, result);
            return;
        }
        boolean others = vm.kernel().othersInCalls(result.self, vm);
        for (int shift = MAX_BLOCK_SHIFT; shift >= 12; shift--) {
            long size = 1L << shift;
            long start = page & -size;
            // The page itself is copied even if its other owner has just let go of it.
            boolean fits = range.contains(start, start + size);
            if (fits && (size == PageTables.PAGE || allSharedCopies(start, size, page, others))) {
                long copy = frames.allocate((int) (size >>> 12), nodes(range, page, result));
                if (copy >= 0) {
                    replaceRun(range, start, copy, size, gather, result);
                    return;
                }
            }
        }
        result.fail(FaultResult.NO_MEMORY);
    }

    /** Neighbours of {@code page} that a call of another thread may be using stay as they are. */
    private boolean allSharedCopies(long start, long size, long page, boolean othersInCalls) {
        for (long linear = start; linear < start + size; linear += PageTables.PAGE) {
            long entry = tables.entry(linear);
            if (othersInCalls && linear != page && (entry & MIRRORED) != 0) {
                return false;
            }
            if (entry == 0 || (entry & (LARGE | WRITABLE)) != 0 || !frames.isShared(entry & ADDRESS)) {
                return false;
            }
        }
        return true;
    }

    private void replaceRun(VmRange range, long start, long copy, long size, MmuGather gather, Attempt result) {
        boolean mirrored = false;
        for (long at = 0; at < size; at += PageTables.PAGE) {
            long slot = tables.slot(start + at);
            long old = tables.entry(start + at);
            vm.memory().copy(old & ADDRESS, copy + at, PageTables.PAGE);
            old = tables.exchange(slot, copy + at | range.bits() | mckernelj.ihk.layout.PageTableEntry.PRESENT);
            mirrored |= (old & MIRRORED) != 0;
            gather.addFrames(old & ADDRESS, PageTables.PAGE);
        }
        result.cycles += COPY_PAGE_CYCLES * (size >>> 12);
        gather.addReplaced(start, start + size, mirrored);
    }

    // ---- populate

    boolean populate(KernelThread self, long start, long end) {
        boolean all = true;
        for (long linear = start & -PageTables.PAGE; linear < end; ) {
            VmRange range;
            long entry;
            vm.lock().lock();
            try {
                range = vm.ranges().find(linear);
                entry = range == null ? 0 : tables.entry(linear);
            } finally {
                vm.lock().unlock();
            }
            if (range == null) {
                return false;
            }
            boolean write = (range.prot & VmRange.PROT_WRITE) != 0 && !range.isShared();
            if ((entry & USER) == 0 || write && (entry & WRITABLE) == 0) {
                int access = write ? VmRange.PROT_WRITE : VmRange.PROT_READ;
                all &= handle(self, linear, access) == FaultResult.RESOLVED;
            }
            linear += (entry & LARGE) != 0 ? PageTables.LARGE_PAGE - linear % PageTables.LARGE_PAGE : PageTables.PAGE;
        }
        return all;
    }
}
