// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.mm;

import static mckernelj.ihk.layout.PageTableEntry.ADDRESS;
import static mckernelj.ihk.layout.PageTableEntry.LARGE;
import static mckernelj.ihk.layout.PageTableEntry.PRESENT;
import static mckernelj.ihk.layout.PageTableEntry.USER;
import static mckernelj.ihk.layout.PageTableEntry.WRITABLE;

import mckernelj.emulator.hw.PhysicalMemory;

/**
 * The 4-level page tables of one address space, in guest memory (SDM vol. 3, 4.5). Leaves are 4 KiB or 2 MiB pages; the
 * kernel half's top-level entries are copied from the kernel's own table. Not synchronised: the address space's lock
 * covers it. The processors set accessed and dirty bits meanwhile, so every change of an entry is a compare-and-set.
 */
public final class PageTables {
    public static final long PAGE = 4096;
    public static final long LARGE_PAGE = 2 << 20;

    /** Linear addresses below this are the user's. */
    public static final long USER_HALF = 1L << 47;

    private static final long TABLE_BITS = PRESENT | WRITABLE | USER;
    private static final int ENTRIES = 512;

    private final PhysicalMemory memory;
    private final FramePool frames;
    private final long root;

    /** Receives the leaves of a range, in ascending order. */
    public interface LeafVisitor {
        /** {@code slot} is the physical address of the entry; the page is {@code lengthBytes} long. */
        void leaf(long linear, long slot, long entry, long lengthBytes);
    }

    /** Returns null when there is no memory for the top table. */
    public static PageTables create(PhysicalMemory memory, FramePool frames, long kernelRoot) {
        long root = frames.allocate(1);
        if (root < 0) {
            return null;
        }
        memory.copy(kernelRoot + PAGE / 2, root + PAGE / 2, PAGE / 2);
        return new PageTables(memory, frames, root);
    }

    private PageTables(PhysicalMemory memory, FramePool frames, long root) {
        this.memory = memory;
        this.frames = frames;
        this.root = root;
    }

    /** Physical address of the top table: the value for CR3. */
    public long root() {
        return root;
    }

    /** The leaf entry that translates {@code linear}, or 0. */
    public long entry(long linear) {
        long slot = slot(linear);
        return slot == 0 ? 0 : memory.getLong(slot);
    }

    /**
     * Physical address of the entry for {@code linear}: in a page table, or in a page directory if that holds a large
     * page.
     */
    public long slot(long linear) {
        long directorySlot = directorySlot(linear, false);
        if (directorySlot == 0) {
            return 0;
        }
        long entry = memory.getLong(directorySlot);
        if ((entry & LARGE) != 0) {
            return directorySlot;
        }
        return (entry & PRESENT) == 0 ? 0 : (entry & ADDRESS) + index(linear, 12) * 8;
    }

    /** True if nothing is mapped in the 2 MiB around {@code linear} and no page table exists there. */
    public boolean largeSlotFree(long linear) {
        long slot = directorySlot(linear, false);
        return slot == 0 || memory.getLong(slot) == 0;
    }

    /** True if no page of the range, which lies inside 2 MiB, is mapped. */
    public boolean isEmpty(long startLinear, long lengthBytes) {
        for (long linear = startLinear; linear < startLinear + lengthBytes; linear += PAGE) {
            if (entry(linear) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Maps one page where none was. False: no memory for a table. */
    public boolean map(long linear, long physical, long bits) {
        long slot = tableSlot(linear);
        if (slot == 0) {
            return false;
        }
        memory.putLong(slot, physical | bits | PRESENT);
        return true;
    }

    /** Maps 2 MiB where nothing was and no page table is. */
    public boolean mapLarge(long linear, long physical, long bits) {
        long slot = directorySlot(linear, true);
        if (slot == 0) {
            return false;
        }
        memory.putLong(slot, physical | bits | PRESENT | LARGE);
        return true;
    }

    /** Replaces an entry; returns the old one with the accessed and dirty bits that it finally had. */
    public long exchange(long slot, long value) {
        while (true) {
            long old = memory.getLong(slot);
            if (memory.compareAndSetLong(slot, old, value)) {
                return old;
            }
        }
    }

    /** Sets and clears bits of an entry; returns the old one. */
    public long update(long slot, long set, long clear) {
        while (true) {
            long old = memory.getLong(slot);
            if (memory.compareAndSetLong(slot, old, old & ~clear | set)) {
                return old;
            }
        }
    }

    /** Turns the large page around {@code linear} into 512 small ones. False: no memory for the table. */
    public boolean split(long linear) {
        long slot = directorySlot(linear, false);
        long large = slot == 0 ? 0 : memory.getLong(slot);
        if ((large & LARGE) == 0) {
            return true;
        }
        long table = frames.allocate(1);
        if (table < 0) {
            return false;
        }
        while (true) {
            for (int i = 0; i < ENTRIES; i++) {
                memory.putLong(table + i * 8L, (large & ~LARGE) + i * PAGE);
            }
            if (memory.compareAndSetLong(slot, large, table | TABLE_BITS)) {
                return true;
            }
            large = memory.getLong(slot);
        }
    }

    /** Splits the large pages that lie across either end of the range. */
    public boolean splitEdges(long startLinear, long endLinear) {
        return (startLinear % LARGE_PAGE == 0 || split(startLinear))
                && (endLinear % LARGE_PAGE == 0 || endLinear >= USER_HALF || split(endLinear));
    }

    /** Visits the leaves that intersect the range. */
    public void forEachLeaf(long startLinear, long endLinear, LeafVisitor visitor) {
        long linear = startLinear & -PAGE;
        while (linear < endLinear) {
            int absentShift = firstAbsentLevel(linear);
            if (absentShift != 0) {
                linear = (linear >>> absentShift) + 1 << absentShift;
                continue;
            }
            long slot = slot(linear);
            long entry = memory.getLong(slot);
            long size = (entry & LARGE) != 0 ? LARGE_PAGE : PAGE;
            if (entry != 0) {
                visitor.leaf(linear & -size, slot, entry, size);
            }
            linear = (linear & -size) + size;
        }
    }

    /**
     * Unhooks the page tables that lie wholly in the range, which has no leaves any more; they go to {@code gather}.
     */
    public void unhookTables(long startLinear, long endLinear, MmuGather gather) {
        for (long linear = startLinear + LARGE_PAGE - 1 & -LARGE_PAGE; linear + LARGE_PAGE <= endLinear; ) {
            int absentShift = firstAbsentLevel(linear);
            if (absentShift > 21) {
                linear = (linear >>> absentShift) + 1 << absentShift;
                continue;
            }
            long slot = directorySlot(linear, false);
            long entry = memory.getLong(slot);
            if ((entry & PRESENT) != 0 && (entry & LARGE) == 0) {
                memory.putLong(slot, 0);
                gather.addTable(entry & ADDRESS);
            }
            linear += LARGE_PAGE;
        }
    }

    /** Frees all tables of the user half and the top one. No processor uses them and no leaf is left. */
    public void destroy() {
        freeTables(root, 3);
    }

    /** Tables of the user half, the top one included. */
    long count() {
        return count(root, 3);
    }

    private long count(long table, int level) {
        long tables = 1;
        int used = level == 3 ? ENTRIES / 2 : ENTRIES;
        for (int i = 0; i < used && level > 0; i++) {
            long entry = memory.getLong(table + i * 8L);
            if ((entry & PRESENT) != 0 && (entry & LARGE) == 0) {
                tables += count(entry & ADDRESS, level - 1);
            }
        }
        return tables;
    }

    private void freeTables(long table, int level) {
        int used = level == 3 ? ENTRIES / 2 : ENTRIES;
        for (int i = 0; i < used && level > 0; i++) {
            long entry = memory.getLong(table + i * 8L);
            if ((entry & PRESENT) != 0 && (entry & LARGE) == 0) {
                freeTables(entry & ADDRESS, level - 1);
            }
        }
        frames.release(table, 1);
    }

    /** Bit position of the highest level at which the walk ends without an entry, or 0. */
    private int firstAbsentLevel(long linear) {
        long table = root;
        for (int shift = 39; shift >= 21; shift -= 9) {
            long entry = memory.getLong(table + index(linear, shift) * 8);
            if ((entry & PRESENT) == 0) {
                return shift;
            }
            if ((entry & LARGE) != 0) {
                return 0;
            }
            table = entry & ADDRESS;
        }
        return 0;
    }

    private long tableSlot(long linear) {
        long directorySlot = directorySlot(linear, true);
        long table = directorySlot == 0 ? 0 : table(directorySlot, true);
        return table == 0 ? 0 : table + index(linear, 12) * 8;
    }

    private long directorySlot(long linear, boolean create) {
        long table = root;
        for (int shift = 39; shift > 21; shift -= 9) {
            table = table(table + index(linear, shift) * 8, create);
            if (table == 0) {
                return 0;
            }
        }
        return table + index(linear, 21) * 8;
    }

    private long table(long slot, boolean create) {
        long entry = memory.getLong(slot);
        if ((entry & PRESENT) != 0) {
            return entry & ADDRESS;
        }
        if (!create) {
            return 0;
        }
        long table = frames.allocate(1);
        if (table < 0) {
            return 0;
        }
        memory.putLong(slot, table | TABLE_BITS);
        return table;
    }

    private static long index(long linear, int shift) {
        return linear >>> shift & ENTRIES - 1;
    }
}
