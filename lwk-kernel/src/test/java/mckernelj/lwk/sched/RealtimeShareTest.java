// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.sched;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RealtimeShareTest {
    private static final long PERIOD = 100_000;

    private final RealtimeShare share = new RealtimeShare(PERIOD);

    /** A real-time thread runs whenever it may, for {@code periods}: returns what is left for others. */
    private long leftForOthers(long tick, int periods) {
        long left = 0;
        for (long now = 0; now < periods * PERIOD; now += tick) {
            boolean realtime = !share.isUsedUp(now);
            share.add(now, now + tick, realtime);
            left += realtime ? 0 : tick;
        }
        return left;
    }

    @ParameterizedTest
    @ValueSource(longs = {1000, 1060, 1700, 12_345, 70_000})
    void others_get_a_twentieth_and_at_most_a_tick_more_in_each_period(long tick) {
        assertThat(leftForOthers(tick, 100)).isBetween(5 * PERIOD - 2 * tick, 5 * PERIOD + 100 * tick);
    }

    @Test
    void a_pause_does_not_count() {
        share.add(0, PERIOD / 100 * 95, true);
        assertThat(share.isUsedUp(PERIOD - 1)).isTrue();
        assertThat(share.isUsedUp(PERIOD)).isFalse();
        share.add(7 * PERIOD, 7 * PERIOD + 1000, true);
        assertThat(share.isUsedUp(7 * PERIOD + 1000)).isFalse();
    }
}
