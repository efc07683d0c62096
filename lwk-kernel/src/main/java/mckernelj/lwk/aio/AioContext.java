// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.aio;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import mckernelj.lwk.sched.KernelThread;

/** A completion queue (io_setup(2)). Any thread. */
public final class AioContext {
    /** struct io_event {u64 data, obj; s64 res, res2}; {@code res2} is 0. */
    public record Event(long data, long request, long result) {}

    private final long address;
    private final int capacity;

    /** Guarded by this, as all below. */
    private final ArrayDeque<Event> events = new ArrayDeque<>();

    private final Set<KernelThread> waiting = new LinkedHashSet<>();
    private int inProgress;
    private volatile boolean destroyed;

    AioContext(long address, int capacity) {
        this.address = address;
        this.capacity = capacity;
    }

    /** Its name for the program: the address of a page of its own. */
    public long address() {
        return address;
    }

    public boolean isDestroyed() {
        return destroyed;
    }

    /** Room for one more request. False: there is none. */
    public synchronized boolean begin() {
        if (events.size() + inProgress >= capacity) {
            return false;
        }
        inProgress++;
        return true;
    }

    /** The request was not begun after all. */
    public synchronized void abandon() {
        inProgress--;
    }

    /** Who waits for that. */
    public synchronized List<KernelThread> complete(Event event) {
        inProgress--;
        events.add(event);
        return new ArrayList<>(waiting);
    }

    public synchronized int available() {
        return events.size();
    }

    public synchronized List<Event> take(int most) {
        List<Event> taken = new ArrayList<>();
        while (taken.size() < most && !events.isEmpty()) {
            taken.add(events.remove());
        }
        return taken;
    }

    public synchronized void beginWait(KernelThread thread) {
        waiting.add(thread);
    }

    public synchronized void endWait(KernelThread thread) {
        waiting.remove(thread);
    }

    /** Who waits for events, which will not come. */
    synchronized List<KernelThread> destroy() {
        destroyed = true;
        return new ArrayList<>(waiting);
    }
}
