// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.time;

import mckernelj.lwk.cpu.CpuLocal;

/** One pending call at a given time; see {@link TimerQueue#callAt}. */
public final class KernelTimer {
    /** What happens when the time has come: runs in the timer interrupt of the timer's processor. */
    @FunctionalInterface
    public interface Expiry {
        void expired(CpuLocal cpu);
    }

    final TimerQueue queue;
    final long deadlineCycles;
    final long sequence;
    final Expiry expiry;

    KernelTimer(TimerQueue queue, long deadlineCycles, long sequence, Expiry expiry) {
        this.queue = queue;
        this.deadlineCycles = deadlineCycles;
        this.sequence = sequence;
        this.expiry = expiry;
    }

    public long deadlineCycles() {
        return deadlineCycles;
    }

    /** Any processor. Returns false if it has expired, or is just about to. */
    public boolean cancel() {
        return queue.remove(this);
    }
}
