// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.phys;

import java.util.Arrays;
import java.util.Comparator;
import mckernelj.emulator.hw.PhysicalMemory;

/**
 * Allocator of the partition's physical memory, one free tree per NUMA node (node numbers of the LWK). Memory is contiguous, aligned,
 * and reads as zero. Thread-safe. Knows no policy but distance: a caller that wants another order asks node by node.
 */
public final class PageAllocator {
    public static final int PAGE_SHIFT = 12;
    public static final long PAGE_SIZE = 1L << PAGE_SHIFT;

    private final PhysicalMemory memory;
    private final FreeTree[] nodes;
    private final int[][] nodesByDistance;

    /** {@code distances[from][to]} as in {@code BootParameters}. */
    public PageAllocator(PhysicalMemory memory, int[][] distances) {
        this.memory = memory;
        nodes = new FreeTree[distances.length];
        nodesByDistance = new int[distances.length][];
        for (int node = 0; node < nodes.length; node++) {
            nodes[node] = new FreeTree();
            nodesByDistance[node] = byDistance(distances[node]);
        }
    }

    private static int[] byDistance(int[] distances) {
        Integer[] order = new Integer[distances.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingInt(i -> distances[i]));
        return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
    }

    /** Hands [start, end) of {@code node} to the allocator; clears it. */
    public void addMemory(int node, long start, long end) {
        memory.clear(start, end - start);
        synchronized (nodes[node]) {
            nodes[node].addMemory(start, end);
        }
    }

    /**
     * Allocates {@code pages} contiguous 4 KiB pages at a multiple of {@code alignPages} (a power of two), from {@code preferredNode}
     * or else the nearest node that has them. Returns the physical address, or -1.
     */
    public long allocate(long pages, long alignPages, int preferredNode) {
        for (int node : nodesByDistance[preferredNode]) {
            long physical = allocateOn(node, pages, alignPages);
            if (physical != -1) {
                return physical;
            }
        }
        return -1;
    }

    /** As {@link #allocate}, but from this node only. */
    public long allocateOn(int node, long pages, long alignPages) {
        FreeTree tree = nodes[node];
        synchronized (tree) {
            if (tree.freePages() < pages) {
                return -1;
            }
            return tree.take(pages << PAGE_SHIFT, alignPages << PAGE_SHIFT);
        }
    }

    /** Frees pages that {@link #allocate} returned, whole or in parts. They must belong to one node. */
    public void free(long physical, long pages) {
        free(physical, pages, nodeOf(physical));
    }

    private void free(long physical, long pages, int node) {
        memory.clear(physical, pages << PAGE_SHIFT);
        synchronized (nodes[node]) {
            nodes[node].insert(physical, physical + (pages << PAGE_SHIFT));
        }
    }

    /** NUMA node of a physical address of this partition. */
    public int nodeOf(long physical) {
        for (int node = 0; node < nodes.length; node++) {
            if (nodes[node].owns(physical)) {
                return node;
            }
        }
        throw new IllegalArgumentException("not memory of this partition: " + Long.toHexString(physical));
    }

    /** True if [physical, physical + length) is memory that was handed to this allocator. */
    public boolean owns(long physical, long lengthBytes) {
        for (FreeTree node : nodes) {
            if (node.owns(physical) && node.owns(physical + lengthBytes - 1)) {
                return true;
            }
        }
        return false;
    }

    public int nodeCount() {
        return nodes.length;
    }

    /** Nodes in the order of their distance from {@code node}, itself first. */
    public int[] nodesByDistance(int node) {
        return nodesByDistance[node].clone();
    }

    public long totalPages(int node) {
        synchronized (nodes[node]) {
            return nodes[node].totalPages();
        }
    }

    public long freePages(int node) {
        synchronized (nodes[node]) {
            return nodes[node].freePages();
        }
    }
}
