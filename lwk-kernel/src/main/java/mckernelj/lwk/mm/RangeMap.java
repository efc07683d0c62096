// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.mm;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The ranges of one address space in the order of their addresses. Guarded by the address space's lock. */
final class RangeMap {
    private final TreeMap<Long, VmRange> ranges = new TreeMap<>();
    private long totalBytes;

    /** Below this address there is no hole larger than {@link #largestSkippedHole}. */
    private long searchHint;

    private long largestSkippedHole;

    VmRange find(long linear) {
        Map.Entry<Long, VmRange> entry = ranges.floorEntry(linear);
        return entry != null && linear < entry.getValue().end ? entry.getValue() : null;
    }

    /** The first range that ends above {@code linear}. */
    VmRange findOrNext(long linear) {
        VmRange range = find(linear);
        if (range != null) {
            return range;
        }
        Map.Entry<Long, VmRange> next = ranges.higherEntry(linear);
        return next == null ? null : next.getValue();
    }

    VmRange previous(VmRange range) {
        Map.Entry<Long, VmRange> entry = ranges.lowerEntry(range.start);
        return entry == null ? null : entry.getValue();
    }

    Collection<VmRange> all() {
        return ranges.values();
    }

    long totalBytes() {
        return totalBytes;
    }

    /** Of private memory that can be written, stacks excluded. */
    long dataBytes() {
        return ranges.values().stream()
                .filter(range -> VmRange.isData(range.prot, range.flags))
                .mapToLong(VmRange::length)
                .sum();
    }

    int count() {
        return ranges.size();
    }

    /** The ranges that intersect [start, end), as they are. */
    List<VmRange> overlapping(long start, long end) {
        List<VmRange> found = new ArrayList<>();
        for (VmRange r = findOrNext(start); r != null && r.start < end; r = findOrNext(r.end)) {
            found.add(r);
        }
        return found;
    }

    /** The ranges that make up [start, end) after splitting at both ends. */
    List<VmRange> isolate(long start, long end) {
        splitAt(start);
        splitAt(end);
        return overlapping(start, end);
    }

    /** True if no address in [start, end) is without a range. */
    boolean covers(long start, long end) {
        long linear = start;
        while (linear < end) {
            VmRange range = find(linear);
            if (range == null) {
                return false;
            }
            linear = range.end;
        }
        return true;
    }

    void insert(VmRange range) {
        ranges.put(range.start, range);
        totalBytes += range.length();
    }

    void remove(VmRange range) {
        ranges.remove(range.start);
        totalBytes -= range.length();
        searchHint = Math.min(searchHint, range.start);
    }

    /** Moves the start of a range (stack growth). */
    void growDown(VmRange range, long newStart) {
        ranges.remove(range.start);
        totalBytes += range.start - newStart;
        range.offset -= range.start - newStart;
        range.start = newStart;
        ranges.put(newStart, range);
    }

    void setEnd(VmRange range, long newEnd) {
        totalBytes += newEnd - range.end;
        if (newEnd < range.end) {
            searchHint = Math.min(searchHint, newEnd);
        }
        range.end = newEnd;
    }

    private void splitAt(long linear) {
        VmRange range = find(linear);
        if (range == null || range.start == linear) {
            return;
        }
        VmRange upper = range.slice(linear, range.end);
        range.end = linear;
        ranges.put(linear, upper);
        if (range.object != null) {
            range.object.acquire();
        }
    }

    /** Joins equal neighbours between the range before {@code start} and the range behind {@code end}. */
    void merge(long start, long end) {
        Map.Entry<Long, VmRange> lower = ranges.lowerEntry(start);
        VmRange range = lower == null ? findOrNext(start) : lower.getValue();
        while (range != null && range.start <= end) {
            VmRange next = ranges.get(range.end);
            if (next != null && range.continuesAs(next)) {
                ranges.remove(next.start);
                range.end = next.end;
                if (next.object != null) {
                    next.object.release(null);
                }
            } else {
                range = findOrNext(range.end);
            }
        }
    }

    /** First fit: the lowest hole of {@code length} bytes in [low, high), aligned; or -1. */
    long findHole(long length, long low, long high, long alignment) {
        return search(length, align(low, alignment), high, alignment);
    }

    /**
     * As {@link #findHole} for whole pages from always the same {@code low}: skips what earlier searches found full.
     */
    long findHoleFromHint(long length, long low, long high) {
        long from = low;
        if (length > largestSkippedHole) {
            from = Math.max(low, searchHint);
        } else {
            largestSkippedHole = 0;
        }
        long found = search(length, from, high, PageTables.PAGE);
        searchHint = found < 0 ? from : found + length;
        return found;
    }

    private long search(long length, long from, long high, long alignment) {
        long candidate = from;
        while (candidate <= high - length) {
            VmRange next = findOrNext(candidate);
            if (next == null || candidate + length <= next.start) {
                return candidate;
            }
            largestSkippedHole = Math.max(largestSkippedHole, next.start - candidate);
            candidate = align(next.end, alignment);
        }
        return -1;
    }

    private static long align(long value, long alignment) {
        return value + alignment - 1 & -alignment;
    }
}
