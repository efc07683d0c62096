// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.partition;

import java.util.Map;
import java.util.TreeMap;

/** A set of disjoint address ranges, neighbours joined. Not thread-safe. */
public final class FreeRanges {
    private final TreeMap<Long, Long> endByStart = new TreeMap<>();

    public void add(long start, long end) {
        long from = start;
        long to = end;
        Map.Entry<Long, Long> before = endByStart.floorEntry(start);
        if (before != null && before.getValue() >= start) {
            from = before.getKey();
            to = Math.max(to, before.getValue());
        }
        Map.Entry<Long, Long> after = endByStart.ceilingEntry(start);
        while (after != null && after.getKey() <= to) {
            to = Math.max(to, after.getValue());
            endByStart.remove(after.getKey());
            after = endByStart.ceilingEntry(start);
        }
        endByStart.put(from, to);
    }

    /** Takes out a range that lies in one of the set's. */
    public void remove(long start, long end) {
        Map.Entry<Long, Long> range = endByStart.floorEntry(start);
        if (range == null || range.getValue() < end) {
            throw new IllegalStateException("not free: 0x" + Long.toHexString(start));
        }
        long rangeEnd = range.getValue();
        if (range.getKey() < start) {
            endByStart.put(range.getKey(), start);
        } else {
            endByStart.remove(range.getKey());
        }
        if (end < rangeEnd) {
            endByStart.put(end, rangeEnd);
        }
    }

    /** Ascending; a copy. */
    public Map<Long, Long> ranges() {
        return new TreeMap<>(endByStart);
    }

    public long totalBytes() {
        return endByStart.entrySet().stream()
                .mapToLong(r -> r.getValue() - r.getKey())
                .sum();
    }
}
