// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.time;

import mckernelj.lwk.cpu.CpuLocal;

/**
 * Time from the TSC. Conversions are exact integer arithmetic on the TSC's frequency (the boot parameter ns_per_tsc has only three
 * decimal places and would drift against Linux's clock); results round down.
 */
public final class KernelClock {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final long tscHz;
    private final long bootTsc;
    private volatile long bootEpochNanos;

    /** Told of each new {@link #bootEpochNanos}. */
    private volatile Runnable listener = () -> {};

    /** At TSC {@code bootTsc} the wall clock showed {@code bootSeconds.bootNanos}. */
    public KernelClock(long tscHz, long bootTsc, long bootSeconds, long bootNanos) {
        this.tscHz = tscHz;
        this.bootTsc = bootTsc;
        this.bootEpochNanos = bootSeconds * NANOS_PER_SECOND + bootNanos;
    }

    public long tscHz() {
        return tscHz;
    }

    public long bootTsc() {
        return bootTsc;
    }

    /** What the wall clock as it is now would have shown at {@link #bootTsc()}, in nanoseconds since 1970. */
    public long bootEpochNanos() {
        return bootEpochNanos;
    }

    public long nanosOf(long cycles) {
        return cycles / tscHz * NANOS_PER_SECOND + cycles % tscHz * NANOS_PER_SECOND / tscHz;
    }

    /** Saturates at {@link Long#MAX_VALUE}. */
    public long cyclesOf(long nanos) {
        long seconds = nanos / NANOS_PER_SECOND;
        if (seconds >= Long.MAX_VALUE / tscHz - 1) {
            return Long.MAX_VALUE;
        }
        return seconds * tscHz + nanos % NANOS_PER_SECOND * tscHz / NANOS_PER_SECOND;
    }

    /** CLOCK_MONOTONIC: nanoseconds since TSC 0, which is when the machine was switched on. */
    public long monotonicNanos(CpuLocal cpu) {
        return nanosOf(cpu.hw().cycles());
    }

    /** CLOCK_REALTIME in nanoseconds since 1970. */
    public long realtimeNanos(CpuLocal cpu) {
        return bootEpochNanos + nanosOf(cpu.hw().cycles() - bootTsc);
    }

    /** CLOCK_REALTIME goes forward until it shows {@code nanos} since 1970, if it is not so late yet. */
    public synchronized void advanceTo(CpuLocal cpu, long nanos) {
        long missing = nanos - realtimeNanos(cpu);
        if (missing > 0) {
            bootEpochNanos += missing;
            listener.run();
        }
    }

    /** {@code changed} is run whenever the wall clock has been set. */
    public void setListener(Runnable changed) {
        listener = changed;
    }

    /** TSC value at which CLOCK_MONOTONIC shows {@code nanos}, rounded up; saturates. */
    public long cyclesAtMonotonic(long nanos) {
        long cycles = cyclesOf(nanos);
        return cycles == Long.MAX_VALUE || nanosOf(cycles) >= nanos ? cycles : cycles + 1;
    }

    /** TSC value at which {@code nanos} have passed from now on, not before; saturates. */
    public long cyclesAfter(CpuLocal cpu, long nanos) {
        long cycles = cyclesAtMonotonic(nanos);
        long now = cpu.hw().cycles();
        return cycles > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + cycles;
    }

    /** TSC value at which CLOCK_REALTIME shows {@code nanos}; saturates. */
    public long cyclesAtRealtime(long nanos) {
        long sinceBoot = nanos - bootEpochNanos;
        if (sinceBoot <= 0) {
            return bootTsc;
        }
        long cycles = cyclesAtMonotonic(sinceBoot);
        return cycles > Long.MAX_VALUE - bootTsc ? Long.MAX_VALUE : cycles + bootTsc;
    }
}
