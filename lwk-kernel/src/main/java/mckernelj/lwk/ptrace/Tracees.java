// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.ptrace;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import mckernelj.lwk.proc.Process;

/** A process as a tracer: whom it traces, and whose end it has not waited for. Any thread. */
public final class Tracees {
    /**
     * A traced thread that ended; Linux does not know of it, or knows it as somebody else's child.
     *
     * @param ownStatus with which the thread itself ended
     */
    record Ended(int tid, Process process, int ownStatus) {
        /** A wait that comes after the end of the whole process was decided gets its status, whatever the thread's was. */
        int waitStatus() {
            return process.statusOf(ownStatus);
        }
    }

    final List<Tracee> all = new CopyOnWriteArrayList<>();
    final ConcurrentLinkedDeque<Ended> ended = new ConcurrentLinkedDeque<>();
    private final AtomicInteger news = new AtomicInteger();

    /** True if a wait of this process must look here, too. */
    public boolean exist() {
        return !all.isEmpty() || !ended.isEmpty();
    }

    /** Changes with each stop and end of a child or traced thread. */
    public int news() {
        return news.get();
    }

    public void addNews() {
        news.incrementAndGet();
    }
}
