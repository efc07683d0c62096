// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.proc;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** All processes and threads of the LWK by their numbers. Any thread. */
public final class ProcessTable {
    private final Map<Integer, Process> processes = new ConcurrentHashMap<>();
    private final Map<Integer, Thread> threads = new ConcurrentHashMap<>();
    private final AtomicLong created = new AtomicLong();

    public Process process(int pid) {
        return processes.get(pid);
    }

    public Thread thread(int tid) {
        return threads.get(tid);
    }

    public Collection<Process> processes() {
        return processes.values();
    }

    /** All threads of a process that use its address space or servant still, ending ones included. */
    List<Thread> threadsOf(Process process) {
        return threads.values().stream().filter(t -> t.process() == process).toList();
    }

    public Collection<Thread> threads() {
        return threads.values();
    }

    /** How many processes and threads there have been. */
    public long created() {
        return created.get();
    }

    void add(Process process) {
        processes.put(process.pid(), process);
    }

    void add(Thread thread) {
        threads.put(thread.tid(), thread);
        created.incrementAndGet();
    }

    void remove(Process process) {
        processes.remove(process.pid(), process);
    }

    void remove(Thread thread) {
        threads.remove(thread.tid(), thread);
    }
}
