// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.sched;

/**
 * How much of a processor real-time threads may have while others want it: 95% of each second (Linux: sched_rt_runtime_us of
 * sched_rt_period_us), so that a thread that never waits does not stop the others for ever. Time is measured at ticks, which may be late; what
 * exceeded the share of one period counts in the next. Only the processor itself.
 */
final class RealtimeShare {
    private static final int PER_CENT = 95;

    private final long periodCycles;
    private final long shareCycles;
    private long periodEnd;
    private long usedCycles;

    RealtimeShare(long periodCycles) {
        this.periodCycles = periodCycles;
        shareCycles = periodCycles / 100 * PER_CENT;
    }

    /** Since {@code sinceCycles} somebody has wanted the processor that another thread had. {@code realtime}: a real-time thread. */
    void add(long sinceCycles, long nowCycles, boolean realtime) {
        advance(nowCycles);
        usedCycles += realtime ? nowCycles - sinceCycles : 0;
    }

    boolean isUsedUp(long nowCycles) {
        advance(nowCycles);
        return usedCycles >= shareCycles;
    }

    private void advance(long nowCycles) {
        if (nowCycles >= periodEnd) {
            long periods = (nowCycles - periodEnd) / periodCycles + 1;
            usedCycles = Math.max(0, usedCycles - Math.min(periods, usedCycles / shareCycles + 1) * shareCycles);
            periodEnd += periods * periodCycles;
        }
    }
}
