// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.phys;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Free physical memory of one NUMA node: address-ordered runs, neighbours merged, first fit. Callers hold the instance's monitor. */
final class FreeTree {
    private final TreeMap<Long, Long> runs = new TreeMap<>();
    /** What was handed over, in pairs of start and end; grows at boot only and is read without the monitor. */
    private volatile long[] owned = {};

    private long totalPages;
    private long freePages;

    long totalPages() {
        return totalPages;
    }

    long freePages() {
        return freePages;
    }

    void addMemory(long start, long end) {
        insert(start, end);
        totalPages += end - start >> PageAllocator.PAGE_SHIFT;
        long[] more = Arrays.copyOf(owned, owned.length + 2);
        more[owned.length] = start;
        more[owned.length + 1] = end;
        owned = more;
    }

    boolean owns(long physical) {
        long[] ranges = owned;
        for (int i = 0; i < ranges.length; i += 2) {
            if (physical >= ranges[i] && physical < ranges[i + 1]) {
                return true;
            }
        }
        return false;
    }

    /** First run that can hold {@code lengthBytes} at a multiple of {@code alignBytes} (a power of two); -1 if there is none. */
    long take(long lengthBytes, long alignBytes) {
        for (Map.Entry<Long, Long> run : runs.entrySet()) {
            long start = run.getKey() + alignBytes - 1 & -alignBytes;
            if (start >= run.getKey() && run.getValue() - start >= lengthBytes) {
                cut(run.getKey(), run.getValue(), start, start + lengthBytes);
                return start;
            }
        }
        return -1;
    }

    private void cut(long runStart, long runEnd, long start, long end) {
        if (start == runStart) {
            runs.remove(runStart);
        } else {
            runs.put(runStart, start);
        }
        if (end < runEnd) {
            runs.put(end, runEnd);
        }
        freePages -= end - start >> PageAllocator.PAGE_SHIFT;
    }

    void insert(long start, long end) {
        Map.Entry<Long, Long> below = runs.floorEntry(start);
        Map.Entry<Long, Long> above = runs.ceilingEntry(start);
        if (below != null && below.getValue() > start || above != null && above.getKey() < end) {
            throw new IllegalStateException("freed twice: " + Long.toHexString(start) + "-" + Long.toHexString(end));
        }
        freePages += end - start >> PageAllocator.PAGE_SHIFT;
        long mergedEnd = end;
        if (above != null && above.getKey() == end) {
            mergedEnd = above.getValue();
            runs.remove(end);
        }
        long mergedStart = below != null && below.getValue() == start ? below.getKey() : start;
        runs.put(mergedStart, mergedEnd);
    }
}
