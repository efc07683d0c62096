// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.machine;

import java.util.Comparator;
import java.util.PriorityQueue;
import mckernelj.emulator.hw.TimedEvent;

/** What devices asked one processor to do at times of its own, the earliest first. Any thread; events run on its thread. */
final class TimedEvents {
    private record Entry(long time, long order, TimedEvent event) {}

    private final PriorityQueue<Entry> queue =
            new PriorityQueue<>(Comparator.comparingLong(Entry::time).thenComparingLong(Entry::order));
    private long count;
    private volatile long next = Long.MAX_VALUE;

    /** Time of the earliest event; Long.MAX_VALUE if there is none. */
    long next() {
        return next;
    }

    synchronized void add(long time, TimedEvent event) {
        queue.add(new Entry(time, count++, event));
        next = queue.peek().time();
    }

    private synchronized Entry pollDue(long now) {
        Entry first = queue.peek();
        if (first == null || first.time() > now) {
            return null;
        }
        queue.remove();
        next = queue.isEmpty() ? Long.MAX_VALUE : queue.peek().time();
        return first;
    }

    /** Runs all events whose time has come; those that they add too. */
    void runDue(Core core) {
        while (next <= core.cpu.cycles) {
            Entry due = pollDue(core.cpu.cycles);
            if (due == null) {
                return;
            }
            due.event().due(core, due.time());
        }
    }

    /** Hands all events to another processor. */
    void moveTo(TimedEvents other) {
        for (Entry entry = pollDue(Long.MAX_VALUE); entry != null; entry = pollDue(Long.MAX_VALUE)) {
            other.add(entry.time(), entry.event());
        }
    }
}
