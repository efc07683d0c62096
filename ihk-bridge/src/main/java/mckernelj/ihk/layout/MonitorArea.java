// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.layout;

import mckernelj.emulator.hw.PhysicalMemory;

/**
 * Per-CPU monitor: {status, saved status, counter, old counter}, a cache line per LWK CPU. Allocated and written by the
 * LWK (counter on each entry to the kernel); Linux reads it for the status of the OS and for hang detection, and keeps
 * the old counter.
 */
public final class MonitorArea {
    public static final int NOT_BOOTED = 0;
    public static final int IDLE = 1;
    public static final int USER = 2;
    public static final int KERNEL = 3;

    /** In a call that may take long (futex, sigsuspend, nanosleep): not a hang. */
    public static final int KERNEL_HEAVY = 4;

    /** Waits for a delegated call. */
    public static final int KERNEL_OFFLOAD = 5;

    public static final int FREEZING = 8;
    public static final int FROZEN = 9;
    public static final int THAW = 10;
    public static final int PANIC = 99;

    private static final int ENTRY_SIZE = 64;
    private static final int SAVED_STATUS = 4;
    private static final int COUNTER = 8;
    private static final int OLD_COUNTER = 16;

    private final PhysicalMemory memory;
    private final long physical;

    public MonitorArea(PhysicalMemory memory, long physical) {
        this.memory = memory;
        this.physical = physical;
    }

    public static long sizeBytes(int cpus) {
        return (long) ENTRY_SIZE * cpus;
    }

    public int status(int cpu) {
        return memory.getInt(entry(cpu));
    }

    public void setStatus(int cpu, int status) {
        memory.putInt(entry(cpu), status);
    }

    public int savedStatus(int cpu) {
        return memory.getInt(entry(cpu) + SAVED_STATUS);
    }

    public void setSavedStatus(int cpu, int status) {
        memory.putInt(entry(cpu) + SAVED_STATUS, status);
    }

    public long counter(int cpu) {
        return memory.getLong(entry(cpu) + COUNTER);
    }

    public void setCounter(int cpu, long value) {
        memory.putLong(entry(cpu) + COUNTER, value);
    }

    /** Linux: true if the CPU is in the kernel and has not entered it anew since the last call. */
    public boolean hangs(int cpu) {
        long counter = counter(cpu);
        boolean same = counter == memory.getLong(entry(cpu) + OLD_COUNTER);
        memory.putLong(entry(cpu) + OLD_COUNTER, counter);
        return same && status(cpu) == KERNEL;
    }

    private long entry(int cpu) {
        return physical + (long) ENTRY_SIZE * cpu;
    }
}
