// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.signal;

import java.util.function.LongSupplier;
import mckernelj.lwk.cpu.CpuLocal;
import mckernelj.lwk.proc.Process;
import mckernelj.lwk.sched.Scheduler;
import mckernelj.lwk.time.KernelTimer;

/**
 * ITIMER_VIRTUAL or ITIMER_PROF of a process: a signal after CPU time. CPU time cannot pass faster than real time on
 * all its threads, so a clock timer is set for the earliest possible moment, and set again if it was not the moment
 * yet. Guarded by this. Cycles.
 */
public final class CpuTimer {
    /** Looking more often than this would cost more than it tells. */
    private static final long FINEST_CYCLES = 200_000;

    private final Process process;
    private final Signals signals;
    private final Scheduler scheduler;
    private final int signal;
    private final LongSupplier used;
    private KernelTimer timer;
    private long interval;
    private long due;

    /** {@code used}: CPU time so far in cycles. */
    public CpuTimer(Process process, Signals signals, Scheduler scheduler, int signal, LongSupplier used) {
        this.process = process;
        this.signals = signals;
        this.scheduler = scheduler;
        this.signal = signal;
        this.used = used;
    }

    /** Cycles left and interval; {0, interval} if it is not running. */
    public synchronized long[] remaining() {
        return new long[] {timer == null ? 0 : Math.max(1, due - used.getAsLong()), interval};
    }

    public synchronized void set(CpuLocal cpu, long valueCycles, long intervalCycles) {
        cancel();
        interval = intervalCycles;
        if (valueCycles > 0) {
            due = used.getAsLong() + valueCycles;
            arm(cpu);
        }
    }

    public synchronized void cancel() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private void arm(CpuLocal cpu) {
        long left = (due - used.getAsLong()) / Math.max(1, process.threadCount());
        timer = scheduler.timers(cpu).callAt(cpu.hw().cycles() + Math.max(FINEST_CYCLES, left), this::look);
    }

    private void look(CpuLocal cpu) {
        synchronized (this) {
            if (timer == null || process.hasEnded()) {
                return;
            }
            timer = null;
            if (used.getAsLong() < due) {
                arm(cpu);
                return;
            }
            if (interval > 0) {
                due = Math.max(due + interval, used.getAsLong());
                arm(cpu);
            }
        }
        signals.send(scheduler.current(cpu), process, SigInfo.kernel(signal));
    }
}
