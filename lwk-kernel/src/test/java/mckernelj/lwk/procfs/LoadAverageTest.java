// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LoadAverageTest {
    private static final long MINUTE = 60_000_000_000L;

    private final LoadAverage load = new LoadAverage();

    @Test
    void two_busy_processors_come_near_to_two() {
        assertThat(load.text(MINUTE, 2 * MINUTE)).isEqualTo("1.26 0.36 0.13");
        assertThat(load.text(60 * MINUTE, 120 * MINUTE)).isEqualTo("2.00 2.00 1.96");
    }

    @Test
    void idle_time_forgets() {
        load.text(60 * MINUTE, 60 * MINUTE);
        assertThat(load.text(61 * MINUTE, 60 * MINUTE)).isEqualTo("0.37 0.82 0.92");
        assertThat(load.text(61 * MINUTE, 60 * MINUTE)).isEqualTo("0.37 0.82 0.92");
    }
}
