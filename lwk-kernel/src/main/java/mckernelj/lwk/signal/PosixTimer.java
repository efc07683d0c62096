// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.signal;

import java.util.function.ToLongFunction;
import mckernelj.lwk.cpu.CpuLocal;
import mckernelj.lwk.proc.Process;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.sched.Scheduler;
import mckernelj.lwk.time.KernelClock;
import mckernelj.lwk.time.KernelTimer;

/**
 * A timer of timer_create(2): a signal to a process or to one thread when a clock reaches a time. While that signal waits, further
 * expirations are only counted; the count is the overrun of the next delivery. Guarded by this. Nanoseconds of its clock.
 */
public final class PosixTimer {
    /** A timer of CPU time looks again at least this much later. */
    private static final long FINEST_NANOS = 100_000;

    private static final long MAX_OVERRUN = Integer.MAX_VALUE;

    /** What timer_create asked for. {@code thread} null: the process; {@code signal} 0: nothing is sent. */
    public record Event(Process process, Thread thread, int signal, long value) {}

    /** Its clock: the time now, and whether that is CPU time, which does not run like the TSC. */
    public record Source(ToLongFunction<CpuLocal> time, boolean cpuTime) {}

    private final int id;
    private final Event event;
    private final Source source;
    private final Signals signals;
    private final Scheduler scheduler;
    private final KernelClock clock;
    private KernelTimer timer;
    private boolean armed;
    private long due;
    private long interval;
    private SigInfo sent;
    private long missed;
    private long overrun;

    PosixTimer(int id, Event event, Source source, Signals signals, Scheduler scheduler, KernelClock clock) {
        this.id = id;
        this.event = event;
        this.source = source;
        this.signals = signals;
        this.scheduler = scheduler;
        this.clock = clock;
    }

    public int id() {
        return id;
    }

    public Source source() {
        return source;
    }

    /** Time left and interval. */
    public synchronized long[] remaining(CpuLocal cpu) {
        if (!armed) {
            return new long[] {0, interval};
        }
        return new long[] {Math.max(1, due - source.time().applyAsLong(cpu)), interval};
    }

    /** Starts it for {@code at}, or stops it if that is negative. */
    public synchronized void set(CpuLocal cpu, long at, long newInterval) {
        cancel();
        interval = newInterval;
        missed = 0;
        overrun = 0;
        if (at >= 0) {
            due = at;
            armed = true;
            arm(cpu);
        }
    }

    public synchronized void cancel() {
        armed = false;
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    /** Of the last signal that was delivered. */
    public synchronized long overrun() {
        return overrun;
    }

    private void arm(CpuLocal cpu) {
        long left = due - source.time().applyAsLong(cpu);
        if (source.cpuTime()) {
            left = Math.max(FINEST_NANOS, left / Math.max(1, event.process().threadCount()));
        }
        long at = clock.monotonicNanos(cpu) + Math.max(0, left);
        timer = scheduler.timers(cpu).callAt(clock.cyclesAtMonotonic(at < 0 ? Long.MAX_VALUE : at), this::look);
    }

    private void look(CpuLocal cpu) {
        SigInfo info = null;
        synchronized (this) {
            if (timer == null || !armed || event.process().hasEnded()) {
                return;
            }
            timer = null;
            long now = source.time().applyAsLong(cpu);
            if (now < due) {
                arm(cpu);
                return;
            }
            long times = 1;
            if (interval > 0) {
                times += (now - due) / interval;
                due += times * interval;
                arm(cpu);
            } else {
                armed = false;
            }
            if (event.signal() == 0) {
                return;
            }
            if (sent != null) {
                missed = Math.min(MAX_OVERRUN, missed + times);
                return;
            }
            missed = times - 1;
            sent = SigInfo.timer(event.signal(), id, event.value(), this);
            info = sent;
        }
        long error = event.thread() == null
                ? signals.send(scheduler.current(cpu), event.process(), info)
                : signals.send(scheduler.current(cpu), event.thread(), info);
        if (error != 0 || !signals.waits(event.process(), event.thread(), info)) {
            ignored(info);
        }
    }

    /** Not pending, unless it has been taken already: as if it had been delivered. */
    private synchronized void ignored(SigInfo info) {
        if (sent == info) {
            delivered();
        }
    }

    /** The signal is taken: what was missed meanwhile is its overrun. */
    synchronized int delivered() {
        overrun = missed;
        missed = 0;
        sent = null;
        return (int) overrun;
    }
}
