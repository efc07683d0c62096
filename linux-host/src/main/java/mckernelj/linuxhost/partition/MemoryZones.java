// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.partition;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import mckernelj.emulator.hw.NumaTopology;

/**
 * Physical memory that belongs to Linux, per NUMA node. Linux' own structures come from the lowest addresses; IHK takes
 * chunks of whole {@link #GRANULE granules} above {@link #KERNEL_END}, as large as possible, and gives them back.
 * Thread-safe.
 */
public final class MemoryZones {
    /** Chunks for IHK are multiples of this (the largest block of Linux' page allocator). */
    public static final long GRANULE = 4 << 20;

    /** Never handed out: trampolines and what real mode uses. */
    public static final long LOW_END = 1 << 20;

    /** Linux keeps at least [LOW_END, KERNEL_END). */
    public static final long KERNEL_END = 16 << 20;

    private static final long PAGE = 4096;

    private final NumaTopology numa;
    private final List<FreeRanges> nodes = new ArrayList<>();

    public MemoryZones(NumaTopology numa) {
        this.numa = numa;
        for (int node = 0; node < numa.nodeCount(); node++) {
            FreeRanges free = new FreeRanges();
            for (NumaTopology.Range range : numa.memory(node)) {
                long start = Math.max(range.start(), LOW_END);
                if (start < range.end()) {
                    free.add(start, range.end());
                }
            }
            nodes.add(free);
        }
    }

    public int nodeCount() {
        return nodes.size();
    }

    public synchronized long freeBytes(int node) {
        return nodes.get(node).totalBytes();
    }

    /** Whole pages for Linux' own use, lowest address first, not cleared; 0 if there is no memory. */
    public synchronized long allocate(long lengthBytes) {
        long length = lengthBytes + PAGE - 1 & -PAGE;
        for (FreeRanges node : nodes) {
            for (Map.Entry<Long, Long> range : node.ranges().entrySet()) {
                if (range.getValue() - range.getKey() >= length) {
                    node.remove(range.getKey(), range.getKey() + length);
                    return range.getKey();
                }
            }
        }
        return 0;
    }

    /** Gives back what {@link #allocate} returned. */
    public synchronized void free(long physical, long lengthBytes) {
        long end = physical + (lengthBytes + PAGE - 1 & -PAGE);
        nodes.get(nodeOf(physical)).add(physical, end);
    }

    private int nodeOf(long physical) {
        for (int node = 0; node < nodes.size(); node++) {
            for (NumaTopology.Range range : numa.memory(node)) {
                if (physical >= range.start() && physical < range.end()) {
                    return node;
                }
            }
        }
        throw new IllegalArgumentException("no RAM at 0x" + Long.toHexString(physical));
    }

    /**
     * Takes {@code sizeBytes} (rounded up to granules) for IHK, in few large chunks; nothing and an empty list if there
     * is not enough.
     */
    public synchronized List<MemoryChunk> reserve(int node, long sizeBytes) {
        List<MemoryChunk> available = available(node);
        long missing = sizeBytes + GRANULE - 1 & -GRANULE;
        if (available.stream().mapToLong(MemoryChunk::sizeBytes).sum() < missing) {
            return List.of();
        }
        List<MemoryChunk> taken = new ArrayList<>();
        while (missing > 0) {
            MemoryChunk source = best(available, missing);
            available.remove(source);
            long length = Math.min(missing, source.sizeBytes());
            MemoryChunk chunk = new MemoryChunk(source.start(), source.start() + length, node);
            nodes.get(node).remove(chunk.start(), chunk.end());
            taken.add(chunk);
            missing -= length;
        }
        return taken;
    }

    /** The smallest that is enough, or else the largest. */
    private static MemoryChunk best(List<MemoryChunk> available, long size) {
        Comparator<MemoryChunk> bySize = Comparator.comparingLong(MemoryChunk::sizeBytes);
        return available.stream()
                .filter(chunk -> chunk.sizeBytes() >= size)
                .min(bySize)
                .orElseGet(() -> available.stream().max(bySize).orElseThrow());
    }

    /** Bytes that {@link #reserve} could take. */
    public synchronized long reservableBytes(int node) {
        return available(node).stream().mapToLong(MemoryChunk::sizeBytes).sum();
    }

    private List<MemoryChunk> available(int node) {
        List<MemoryChunk> chunks = new ArrayList<>();
        nodes.get(node).ranges().forEach((start, end) -> {
            long from = Math.max(start, KERNEL_END) + GRANULE - 1 & -GRANULE;
            long to = end & -GRANULE;
            if (from < to) {
                chunks.add(new MemoryChunk(from, to, node));
            }
        });
        return chunks;
    }

    /** Gives back (a part of) a chunk taken by {@link #reserve}. */
    public synchronized void release(MemoryChunk chunk) {
        nodes.get(chunk.node()).add(chunk.start(), chunk.end());
    }
}
