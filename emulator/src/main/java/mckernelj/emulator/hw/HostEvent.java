// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.hw;

/**
 * Something that completes on the host (a system call in a proxy process, say) and which then raises an interrupt in the
 * machine. A waiting processor's host thread polls it and blocks on it, so that no further host thread is needed.
 */
public interface HostEvent {
    /** True once it is complete; the implementation has then raised its interrupt (exactly once). */
    boolean poll();

    /** Blocks the calling host thread until {@link #poll()} may have become true, {@link #wake()} was called, or the time is over. */
    void park(long nanos);

    /** From any thread: ends the current or else the next {@link #park} (a permit). */
    void wake();

    /**
     * True if it waits for something else to happen and makes no progress of its own, as a read(2) from an empty pipe does. A
     * deterministic machine lets emulated time go on then, and only then. Costs a look at the host; to be followed by {@link #poll()}.
     */
    boolean asleep();

    /** The processor no longer waits for it: from now on the implementation must look after it itself. */
    void abandon();

    /** Emulated time, in cycles, at which it may become visible in a deterministic machine. */
    long readyAtCycles();
}
