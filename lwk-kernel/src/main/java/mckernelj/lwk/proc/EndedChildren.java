// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.proc;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What processes used that have ended but were not waited for yet, by pid: wait4 reports it. Any thread. */
public final class EndedChildren {
    /** What one used, with the children that it waited for. */
    public record Ended(int parentPid, Usage usage, boolean coreDumped) {}

    private final Map<Integer, Ended> ended = new ConcurrentHashMap<>();

    void record(Process process, long peakPages) {
        Process parent = process.parent();
        if (parent != null) {
            Usage usage = process.usage().plus(process.childUsage()).withPeakPages(peakPages);
            ended.put(process.pid(), new Ended(parent.pid(), usage, (process.endStatus() & 0x80) != 0));
        }
        ended.values().removeIf(child -> child.parentPid() == process.pid());
    }

    /** Takes the record of a child that was waited for; null: it was no process of the LWK. */
    public Ended take(int pid) {
        return ended.remove(pid);
    }

    public Ended peek(int pid) {
        return ended.get(pid);
    }
}
