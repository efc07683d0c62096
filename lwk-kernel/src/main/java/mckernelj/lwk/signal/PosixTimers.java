// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.signal;

import java.util.TreeMap;
import mckernelj.lwk.sched.Scheduler;
import mckernelj.lwk.time.KernelClock;

/** The timers of a process by number. They are not inherited by fork and end with execve. Guarded by this. */
public final class PosixTimers {
    private final TreeMap<Integer, PosixTimer> timers = new TreeMap<>();
    private final Signals signals;
    private final Scheduler scheduler;
    private final KernelClock clock;
    private int next;

    public PosixTimers(Signals signals, Scheduler scheduler, KernelClock clock) {
        this.signals = signals;
        this.scheduler = scheduler;
        this.clock = clock;
    }

    /** {@code value} null: the timer's number, as without a sigevent. Null: RLIMIT_SIGPENDING. */
    public synchronized PosixTimer create(PosixTimer.Event event, Long value, PosixTimer.Source source, long limit) {
        if (limit >= 0 && timers.size() >= limit) {
            return null;
        }
        int id = next++;
        long carried = value == null ? (long) id : value.longValue();
        PosixTimer.Event complete = new PosixTimer.Event(event.process(), event.thread(), event.signal(), carried);
        PosixTimer timer = new PosixTimer(id, complete, source, signals, scheduler, clock);
        timers.put(id, timer);
        return timer;
    }

    /** Null: there is none. */
    public synchronized PosixTimer find(int id) {
        return timers.get(id);
    }

    public synchronized boolean delete(int id) {
        PosixTimer timer = timers.remove(id);
        if (timer != null) {
            timer.cancel();
        }
        return timer != null;
    }

    public synchronized void clear() {
        timers.values().forEach(PosixTimer::cancel);
        timers.clear();
        next = 0;
    }
}
