// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.sched;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import mckernelj.lwk.cpu.CpuLocal;
import mckernelj.lwk.time.KernelTimer;
import mckernelj.lwk.time.TimerQueue;

/**
 * The threads of one processor, running and sleeping, each priority's in round-robin order (McKernel's {@code cpu_local_var.runq}). A thread
 * that was woken comes before those of its priority that only lost their turn: else each event that it waits for costs it a tick of all that
 * compute. When a tick is over the order alone counts, so that threads which keep waking each other do not keep the processor.
 */
final class RunQueue {
    final CpuLocal cpu;
    final TimerQueue timers;

    /** Written once, when the processor comes up. */
    volatile KernelThread idle;

    /** Who left the processor at the last switch, until the next thread has put it away. Only the processor itself. */
    KernelThread previous;

    /** Pending time-sharing tick. Only the processor itself. */
    KernelTimer tick;

    /** A tick came since the last switch while another thread wanted the processor. Only the processor itself. */
    boolean quantumOver;

    final RealtimeShare realtimeShare;

    /** Guarded by this. */
    private final ArrayDeque<KernelThread> threads = new ArrayDeque<>();

    RunQueue(CpuLocal cpu, TimerQueue timers, RealtimeShare realtimeShare) {
        this.realtimeShare = realtimeShare;
        this.cpu = cpu;
        this.timers = timers;
    }

    /** Clears it: the next turn begins. */
    boolean takeQuantumOver() {
        boolean over = quantumOver;
        quantumOver = false;
        return over;
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

    /**
     * Returns the first of the threads with the highest priority that are RUNNING, else the idle thread. {@code current} goes to the
     * tail before, unless it {@code keepsPlace}: then to the head. With {@code byOrder} it does not count who was woken. Real-time threads that have used up their share come last.
     */
    synchronized KernelThread rotate(KernelThread current, boolean keepsPlace, boolean byOrder) {
        if (threads.remove(current)) {
            if (keepsPlace) {
                threads.addFirst(current);
            } else {
                threads.addLast(current);
            }
        }
        boolean ordinaryFirst = realtimeShare.isUsedUp(cpu.hw().cycles());
        KernelThread best = idle;
        for (KernelThread thread : threads) {
            boolean runnable = thread.state() == KernelThread.RUNNING && !thread.mustMove();
            if (runnable && (best == idle || comesBefore(thread, best, ordinaryFirst, byOrder))) {
                best = thread;
            }
        }
        best.woken = false;
        return best;
    }

    /** {@code thread} is behind {@code best} in the order. */
    private boolean comesBefore(KernelThread thread, KernelThread best, boolean ordinaryFirst, boolean byOrder) {
        int rank = rank(thread, ordinaryFirst);
        int bestRank = rank(best, ordinaryFirst);
        boolean ordinary = thread.priority() == 0;
        return rank > bestRank || rank == bestRank && ordinary && thread.woken && !best.woken && !byOrder;
    }

    private static int rank(KernelThread thread, boolean ordinaryFirst) {
        int priority = thread.priority();
        return priority == 0 && ordinaryFirst ? Integer.MAX_VALUE : priority;
    }

    /** It became runnable after all others that are. */
    synchronized void toTail(KernelThread thread) {
        if (threads.remove(thread)) {
            threads.addLast(thread);
        }
    }
}
