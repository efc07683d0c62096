// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.proc;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What processes used that have ended but were not waited for yet, by pid: wait4 reports it. Any thread. */
public final class EndedChildren {
    /** Times in cycles, memory in pages; children of the process included in none of them. */
    public record Usage(int parentPid, long userCycles, long systemCycles, long peakPages, boolean coreDumped) {}

    private final Map<Integer, Usage> usages = new ConcurrentHashMap<>();

    void record(Process process, long peakPages) {
        Process parent = process.parent();
        if (parent != null) {
            long user = process.userCycles() + process.childUserCycles();
            long system = process.systemCycles() + process.childSystemCycles();
            long pages = Math.max(peakPages, process.childPeakPages());
            usages.put(process.pid(), new Usage(parent.pid(), user, system, pages, (process.endStatus() & 0x80) != 0));
        }
        usages.values().removeIf(usage -> usage.parentPid() == process.pid());
    }

    /** Takes the record of a child that was waited for; null: it was no process of the LWK. */
    public Usage take(int pid) {
        return usages.remove(pid);
    }

    public Usage peek(int pid) {
        return usages.get(pid);
    }
}
