// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.layout;

import mckernelj.emulator.hw.PhysicalMemory;

/**
 * Resource usage of an OS instance (upstream: rusage_global), for libihk's getrusage, mcstat and query_free_mem.
 * Allocated and written by the LWK, with atomic additions where several CPUs write; read by Linux at any time. Bytes
 * and nanoseconds.
 */
public final class RusageArea {
    /** Page sizes of the rss and mapped_file counters. */
    public static final long[] PAGE_SIZES = {
        4L << 10, 64L << 10, 2L << 20, 32L << 20, 1L << 30, 16L << 30, 512L << 20, 4L << 40
    };

    public static final int MAX_NODES = 64;

    private static final int RSS = 0;
    private static final int MAPPED_FILE = RSS + 8 * 8;
    private static final int SCALARS = MAPPED_FILE + 8 * 8;
    private static final int NUMA_USED = SCALARS + 8 * 16;
    private static final int NUMA_TOTAL = NUMA_USED + 8 * MAX_NODES;
    private static final int NUMA_FREE = NUMA_TOTAL + 8 * MAX_NODES;
    private static final int FREE_UPDATES = NUMA_FREE + 8 * MAX_NODES;
    private static final int PER_CPU = FREE_UPDATES + 8;

    private static final int CPU_SYSTEM = 0;
    private static final int CPU_USER = 8;
    private static final int CPU_ENTRY = 16;

    /** Single counters. */
    public enum Counter {
        MEMORY_USAGE,
        MEMORY_MAX_USAGE,
        KMEM_USAGE,
        KMEM_MAX_USAGE,
        NUM_THREADS,
        MAX_NUM_THREADS
    }

    private final PhysicalMemory memory;
    private final long physical;

    public RusageArea(PhysicalMemory memory, long physical) {
        this.memory = memory;
        this.physical = physical;
    }

    public static long sizeBytes(int cpus) {
        return PER_CPU + (long) CPU_ENTRY * cpus;
    }

    public long get(Counter counter) {
        return memory.getLong(address(counter));
    }

    /** Returns the new value. */
    public long add(Counter counter, long delta) {
        return memory.getAndAddLong(address(counter), delta) + delta;
    }

    /** Raises a maximum. */
    public void raise(Counter maximum, long value) {
        long old = get(maximum);
        while (old < value && !memory.compareAndSetLong(address(maximum), old, value)) {
            old = get(maximum);
        }
    }

    /** Resident bytes in pages of {@code PAGE_SIZES[sizeIndex]}. */
    public long rss(int sizeIndex) {
        return memory.getLong(physical + RSS + 8L * sizeIndex);
    }

    public void addRss(int sizeIndex, long delta) {
        memory.getAndAddLong(physical + RSS + 8L * sizeIndex, delta);
    }

    public long mappedFile(int sizeIndex) {
        return memory.getLong(physical + MAPPED_FILE + 8L * sizeIndex);
    }

    public void addMappedFile(int sizeIndex, long delta) {
        memory.getAndAddLong(physical + MAPPED_FILE + 8L * sizeIndex, delta);
    }

    /** User memory in use on an LWK node. */
    public long numaUsed(int node) {
        return memory.getLong(physical + NUMA_USED + 8L * node);
    }

    public void addNumaUsed(int node, long delta) {
        memory.getAndAddLong(physical + NUMA_USED + 8L * node, delta);
    }

    /** MemTotal of an LWK node. */
    public long numaTotal(int node) {
        return memory.getLong(physical + NUMA_TOTAL + 8L * node);
    }

    public void setNumaTotal(int node, long value) {
        memory.putLong(physical + NUMA_TOTAL + 8L * node, value);
    }

    /**
     * How often the LWK has brought the free memory of all nodes up to date ({@code InterruptVectors.QUERY_FREE_MEM}).
     */
    public long freeUpdates() {
        return memory.getLong(physical + FREE_UPDATES);
    }

    /** LWK: {@link #numaFree} of all nodes is up to date. */
    public void countFreeUpdate() {
        memory.getAndAddLong(physical + FREE_UPDATES, 1);
    }

    /** MemFree of an LWK node, at the last update. */
    public long numaFree(int node) {
        return memory.getLong(physical + NUMA_FREE + 8L * node);
    }

    public void setNumaFree(int node, long value) {
        memory.putLong(physical + NUMA_FREE + 8L * node, value);
    }

    public long cpuSystemNanos(int cpu) {
        return memory.getLong(cpuEntry(cpu) + CPU_SYSTEM);
    }

    public long cpuUserNanos(int cpu) {
        return memory.getLong(cpuEntry(cpu) + CPU_USER);
    }

    /** Only by the CPU itself. */
    public void addCpuTime(int cpu, long systemNanos, long userNanos) {
        memory.putLong(cpuEntry(cpu) + CPU_SYSTEM, cpuSystemNanos(cpu) + systemNanos);
        memory.putLong(cpuEntry(cpu) + CPU_USER, cpuUserNanos(cpu) + userNanos);
    }

    private long address(Counter counter) {
        return physical + SCALARS + 8L * counter.ordinal();
    }

    private long cpuEntry(int cpu) {
        return physical + PER_CPU + (long) CPU_ENTRY * cpu;
    }
}
