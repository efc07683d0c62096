// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KernelClockTest {
    private static final long HZ = 2_599_999_999L;

    private final KernelClock clock = new KernelClock(HZ, 1000, 1_700_000_000L, 5);

    @Test
    void conversions_are_exact_for_centuries() {
        Random random = new Random(2);
        for (int i = 0; i < 10_000; i++) {
            long cycles = random.nextLong() >>> 1 + random.nextInt(40);
            BigInteger nanos = BigInteger.valueOf(cycles)
                    .multiply(BigInteger.valueOf(1_000_000_000))
                    .divide(BigInteger.valueOf(HZ));
            assertThat(clock.nanosOf(cycles)).isEqualTo(nanos.longValueExact());
        }
    }

    @Test
    void the_clock_never_shows_less_than_the_time_a_sleeper_waits_for() {
        for (long nanos = 0; nanos < 5000; nanos++) {
            long cycles = clock.cyclesAtMonotonic(nanos);
            assertThat(clock.nanosOf(cycles)).isGreaterThanOrEqualTo(nanos);
            assertThat(cycles == 0 || clock.nanosOf(cycles - 1) < nanos).isTrue();
        }
    }

    @Test
    void an_absolute_time_in_the_far_future_saturates() {
        assertThat(clock.cyclesOf(Long.MAX_VALUE)).isPositive();
        assertThat(clock.cyclesAtRealtime(Long.MAX_VALUE)).isPositive();
        assertThat(clock.cyclesAtRealtime(0)).isEqualTo(1000);
    }
}
