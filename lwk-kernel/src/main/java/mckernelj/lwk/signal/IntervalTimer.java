// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.signal;

import mckernelj.lwk.cpu.CpuLocal;
import mckernelj.lwk.proc.Process;
import mckernelj.lwk.sched.Scheduler;
import mckernelj.lwk.time.KernelClock;
import mckernelj.lwk.time.KernelTimer;

/** ITIMER_REAL of a process: SIGALRM by the clock. Guarded by this. */
public final class IntervalTimer {
    private final Process process;
    private final Signals signals;
    private final Scheduler scheduler;
    private final KernelClock clock;
    private KernelTimer timer;
    private long intervalNanos;
    private long dueNanos;

    public IntervalTimer(Process process, Signals signals, Scheduler scheduler, KernelClock clock) {
        this.process = process;
        this.signals = signals;
        this.scheduler = scheduler;
        this.clock = clock;
    }

    /** Time left and interval, in nanoseconds; {0, 0} if it is not running. */
    public synchronized long[] remaining(CpuLocal cpu) {
        if (timer == null) {
            return new long[] {0, intervalNanos};
        }
        return new long[] {Math.max(1000, dueNanos - clock.monotonicNanos(cpu)), intervalNanos};
    }

    /** Starts it, or stops it if {@code valueNanos} is 0. On the calling processor. */
    public synchronized void set(CpuLocal cpu, long valueNanos, long newIntervalNanos) {
        cancel();
        intervalNanos = newIntervalNanos;
        if (valueNanos > 0) {
            start(cpu, clock.monotonicNanos(cpu) + valueNanos);
        }
    }

    public synchronized void cancel() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private void start(CpuLocal cpu, long atNanos) {
        dueNanos = atNanos < 0 ? Long.MAX_VALUE : atNanos;
        timer = scheduler.timers(cpu).callAt(clock.cyclesAtMonotonic(dueNanos), this::expired);
    }

    private void expired(CpuLocal cpu) {
        synchronized (this) {
            if (timer == null || process.hasEnded()) {
                return;
            }
            timer = null;
            if (intervalNanos > 0) {
                long now = clock.monotonicNanos(cpu);
                long missed = Math.max(0, (now - dueNanos) / intervalNanos);
                start(cpu, dueNanos + (missed + 1) * intervalNanos);
            }
        }
        signals.send(scheduler.current(cpu), process, SigInfo.kernel(SignalNumber.SIGALRM));
    }
}
