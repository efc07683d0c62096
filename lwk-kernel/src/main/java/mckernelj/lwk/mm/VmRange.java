// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.mm;

/**
 * A range of an address space with uniform attributes (McKernel: vm_range; Linux: vm_area_struct). Guarded by the lock
 * of its address space.
 */
public final class VmRange {
    public static final int PROT_READ = 1;
    public static final int PROT_WRITE = 2;
    public static final int PROT_EXEC = 4;

    /** With PROT_READ or PROT_WRITE: a debugger's access, which the protection does not bind. */
    static final int FORCED = 8;

    /** Other processes see the changes (MAP_SHARED). */
    public static final int SHARED = 1;
    /** Grows down on faults below it. */
    public static final int GROWS_DOWN = 1 << 1;

    public static final int LOCKED = 1 << 2;
    public static final int DONT_FORK = 1 << 3;
    public static final int WIPE_ON_FORK = 1 << 4;
    public static final int DONT_DUMP = 1 << 5;
    public static final int NO_HUGE_PAGES = 1 << 6;
    /** The heap of brk. */
    public static final int HEAP = 1 << 7;
    /** The kernel's own pages (vDSO): no unmapping of single pages' frames, no mremap, no change of protection. */
    public static final int SPECIAL = 1 << 8;

    /** Nothing is mapped, but nothing may be until the servant has forgotten what was. */
    public static final int RESERVED = 1 << 9;

    long start;
    long end;
    int prot;
    int flags;
    final int maxProt;
    /** Null: anonymous private memory. */
    final MemoryObject object;
    /** Offset in {@link #object} that {@link #start} shows. */
    long offset;
    /** Null: that of the thread. */
    NumaPolicy policy;

    VmRange(long start, long end, int prot, int maxProt, int flags, MemoryObject object, long offset) {
        this.start = start;
        this.end = end;
        this.prot = prot;
        this.maxProt = maxProt;
        this.flags = flags;
        this.object = object;
        this.offset = offset;
    }

    public long start() {
        return start;
    }

    public long end() {
        return end;
    }

    public long length() {
        return end - start;
    }

    public int prot() {
        return prot;
    }

    /** What mprotect may ask for. */
    public int maxProt() {
        return maxProt;
    }

    public MemoryObject object() {
        return object;
    }

    public long offset() {
        return offset;
    }

    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    public boolean isShared() {
        return has(SHARED);
    }

    public boolean allows(int wantedProt) {
        if ((wantedProt & FORCED) != 0) {
            boolean write = (wantedProt & PROT_WRITE) != 0;
            return !write || !has(SPECIAL) && (!isShared() || (prot & PROT_WRITE) != 0);
        }
        return wantedProt == PROT_READ ? prot != 0 : (prot & wantedProt) == wantedProt;
    }

    public NumaPolicy policy() {
        return policy;
    }

    /** What RLIMIT_DATA counts. */
    static boolean isData(int prot, int flags) {
        return (prot & PROT_WRITE) != 0 && (flags & (SHARED | GROWS_DOWN)) == 0;
    }

    boolean contains(long from, long to) {
        return start <= from && to <= end;
    }

    long offsetOf(long linear) {
        return offset + (linear - start);
    }

    /** Page-table bits of a page of this range, without write permission. */
    long readOnlyBits() {
        return bits(prot & ~PROT_WRITE | (prot & PROT_WRITE) >> 1);
    }

    /** Page-table bits with all that the protection allows. */
    long bits() {
        return bits(prot);
    }

    private static long bits(int prot) {
        long bits = mckernelj.ihk.layout.PageTableEntry.ACCESSED;
        if (prot != 0) {
            bits |= mckernelj.ihk.layout.PageTableEntry.USER;
        }
        if ((prot & PROT_WRITE) != 0) {
            bits |= mckernelj.ihk.layout.PageTableEntry.WRITABLE;
        }
        if ((prot & PROT_EXEC) == 0) {
            bits |= mckernelj.ihk.layout.PageTableEntry.NO_EXECUTE;
        }
        return bits;
    }

    /** A copy for [from, to), which lies inside. The object is not retained. */
    VmRange slice(long from, long to) {
        VmRange copy = new VmRange(from, to, prot, maxProt, flags, object, offsetOf(from));
        copy.policy = policy;
        return copy;
    }

    /** True if {@code next}, which follows directly, is the same but for its place. */
    boolean continuesAs(VmRange next) {
        return end == next.start
                && prot == next.prot
                && maxProt == next.maxProt
                && flags == next.flags
                && object == next.object
                && java.util.Objects.equals(policy, next.policy)
                && !has(SPECIAL | RESERVED)
                && (object == null || offsetOf(end) == next.offset);
    }
}
