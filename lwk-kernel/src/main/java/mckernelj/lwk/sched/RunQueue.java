// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.sched;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import mckernelj.lwk.cpu.CpuLocal;
import mckernelj.lwk.time.KernelTimer;
import mckernelj.lwk.time.TimerQueue;

/** The threads of one processor, running and sleeping, in round-robin order (McKernel's {@code cpu_local_var.runq}). */
final class RunQueue {
    final CpuLocal cpu;
    final TimerQueue timers;

    /** Written once, when the processor comes up. */
    volatile KernelThread idle;

    /** Who left the processor at the last switch, until the next thread has put it away. Only the processor itself. */
    KernelThread previous;

    /** Pending time-sharing tick. Only the processor itself. */
    KernelTimer tick;

    /** Guarded by this. */
    private final ArrayDeque<KernelThread> threads = new ArrayDeque<>();

    RunQueue(CpuLocal cpu, TimerQueue timers) {
        this.cpu = cpu;
        this.timers = timers;
    }

    synchronized void add(KernelThread thread) {
        threads.addLast(thread);
    }

    synchronized void remove(KernelThread thread) {
        threads.remove(thread);
    }

    synchronized List<KernelThread> all() {
        return new ArrayList<>(threads);
    }

    synchronized int length() {
        return threads.size();
    }

    /** True if a thread other than {@code current} wants the processor. */
    synchronized boolean runnableBeside(KernelThread current) {
        for (KernelThread thread : threads) {
            if (thread != current && thread.state() == KernelThread.RUNNING) {
                return true;
            }
        }
        return false;
    }

    /** Threads beside {@code current} that have to move to another processor. */
    synchronized List<KernelThread> leaving(KernelThread current) {
        List<KernelThread> leaving = List.of();
        for (KernelThread thread : threads) {
            if (thread != current && thread.mustMove()) {
                leaving = leaving.isEmpty() ? new ArrayList<>() : leaving;
                leaving.add(thread);
            }
        }
        return leaving;
    }

    /** Puts {@code current} at the tail and returns the first thread that is RUNNING, else the idle thread. */
    synchronized KernelThread rotate(KernelThread current) {
        if (threads.remove(current)) {
            threads.addLast(current);
        }
        for (KernelThread thread : threads) {
            if (thread.state() == KernelThread.RUNNING && !thread.mustMove()) {
                return thread;
            }
        }
        return idle;
    }
}
