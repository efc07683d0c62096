// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.mcctrl;

import static mckernelj.ihk.layout.PageTableEntry.ACCESSED;
import static mckernelj.ihk.layout.PageTableEntry.ADDRESS;
import static mckernelj.ihk.layout.PageTableEntry.DIRTY;
import static mckernelj.ihk.layout.PageTableEntry.MIRRORED;
import static mckernelj.ihk.layout.PageTableEntry.WRITABLE;
import static mckernelj.linuxhost.mcctrl.GuestPageTable.PAGE;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import mckernelj.ihk.launch.MailboxLayout;
import mckernelj.linuxhost.proxy.MapRecords;
import mckernelj.linuxhost.proxy.RecordList;

/**
 * Which pages of a process its servant has mapped at the process's own addresses: the unified address space. Pages are mapped when
 * a call first names them, together with their neighbours in the same 2 MiB whose frames are contiguous. The LWK tells when a
 * page with the MIRRORED bit goes or is restricted ({@link #remove}); until then what is recorded here is true.
 *
 * <p>A run of pages is recorded only when the servant has mapped it: another thread's call must not rely on a mapping that is
 * still on its way. A run from which pages were removed on its way is not recorded, and what it left in the servant is put right
 * at once ({@link #settle}): later, another thread's call may rely on pages of the run that it has mapped itself. Thread-safe.
 */
final class UserSpaceMirror {
    private static final int CHUNK_SHIFT = 21;
    private static final int CHUNK_PAGES = 512;
    private static final long LOWEST = 0x1000;
    private static final long MAPPED = 1;

    private final Map<Long, long[]> chunks = new HashMap<>();
    private final Set<MappedRuns> onTheWay = new LinkedHashSet<>();
    private final Deque<long[]> stale = new ArrayDeque<>();
    private GuestPageTable pages;
    private long lastChunk = -1;
    private long[] lastPages;
    private int mappings;

    synchronized void setPageTable(GuestPageTable table) {
        pages = table;
    }

    /** Mappings made so far, an upper bound of what the servant has. */
    synchronized int mappings() {
        return mappings;
    }

    /** True if the servant has all of the range, writable if {@code write}. */
    synchronized boolean covers(long start, long end, boolean write) {
        for (long page = start & -PAGE; page < end; page += PAGE) {
            if (!recorded(page, write)) {
                return false;
            }
        }
        return true;
    }

    /** First page of the range that the process has not present (not writable, if {@code write}); {@code end} if none. */
    synchronized long firstAbsent(long start, long end, boolean write) {
        long page = start & -PAGE;
        while (page < end && (recorded(page, write) || accessible(page, write))) {
            page += PAGE;
        }
        return Math.min(page, end);
    }

    /** First page after {@code absent} that is not absent. */
    synchronized long lastAbsent(long absent, long end, boolean write) {
        long page = absent;
        while (page < end && !recorded(page, write) && !accessible(page, write)) {
            page += PAGE;
        }
        return Math.min(page, end);
    }

    /**
     * Adds records that map what is present of the range and not yet in the servant. Returns the address up to which that was done:
     * less than {@code end} if the list is full. Pages that are absent are skipped; those that may not be written become
     * readable at least.
     */
    synchronized long map(long start, long end, boolean write, RecordList list, MappedRuns runs) {
        for (long page = start & -PAGE; page < end; ) {
            long entry = recorded(page, write) || onItsWay(runs, page, write) ? 0 : pages.entry(page);
            boolean writable = mayWrite(entry, write);
            if (entry == 0 || recorded(page, writable)) {
                page += PAGE;
            } else if (runs.full()) {
                return page;
            } else {
                page = mapRun(page, entry, writable, write, list, runs);
            }
        }
        return end;
    }

    /** As {@link #map}, for all that the process has present. */
    synchronized long mapAll(long start, RecordList list, MappedRuns runs) {
        long at = pages.nextPresent(Math.max(start, LOWEST), MailboxLayout.USER_END);
        while (at < MailboxLayout.USER_END) {
            long end = (at >>> CHUNK_SHIFT) + 1 << CHUNK_SHIFT;
            long done = map(at, end, true, list, runs);
            if (done < end) {
                return done;
            }
            at = pages.nextPresent(end, MailboxLayout.USER_END);
        }
        return at;
    }

    private long mapRun(long page, long entry, boolean writable, boolean write, RecordList list, MappedRuns runs) {
        long bits = MIRRORED | ACCESSED | (writable ? DIRTY : 0);
        if (!pages.mark(page, entry, bits)) {
            return page; // changed under us: look again
        }
        long physical = entry & ADDRESS;
        long chunk = page >>> CHUNK_SHIFT << CHUNK_SHIFT;
        long first = page;
        while (first > chunk && extend(first - PAGE, physical + (first - PAGE - page), writable, write, bits)) {
            first -= PAGE;
        }
        long last = page + PAGE;
        while (last < chunk + (1L << CHUNK_SHIFT) && extend(last, physical + (last - page), writable, write, bits)) {
            last += PAGE;
        }
        int protection = MapRecords.PROT_READ | (writable ? MapRecords.PROT_WRITE : 0);
        int record = MapRecords.map(list, first, physical + (first - page), last - first, protection);
        runs.add(first, physical + (first - page), last - first, writable, record);
        onTheWay.add(runs);
        return last;
    }

    /** True if this neighbour has the wanted frame and rights; a clean page is not made dirty for being a neighbour. */
    private boolean extend(long page, long physical, boolean writable, boolean write, long bits) {
        if (recorded(page, false)) {
            return false;
        }
        long entry = pages.entry(page);
        return entry != 0
                && (entry & ADDRESS) == physical
                && (writable ? (entry & (WRITABLE | DIRTY)) == (WRITABLE | DIRTY) : !mayWrite(entry, write))
                && pages.mark(page, entry, bits);
    }

    /** A mapping is writable only if the page is dirty anyway or is about to be: writes by Linux are not seen by the MMU. */
    private static boolean mayWrite(long entry, boolean write) {
        return (entry & WRITABLE) != 0 && (write || (entry & DIRTY) != 0);
    }

    /** The list that held these runs was executed: those with {@code good} results are now in the servant. */
    synchronized void confirm(MappedRuns runs, java.util.function.IntPredicate good) {
        for (int i = 0; i < runs.count; i++) {
            if (runs.overtaken[i]) {
                stale.add(new long[] {runs.users[i], runs.lengths[i]});
            } else if (good.test(i)) {
                record(runs.users[i], runs.physicals[i], runs.lengths[i], runs.writables[i]);
            }
        }
        mappings += runs.count;
        runs.count = 0;
        onTheWay.remove(runs);
    }

    /**
     * Forgets the range; true if the servant may have mappings of it, which the caller must then remove before it answers the LWK.
     */
    synchronized boolean remove(long start, long end) {
        for (MappedRuns runs : onTheWay) {
            runs.overtake(start, end);
        }
        return end - start > (long) chunks.size() << CHUNK_SHIFT ? removeSparse(start, end) : removeDense(start, end);
    }

    private boolean removeDense(long start, long end) {
        boolean found = !onTheWay.isEmpty();
        for (long page = start & -PAGE; page < end; page += PAGE) {
            long[] chunk = chunk(page);
            int index = index(page);
            if (chunk == null) {
                page = ((page >>> CHUNK_SHIFT) + 1 << CHUNK_SHIFT) - PAGE;
            } else if (chunk[index] != 0) {
                chunk[index] = 0;
                found = true;
            }
        }
        return found;
    }

    private boolean removeSparse(long start, long end) {
        boolean found = !onTheWay.isEmpty();
        for (Map.Entry<Long, long[]> entry : chunks.entrySet()) {
            long base = entry.getKey() << CHUNK_SHIFT;
            for (int i = 0; i < CHUNK_PAGES; i++) {
                long page = base + i * PAGE;
                if (page >= start && page < end && entry.getValue()[i] != 0) {
                    entry.getValue()[i] = 0;
                    found = true;
                }
            }
        }
        return found;
    }

    /** Forgets everything; true if there was something. What is on its way goes when it has arrived ({@link #settle}). */
    synchronized boolean clear() {
        boolean had = mappings != 0 || !onTheWay.isEmpty();
        for (MappedRuns runs : onTheWay) {
            Arrays.fill(runs.overtaken, true);
        }
        chunks.clear();
        lastChunk = -1;
        mappings = 0;
        return had;
    }

    /**
     * To be called after {@link #confirm}, when the results have been read. What runs have mapped although it was removed on their way is
     * unmapped, or mapped as other lists have it since, without a hole in time: their calls may be using it. {@code lists} gives an empty
     * list for the servant, {@code execute} has it executed; nobody can map anything meanwhile.
     */
    synchronized void settle(Supplier<RecordList> lists, Runnable execute) {
        while (!stale.isEmpty()) {
            RecordList list = lists.get();
            while (!stale.isEmpty() && list.room() >= MapRecords.RECORDS_PER_MAP) {
                settleFirst(stale.remove(), list);
            }
            if (list.size() > 0) {
                execute.run();
            }
        }
    }

    /** One or two records for the first pages of the range that are alike; the others are stale still. */
    private void settleFirst(long[] range, RecordList list) {
        long start = range[0];
        long end = start + range[1];
        long wanted = wanted(start);
        long last = start + PAGE;
        while (last < end && wanted(last) == (wanted <= MAPPED ? wanted : wanted + last - start)) {
            last += PAGE;
        }
        if (last < end) {
            stale.addFirst(new long[] {last, end - last});
        }
        if (wanted == 0) {
            MapRecords.unmap(list, start, last - start);
        } else if (wanted != MAPPED) {
            int protection = MapRecords.PROT_READ | ((wanted & WRITABLE) != 0 ? MapRecords.PROT_WRITE : 0);
            MapRecords.map(list, start, wanted & ADDRESS, last - start, protection);
        }
    }

    /** What the servant should have of a page, as in a chunk; MAPPED alone: a run on its way decides, which will be settled itself. */
    private long wanted(long page) {
        long[] chunk = chunk(page);
        long state = chunk == null ? 0 : chunk[index(page)];
        for (MappedRuns runs : onTheWay) {
            for (int i = 0; i < runs.count; i++) {
                if (page >= runs.users[i] && page < runs.users[i] + runs.lengths[i]) {
                    if (runs.overtaken[i]) {
                        return MAPPED;
                    }
                    state |= runs.physicals[i] + page - runs.users[i] | MAPPED | (runs.writables[i] ? WRITABLE : 0);
                }
            }
        }
        return state;
    }

    private void record(long user, long physical, long length, boolean writable) {
        for (long done = 0; done < length; done += PAGE) {
            long[] chunk = chunk(user + done);
            if (chunk == null) {
                chunk = new long[CHUNK_PAGES];
                chunks.put(user + done >>> CHUNK_SHIFT, chunk);
                lastChunk = -1;
            }
            chunk[index(user + done)] = physical + done | MAPPED | (writable ? WRITABLE : 0);
        }
    }

    private boolean recorded(long page, boolean write) {
        long[] chunk = chunk(page);
        long state = chunk == null ? 0 : chunk[index(page)];
        return state != 0 && (!write || (state & WRITABLE) != 0);
    }

    private static boolean onItsWay(MappedRuns runs, long page, boolean write) {
        for (int i = 0; i < runs.count; i++) {
            if (page >= runs.users[i] && page < runs.users[i] + runs.lengths[i] && (!write || runs.writables[i])) {
                return true;
            }
        }
        return false;
    }

    private boolean accessible(long page, boolean write) {
        if (page < LOWEST || page >= MailboxLayout.USER_END) {
            return false;
        }
        long entry = pages.entry(page);
        return entry != 0 && (!write || (entry & WRITABLE) != 0);
    }

    private long[] chunk(long page) {
        long number = page >>> CHUNK_SHIFT;
        if (number != lastChunk) {
            lastPages = chunks.get(number);
            lastChunk = number;
        }
        return lastPages;
    }

    private static int index(long page) {
        return (int) (page >>> 12) & CHUNK_PAGES - 1;
    }
}
