// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.hw;

/** A multi-core x86-64 machine: processors, physical memory with NUMA nodes, I/O ports, one time base. */
public interface Machine {
    /** Number of logical processors; their indices are 0..n-1. */
    int cpuCount();

    LogicalCpu cpu(int index);

    PhysicalMemory memory();

    /** NUMA nodes in the order of their numbers. */
    NumaTopology numa();

    /** Frequency of the invariant TSC and of the core cycle count, in Hz. */
    long tscHz();

    /** True when processors take turns in emulated time (same input, same cycles). */
    boolean deterministic();

    /** Wall-clock time at TSC 0, in nanoseconds since 1970 (a constant when {@link #deterministic()}). */
    long epochNanosAtTscZero();

    /** Installs the handler of one I/O port (0..65535). An access without a handler reads all ones. */
    void attachPort(int port, PortHandler handler);

    void detachPort(int port);

    /**
     * Creates a kernel stack: a host execution context that can be a processor. Nothing runs before somebody switches to
     * it; then {@code body} runs once on it. When {@code body} returns without {@link KernelStack#exitTo}, the stack runs
     * the guest (see {@link LogicalCpu#runGuest()}) for ever.
     */
    KernelStack newKernelStack(String name, Runnable body);

    /**
     * Moves the time of every processor forward to at least {@code cycles}. Only for a machine without running guest
     * programs; no effect when {@link #deterministic()}.
     */
    void advanceTo(long cycles);

    /**
     * For a request of a host thread whose time must not depend on the host: when {@link #deterministic()}, {@code request} runs as soon as
     * no processor can go on without the host (or a few milliseconds of emulated time later), else at once. It must not wait.
     */
    default void whenIdle(Runnable request) {
        request.run();
    }

    /** Host time since the machine's start, in cycles of {@link #tscHz()}: what the TSC would be in a real machine. */
    long hostCycles();

    /** Stops all processors and releases all host resources. Blocks until no host thread of the machine runs. */
    void close();
}
