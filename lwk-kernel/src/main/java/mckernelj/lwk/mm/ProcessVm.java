// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.mm;

import static mckernelj.ihk.layout.PageTableEntry.ADDRESS;
import static mckernelj.ihk.layout.PageTableEntry.DIRTY;
import static mckernelj.ihk.layout.PageTableEntry.MIRRORED;
import static mckernelj.ihk.layout.PageTableEntry.NO_EXECUTE;
import static mckernelj.ihk.layout.PageTableEntry.USER;
import static mckernelj.ihk.layout.PageTableEntry.WRITABLE;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntToLongFunction;
import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.ihk.Errno;
import mckernelj.lwk.phys.PageAllocator;
import mckernelj.lwk.sched.KernelThread;

/**
 * The address space of a process: its ranges, its page tables, and the operations of mmap(2) and relatives on them.
 * Results are addresses or negative errnos as in Linux. Page faults are {@link PageFaults}, growing and moving is
 * {@link Mremap}.
 */
public final class ProcessVm {
    /** Resource numbers of getrlimit which memory management obeys. */
    public static final int RLIMIT_DATA = 2;

    public static final int RLIMIT_STACK = 3;
    public static final int RLIMIT_MEMLOCK = 8;
    public static final int RLIMIT_AS = 9;

    /** Lowest address that a program may map (Linux: vm.mmap_min_addr). */
    private static final long MMAP_MIN_ADDRESS = 0x10000;

    private final MmKernel kernel;
    private final PhysicalMemory memory;
    private final FramePool frames;
    private final PageTables tables;
    private final RangeMap ranges = new RangeMap();
    private final ReentrantLock lock = new ReentrantLock();
    private final PageFaults faults;
    private final AddressSpaceLayout layout;
    /** Processes that use it: several after clone(CLONE_VM). */
    private final AtomicInteger users = new AtomicInteger(1);

    private IntToLongFunction limits = resource -> -1L;
    private boolean lockFutureMappings;
    private volatile ProgramArea programArea = ProgramArea.NONE;
    /** Its page tables are gone or will be in a moment: others who look at it find nothing. Guarded by the lock. */
    private boolean ended;

    private long brkStart;
    private long brk;
    private long residentPages;
    private long peakResidentPages;
    private long peakBytes;
    private long lockedBytes;

    /** Null when there is no memory for the page tables. */
    public static ProcessVm create(
            MmKernel kernel, PhysicalMemory memory, FramePool frames, long kernelRoot, AddressSpaceLayout layout) {
        PageTables tables = PageTables.create(memory, frames, kernelRoot);
        return tables == null ? null : new ProcessVm(kernel, memory, frames, tables, layout);
    }

    private ProcessVm(
            MmKernel kernel, PhysicalMemory memory, FramePool frames, PageTables tables, AddressSpaceLayout layout) {
        this.kernel = kernel;
        this.memory = memory;
        this.frames = frames;
        this.tables = tables;
        this.layout = layout;
        this.faults = new PageFaults(this);
    }

    /** {@code limits}: soft limit of a resource number, -1 for none. */
    public void setLimits(IntToLongFunction limits) {
        this.limits = limits;
    }

    // ---- mmap and munmap

    /** A mapping to be made. {@code object} null: anonymous. The reference to it is the caller's until success. */
    public record Mapping(
            long hint,
            long length,
            int prot,
            int maxProt,
            int flags,
            MemoryObject object,
            long offset,
            int rangeFlags) {}

    /** Makes a mapping as mmap(2) does, whose general argument checks the caller has made. */
    public long mmap(KernelThread self, Mapping wanted) {
        long length = pageAlign(wanted.length());
        if (length <= 0 || length > layout.userEnd()) {
            return -Errno.ENOMEM;
        }
        MmuGather gather = new MmuGather(this);
        List<VmRange> replaced = new ArrayList<>();
        long start;
        lock.lock();
        try {
            if (VmRange.isData(wanted.prot(), wanted.rangeFlags()) && exceedsDataLimit(0, length)) {
                return -Errno.ENOMEM;
            }
            start = place(wanted, length, gather, replaced);
            if (start < 0) {
                return start;
            }
            insert(wanted, start, length);
        } finally {
            lock.unlock();
            complete(self, gather, replaced);
        }
        populateNew(self, wanted, start, length);
        return start;
    }

    private void insert(Mapping wanted, long start, long length) {
        int flags = wanted.rangeFlags() | (lockFutureMappings ? VmRange.LOCKED : 0);
        if ((wanted.flags() & MmapFlags.MAP_LOCKED) != 0) {
            flags |= VmRange.LOCKED;
        }
        if ((flags & VmRange.LOCKED) != 0) {
            lockedBytes += length;
        }
        ranges.insert(new VmRange(
                start, start + length, wanted.prot(), wanted.maxProt(), flags, wanted.object(), wanted.offset()));
        ranges.merge(start, start + length);
        peakBytes = Math.max(peakBytes, ranges.totalBytes());
    }

    private void populateNew(KernelThread self, Mapping wanted, long start, long length) {
        boolean locked = (wanted.flags() & MmapFlags.MAP_LOCKED) != 0 || lockFutureMappings;
        if (wanted.prot() != 0 && (locked || (wanted.flags() & MmapFlags.MAP_POPULATE) != 0)) {
            populate(self, start, start + length);
        }
    }

    /** Chooses the address; for fixed mappings unmaps what is there. */
    private long place(Mapping wanted, long length, MmuGather gather, List<VmRange> replaced) {
        boolean noReplace = (wanted.flags() & MmapFlags.MAP_FIXED_NOREPLACE) != 0;
        if (!noReplace && (wanted.flags() & MmapFlags.MAP_FIXED) == 0) {
            return exceedsAddressLimit(length) ? -Errno.ENOMEM : findFree(wanted, length);
        }
        long start = wanted.hint();
        if (start % PageTables.PAGE != 0) {
            return -Errno.EINVAL;
        }
        if (start < MMAP_MIN_ADDRESS) {
            return -Errno.EPERM;
        }
        if (start > layout.userEnd() - length) {
            return -Errno.ENOMEM;
        }
        VmRange next = ranges.findOrNext(start);
        boolean free = next == null || next.start >= start + length;
        if (noReplace && !free) {
            return -Errno.EEXIST;
        }
        if (free && exceedsAddressLimit(length)) {
            return -Errno.ENOMEM;
        }
        return free || unmapLocked(start, start + length, gather, replaced) ? start : -Errno.ENOMEM;
    }

    private long findFree(Mapping wanted, long length) {
        long hint = pageAlign(wanted.hint());
        VmRange next = ranges.findOrNext(hint);
        boolean hintUsable = hint >= MMAP_MIN_ADDRESS && hint <= layout.userEnd() - length;
        if (hintUsable && (next == null || hint + length <= next.start)) {
            return hint;
        }
        boolean low = (wanted.flags() & MmapFlags.MAP_32BIT) != 0;
        return findHole(length, wanted.object() == null, low);
    }

    /**
     * Room for a new mapping; -ENOMEM if there is none. Large anonymous mappings are placed so that large pages fit.
     */
    long findHole(long length, boolean anonymous, boolean below2G) {
        long from = below2G ? 0x40000000L : layout.mmapBase();
        long to = below2G ? 0x80000000L : layout.mmapEnd();
        long hole = -1;
        if (anonymous && length >= PageTables.LARGE_PAGE) {
            hole = ranges.findHole(length, from, to, PageTables.LARGE_PAGE);
        }
        if (hole < 0) {
            hole = below2G
                    ? ranges.findHole(length, from, to, PageTables.PAGE)
                    : ranges.findHoleFromHint(length, from, to);
        }
        return hole < 0 ? -Errno.ENOMEM : hole;
    }

    boolean exceedsAddressLimit(long moreBytes) {
        long limit = limits.applyAsLong(RLIMIT_AS);
        return limit >= 0 && ranges.totalBytes() + moreBytes > limit;
    }

    public long munmap(KernelThread self, long start, long length) {
        if (start % PageTables.PAGE != 0 || length <= 0 || start < 0 || start > layout.userEnd() - pageAlign(length)) {
            return -Errno.EINVAL;
        }
        MmuGather gather = new MmuGather(this);
        List<VmRange> removed = new ArrayList<>();
        lock.lock();
        try {
            if (!unmapLocked(start, start + pageAlign(length), gather, removed)) {
                return -Errno.ENOMEM;
            }
            reserveMirrored(gather, removed);
        } finally {
            lock.unlock();
            complete(self, gather, removed);
        }
        return 0;
    }

    /** Takes everything in [start, end) out of ranges and page tables. False: no memory to split a large page. */
    boolean unmapLocked(long start, long end, MmuGather gather, List<VmRange> removed) {
        if (!tables.splitEdges(start, end)) {
            return false;
        }
        for (VmRange range : ranges.isolate(start, end)) {
            zap(range, range.start, range.end, gather);
            ranges.remove(range);
            if (range.has(VmRange.LOCKED)) {
                lockedBytes -= range.length();
            }
            removed.add(range);
        }
        unhookTables(start, end, gather);
        return true;
    }

    /** Page tables may go only where the whole 2 MiB is without ranges. */
    private void unhookTables(long start, long end, MmuGather gather) {
        long from = start & -PageTables.LARGE_PAGE;
        if (!ranges.overlapping(from, start).isEmpty()) {
            from = start;
        }
        long to = end + PageTables.LARGE_PAGE - 1 & -PageTables.LARGE_PAGE;
        if (!ranges.overlapping(end, to).isEmpty()) {
            to = end;
        }
        tables.unhookTables(from, to, gather);
    }

    /** Removes the pages of a part of a range; edges are split already. */
    void zap(VmRange range, long start, long end, MmuGather gather) {
        boolean[] mirrored = new boolean[1];
        tables.forEachLeaf(start, end, (linear, slot, ignored, size) -> {
            long entry = tables.exchange(slot, 0);
            if (range.isShared() && range.object != null && (entry & DIRTY) != 0) {
                range.object.markDirty(range.offsetOf(linear));
            }
            mirrored[0] |= (entry & MIRRORED) != 0;
            gather.addFrames(entry & ADDRESS, size);
            residentPages -= size / PageTables.PAGE;
        });
        gather.addRange(start, end, mirrored[0]);
    }

    /**
     * Keeps the addresses of removed ranges from being given out before the servant has forgotten its mappings of them:
     * a call of another thread would use those.
     */
    void reserveMirrored(MmuGather gather, List<VmRange> removed) {
        for (VmRange range : removed) {
            if (gather.isMirrored(range.start, range.end)
                    && ranges.overlapping(range.start, range.end).isEmpty()) {
                VmRange reserved = new VmRange(range.start, range.end, 0, 0, VmRange.RESERVED, null, 0);
                ranges.insert(reserved);
                gather.addReserved(reserved);
            }
        }
    }

    /** After the lock was released: shoots down, frees, drops the ranges' objects. */
    void complete(KernelThread self, MmuGather gather, List<VmRange> removed) {
        gather.finish(self);
        if (!gather.reserved().isEmpty()) {
            lock.lock();
            try {
                // A fixed mapping may have replaced a part meanwhile.
                gather.reserved().forEach(reserved -> ranges.overlapping(reserved.start, reserved.end).stream()
                        .filter(range -> range.has(VmRange.RESERVED))
                        .forEach(ranges::remove));
            } finally {
                lock.unlock();
            }
        }
        for (VmRange range : removed) {
            if (range.object != null) {
                range.object.release(self);
            }
        }
    }

    // ---- brk

    /** Sets where the heap begins and ends at the start of a program. */
    public void setBrk(long start) {
        brkStart = start;
        brk = start;
    }

    /** brk(2): returns the new end, or the old one if it cannot be changed. */
    public long brk(KernelThread self, long wanted) {
        MmuGather gather = new MmuGather(this);
        List<VmRange> removed = new ArrayList<>();
        long oldEnd;
        long newEnd;
        lock.lock();
        try {
            if (wanted < brkStart || wanted > layout.userEnd() || exceedsDataLimit(wanted - brkStart, wanted - brk)) {
                return brk;
            }
            oldEnd = layout.heapEnd(brkStart, brk);
            newEnd = layout.heapEnd(brkStart, wanted);
            boolean done = newEnd >= oldEnd
                    ? newEnd == oldEnd || extendHeap(oldEnd, newEnd)
                    : unmapLocked(newEnd, oldEnd, gather, removed);
            if (!done) {
                return brk;
            }
            brk = wanted;
        } finally {
            lock.unlock();
            complete(self, gather, removed);
        }
        if (lockFutureMappings && newEnd > oldEnd) {
            populate(self, oldEnd, newEnd);
        }
        return wanted;
    }

    /** RLIMIT_DATA: the heap, and since Linux 4.7 all private memory that can be written. */
    private boolean exceedsDataLimit(long heapBytes, long moreBytes) {
        long limit = limits.applyAsLong(RLIMIT_DATA);
        return limit >= 0 && (heapBytes > limit || moreBytes > 0 && ranges.dataBytes() + moreBytes > limit);
    }

    private boolean extendHeap(long from, long to) {
        VmRange next = ranges.findOrNext(from);
        if (next != null && next.start < to || exceedsAddressLimit(to - from)) {
            return false;
        }
        int prot = VmRange.PROT_READ | VmRange.PROT_WRITE;
        Mapping heap = new Mapping(from, to - from, prot, 7, 0, null, 0, VmRange.HEAP);
        insert(heap, from, to - from);
        return true;
    }

    public ProgramArea programArea() {
        return programArea;
    }

    public void setProgramArea(ProgramArea area) {
        programArea = area;
    }

    public long brkStart() {
        return brkStart;
    }

    public long brkEnd() {
        return brk;
    }

    // ---- mprotect

    /** mprotect(2) for a page-aligned range; {@code prot} may contain PROT_GROWSDOWN. */
    public long mprotect(KernelThread self, long startLinear, long length, int prot) {
        MmuGather gather = new MmuGather(this);
        lock.lock();
        try {
            long start = startLinear;
            long end = startLinear + pageAlign(length);
            if ((prot & MmapFlags.PROT_GROWSDOWN) != 0) {
                VmRange range = ranges.find(start);
                if (range == null || !range.has(VmRange.GROWS_DOWN)) {
                    return -Errno.EINVAL;
                }
                start = range.start;
            }
            return protectLocked(start, end, prot & 7, gather);
        } finally {
            lock.unlock();
            gather.finish(self);
        }
    }

    private long protectLocked(long start, long end, int prot, MmuGather gather) {
        // Linux changes the ranges before the first hole or forbidden one, then reports it.
        for (VmRange range : ranges.overlapping(start, end)) {
            if (range.start > start) {
                break;
            }
            long to = Math.min(range.end, end);
            if ((prot & ~range.maxProt) != 0 || range.has(VmRange.SPECIAL)) {
                return -Errno.EACCES;
            }
            if (range.prot != prot) {
                boolean newData = VmRange.isData(prot, range.flags) && !VmRange.isData(range.prot, range.flags);
                if (newData && exceedsDataLimit(0, to - start) || !tables.splitEdges(start, to)) {
                    return -Errno.ENOMEM;
                }
                VmRange part = ranges.isolate(start, to).get(0);
                part.prot = prot;
                applyProtection(part, gather);
                ranges.merge(start, to);
            }
            start = to;
        }
        return start < end ? -Errno.ENOMEM : 0;
    }

    /**
     * Rewrites the entries of a range for its present protection. Private pages that others share stay read-only (COW).
     */
    private void applyProtection(VmRange range, MmuGather gather) {
        boolean[] mirrored = new boolean[1];
        tables.forEachLeaf(range.start, range.end, (linear, slot, entry, size) -> {
            boolean cow = !range.isShared() && frames.isAnyShared(entry & ADDRESS, size / PageTables.PAGE);
            long bits = cow ? range.readOnlyBits() : range.bits();
            long old = tables.update(slot, bits, (WRITABLE | USER | NO_EXECUTE) & ~bits);
            if ((old & MIRRORED) != 0 && (old & (WRITABLE | USER) & ~bits) != 0) {
                // The servant may do more than the program now: it must forget the page.
                tables.update(slot, 0, MIRRORED);
                mirrored[0] = true;
            }
        });
        gather.addRange(range.start, range.end, mirrored[0]);
    }

    // ---- faults and presence

    public FaultResult fault(KernelThread self, long linear, int access) {
        return faults.handle(self, linear, access);
    }

    /** Makes all pages of the range present as far as possible. False: something could not be made present. */
    public boolean populate(KernelThread self, long start, long end) {
        return faults.populate(self, start, end);
    }

    /** The page-table entry of an address, or 0. Takes the lock. */
    public long entry(long linear) {
        lock.lock();
        try {
            return linear >= 0 && linear < PageTables.USER_HALF && !ended ? tables.entry(linear) : 0;
        } finally {
            lock.unlock();
        }
    }

    /** How many address spaces have the frame; {@code ofObject}: a file or shared memory has it, too. */
    public int mapCount(long frame, boolean ofObject) {
        return Math.max(1, frames.references(frame) - (ofObject ? 1 : 0));
    }

    /** The lock is held. */
    boolean hasEnded() {
        return ended;
    }

    /** Pages of a range of a snapshot, as far as they are still there. The lock is held. */
    void forEachLeaf(VmRange range, PageTables.LeafVisitor visitor) {
        if (!ended) {
            tables.forEachLeaf(range.start, range.end, visitor);
        }
    }

    /** Present pages of a range on each node. */
    public long[] pagesOnNodes(VmRange range, PageAllocator pages) {
        long[] onNode = new long[pages.nodeCount()];
        lock.lock();
        try {
            forEachLeaf(range, (linear, slot, entry, size) -> {
                long present = Math.min(linear + size, range.end) - Math.max(linear, range.start);
                onNode[pages.nodeOf(entry & ADDRESS)] += present / PageTables.PAGE;
            });
        } finally {
            lock.unlock();
        }
        return onNode;
    }

    /** Bytes of page tables in the user half, the top one included. */
    public long tableBytes() {
        lock.lock();
        try {
            return ended ? 0 : tables.count() * PageTables.PAGE;
        } finally {
            lock.unlock();
        }
    }

    void countResident(long pages) {
        residentPages += pages;
        peakResidentPages = Math.max(peakResidentPages, residentPages);
    }

    public long residentPages() {
        return residentPages;
    }

    public long peakResidentPages() {
        return peakResidentPages;
    }

    /** The largest {@link #totalBytes} so far. */
    public long peakBytes() {
        return peakBytes;
    }

    /** Sum of the lengths of all ranges. */
    public long totalBytes() {
        return ranges.totalBytes();
    }

    public long lockedBytes() {
        return lockedBytes;
    }

    void addLockedBytes(long delta) {
        lockedBytes += delta;
    }

    public boolean locksFutureMappings() {
        return lockFutureMappings;
    }

    void setLockFutureMappings(boolean value) {
        lockFutureMappings = value;
    }

    long limit(int resource) {
        return limits.applyAsLong(resource);
    }

    // ---- fork and end

    /** A copy for a child process (fork), private pages copied on write; null: no memory. */
    public ProcessVm fork(KernelThread self, long kernelRoot) {
        ProcessVm child = create(kernel, memory, frames, kernelRoot, layout);
        if (child == null) {
            return null;
        }
        MmuGather gather = new MmuGather(this);
        boolean done;
        lock.lock();
        try {
            child.brkStart = brkStart;
            child.programArea = programArea;
            child.brk = brk;
            done = new AddressSpaceFork(self, this, child, gather).copyAll();
        } finally {
            lock.unlock();
            gather.finish(self);
        }
        if (!done) {
            child.destroy(self);
            return null;
        }
        return child;
    }

    /** One more process uses it. */
    public ProcessVm acquire() {
        users.incrementAndGet();
        return this;
    }

    public boolean isShared() {
        return users.get() > 1;
    }

    /** A process uses it no more; the last one destroys it. None of its threads runs in it. May sleep (write-back). */
    public void release(KernelThread self) {
        if (users.decrementAndGet() == 0) {
            destroy(self);
        }
    }

    /** Unmaps everything and frees the tables. */
    void destroy(KernelThread self) {
        MmuGather gather = new MmuGather(this);
        List<VmRange> removed = new ArrayList<>();
        lock.lock();
        try {
            for (VmRange range : List.copyOf(ranges.all())) {
                zap(range, range.start, range.end, gather);
                ranges.remove(range);
                removed.add(range);
            }
            ended = true;
        } finally {
            lock.unlock();
            complete(self, gather, removed);
        }
        tables.destroy();
    }

    // ---- parts

    public AddressSpaceLayout layout() {
        return layout;
    }

    /** Physical address of the top page table, for CR3. */
    public long root() {
        return tables.root();
    }

    public ReentrantLock lock() {
        return lock;
    }

    public PhysicalMemory memory() {
        return memory;
    }

    PageTables tables() {
        return tables;
    }

    RangeMap ranges() {
        return ranges;
    }

    FramePool frames() {
        return frames;
    }

    MmKernel kernel() {
        return kernel;
    }

    /** A copy of the range that holds an address, or null. */
    public VmRange rangeAt(long linear) {
        lock.lock();
        try {
            VmRange range = ranges.find(linear);
            return range == null ? null : range.slice(range.start, range.end);
        } finally {
            lock.unlock();
        }
    }

    /** A snapshot of the ranges, for /proc and messages. */
    public List<VmRange> snapshot() {
        lock.lock();
        try {
            List<VmRange> copy = new ArrayList<>(ranges.count());
            ranges.all().forEach(r -> copy.add(r.slice(r.start, r.end)));
            return copy;
        } finally {
            lock.unlock();
        }
    }

    static long pageAlign(long bytes) {
        return bytes + PageTables.PAGE - 1 & -PageTables.PAGE;
    }
}
