// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.procfs;

import java.util.Locale;

/**
 * The three numbers of /proc/loadavg: how many processors worked, averaged with weights that fall by 1/e in 1, 5 and 15 minutes. Computed when it
 * is read, from the processor time since the last reading; threads that wait for a processor do not count.
 */
final class LoadAverage {
    private static final double[] MINUTES = {1, 5, 15};
    private static final double NANOS_PER_MINUTE = 60e9;

    private final double[] averages = new double[MINUTES.length];
    private long lastNanos;
    private long lastBusyNanos;

    /** {@code nowNanos}: since the boot; {@code busyNanos}: all processors' time in threads since then. */
    synchronized String text(long nowNanos, long busyNanos) {
        long passed = nowNanos - lastNanos;
        if (passed > 0) {
            double busy = Math.max(0, busyNanos - lastBusyNanos) / (double) passed;
            for (int i = 0; i < averages.length; i++) {
                double old = Math.exp(-passed / (NANOS_PER_MINUTE * MINUTES[i]));
                averages[i] = averages[i] * old + busy * (1 - old);
            }
            lastNanos = nowNanos;
            lastBusyNanos = busyNanos;
        }
        return String.format(Locale.ROOT, "%.2f %.2f %.2f", averages[0], averages[1], averages[2]);
    }
}
