// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.mcctrl;

import static mckernelj.ihk.layout.PageTableEntry.ACCESSED;
import static mckernelj.ihk.layout.PageTableEntry.ADDRESS;
import static mckernelj.ihk.layout.PageTableEntry.DIRTY;
import static mckernelj.ihk.layout.PageTableEntry.LARGE;
import static mckernelj.ihk.layout.PageTableEntry.PRESENT;
import static mckernelj.ihk.layout.PageTableEntry.USER;
import static mckernelj.ihk.layout.PageTableEntry.WRITABLE;

import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.ihk.launch.MailboxLayout;

/**
 * The page table of an LWK process, read from guest physical memory while the LWK may change it (SDM vol. 3, 4.5). Entries are
 * read and changed atomically; what they say may be old a moment later.
 */
final class GuestPageTable {
    static final long PAGE = 4096;
    static final long PAGE_MASK = PAGE - 1;
    static final long LARGE_MASK = (1 << 21) - 1;
    private static final int LEVELS = 4;

    private final PhysicalMemory memory;
    private final long top;

    GuestPageTable(PhysicalMemory memory, long topPhysical) {
        this.memory = memory;
        this.top = topPhysical & ADDRESS;
    }

    PhysicalMemory memory() {
        return memory;
    }

    /**
     * The 4 KiB entry that translates {@code user}: a piece of a large page looks like a small one. 0 if the process cannot
     * read there.
     */
    long entry(long user) {
        long slot = slot(user);
        return slot == 0 ? 0 : small(memory.getLong(slot & ~1), (slot & 1) != 0, user);
    }

    /** Sets {@code bits} in the entry if it still translates as {@code expected} did; false if it changed. */
    boolean mark(long user, long expected, long bits) {
        long slot = slot(user);
        if (slot == 0) {
            return false;
        }
        while (true) {
            long raw = memory.getLong(slot & ~1);
            long now = small(raw, (slot & 1) != 0, user);
            if (((now ^ expected) & (ADDRESS | PRESENT | USER | WRITABLE)) != 0) {
                return false;
            }
            if ((raw & bits) == bits || memory.compareAndSetLong(slot & ~1, raw, raw | bits)) {
                return true;
            }
        }
    }

    /** Physical address of a byte, or -1. */
    long physical(long user) {
        long entry = entry(user);
        return entry == 0 ? -1 : entry & ADDRESS | user & PAGE_MASK;
    }

    /** First address at or after {@code user}, below {@code end}, that may be present; {@code end} if none. */
    long nextPresent(long user, long end) {
        long at = user;
        while (at < end) {
            long table = top;
            int shift = 39;
            while (true) {
                long entry = memory.getLong(table + index(at, shift));
                if ((entry & PRESENT) == 0) {
                    at = (at >>> shift) + 1 << shift;
                    break;
                }
                if (shift == 12 || (entry & LARGE) != 0 && shift == 21) {
                    return at;
                }
                table = entry & ADDRESS;
                shift -= 9;
            }
        }
        return end;
    }

    /** Copies bytes of the process; returns how many there were before the first address that is not mapped. */
    int read(long user, byte[] target, int length) {
        int done = 0;
        while (done < length) {
            long physical = user + done < MailboxLayout.USER_END && user + done >= 0 ? physical(user + done) : -1;
            if (physical < 0) {
                break;
            }
            int piece = (int) Math.min(length - done, PAGE - (physical & PAGE_MASK));
            memory.read(physical, target, done, piece);
            done += piece;
        }
        return done;
    }

    /** Copies bytes into the process; false if it may not write there. The pages must be present. */
    boolean write(long user, byte[] source, int length) {
        int done = 0;
        while (done < length) {
            long at = user + done;
            long entry = at < MailboxLayout.USER_END && at >= 0 ? entry(at) : 0;
            if ((entry & WRITABLE) == 0 || !mark(at, entry, ACCESSED | DIRTY)) {
                return false;
            }
            int piece = (int) Math.min(length - done, PAGE - (at & PAGE_MASK));
            memory.write(entry & ADDRESS | at & PAGE_MASK, source, done, piece);
            done += piece;
        }
        return true;
    }

    /** Address of the leaf entry, bit 0 set if it is one of a 2 MiB page; 0 if a table is missing. */
    private long slot(long user) {
        long table = top;
        for (int level = LEVELS, shift = 39; level > 1; level--, shift -= 9) {
            long slot = table + index(user, shift);
            long entry = memory.getLong(slot);
            if ((entry & PRESENT) == 0) {
                return 0;
            }
            if (level == 2 && (entry & LARGE) != 0) {
                return slot | 1;
            }
            table = entry & ADDRESS;
            if (!memory.isRam(table, PAGE)) {
                return 0;
            }
        }
        return table + index(user, 12);
    }

    private static long small(long raw, boolean large, long user) {
        if ((raw & (PRESENT | USER)) != (PRESENT | USER)) {
            return 0;
        }
        return large ? raw & ~(LARGE_MASK & ADDRESS) & ~LARGE | user & LARGE_MASK & ~PAGE_MASK : raw;
    }

    private static long index(long user, int shift) {
        return (user >>> shift & 511) << 3;
    }
}
