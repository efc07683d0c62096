// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.sched;

/**
 * How much of a processor real-time threads may have while others want it: 95 of 100 ticks (Linux: sched_rt_runtime_us
 * of sched_rt_period_us), so that a thread that never waits does not stop the others for ever. Only the processor itself.
 */
final class RealtimeShare {
    private static final int REALTIME_TICKS = 95;

    private final long periodCycles;
    private long periodEnd;
    private int realtimeTicks;

    /** A period of 100 ticks. */
    RealtimeShare(long periodCycles) {
        this.periodCycles = periodCycles;
    }

    /** A tick passed, while somebody else wanted the processor. */
    void tick(long nowCycles, boolean realtime) {
        if (nowCycles >= periodEnd) {
            periodEnd = nowCycles + periodCycles;
            realtimeTicks = 0;
        }
        realtimeTicks += realtime ? 1 : 0;
    }

    boolean isUsedUp(long nowCycles) {
        return realtimeTicks >= REALTIME_TICKS && nowCycles < periodEnd;
    }
}
