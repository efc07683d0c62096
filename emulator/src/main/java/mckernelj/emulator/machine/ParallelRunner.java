// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.machine;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** What the processors of a parallel machine share: bounded slack, a common floor of time, purging of write TLBs. */
final class ParallelRunner {
    private static final int SPINS_BEFORE_YIELD = 200;

    private final AtomicLong purgeRequests = new AtomicLong();
    private final AtomicLong floorCycles = new AtomicLong();
    private volatile List<ParallelCore> cores = List.of();

    void setCores(List<ParallelCore> all) {
        cores = List.copyOf(all);
    }

    List<ParallelCore> cores() {
        return cores;
    }

    long floorCycles() {
        return floorCycles.get();
    }

    void advanceTo(long cycles) {
        floorCycles.accumulateAndGet(cycles, Math::max);
    }

    /**
     * How many cycles {@code core} is ahead of the slowest processor that executes guest code; 0 if it is the
     * slowest.
     */
    long lead(ParallelCore core) {
        long slowest = core.publishedCycles();
        for (ParallelCore other : cores) {
            slowest = Math.min(slowest, other.runningCycles());
        }
        return core.publishedCycles() - slowest;
    }

    long purgeRequest() {
        return purgeRequests.get();
    }

    /**
     * Makes every processor drop its write translations of code pages; returns when all have, or execute no guest
     * code.
     */
    void purgeCodePages() {
        ParallelCore self = (ParallelCore) StackThread.executing();
        long request = purgeRequests.incrementAndGet();
        for (ParallelCore core : cores) {
            if (core != self && core.mustPurge(request)) {
                core.cpu.attention = 1;
            }
        }
        for (ParallelCore core : cores) {
            for (int i = 0; core != self && core.mustPurge(request); i++) {
                pause(self, i);
            }
        }
        if (self != null) {
            self.servePurge();
        }
    }

    /** One step of a busy wait for another processor; meanwhile {@code self} answers the requests of others. */
    void pause(ParallelCore self, int step) {
        if (self != null) {
            self.servePurge();
        }
        if (step < SPINS_BEFORE_YIELD) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
    }
}
