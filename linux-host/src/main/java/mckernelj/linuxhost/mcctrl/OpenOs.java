// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.mcctrl;

import java.util.HashMap;
import java.util.Map;
import mckernelj.ihk.launch.LoadedProgram;
import mckernelj.ihk.launch.OsAccess;
import mckernelj.ihk.launch.ProgramFiles;
import mckernelj.ihk.launch.ProxyProcess;
import mckernelj.ihk.layout.ProgramLoadDescriptor;
import mckernelj.ihk.os.OsStatus;
import mckernelj.linuxhost.ihk.OsInstance;
import mckernelj.linuxhost.proxy.Servant;

/** A booted OS instance for mcexec (upstream: an open /dev/mcosN). */
final class OpenOs implements OsAccess {
    private final OsInstance os;
    private final Delegator delegator;
    private final ProcessStarter starter;
    private final Map<Integer, Integer> jobs = new HashMap<>();

    OpenOs(OsInstance os, Delegator delegator, ProcessStarter starter) {
        this.os = os;
        this.delegator = delegator;
        this.starter = starter;
    }

    Delegator delegator() {
        return delegator;
    }

    @Override
    public int index() {
        return os.index();
    }

    @Override
    public OsStatus status() {
        return os.status();
    }

    @Override
    public int cpuCount() {
        return delegator.link().cpuCount();
    }

    @Override
    public int nodeCount() {
        return (int)
                os.memory().stream().mapToInt(chunk -> chunk.node()).distinct().count();
    }

    @Override
    public ProgramFiles files(ProxyProcess process) {
        return new ServantFiles(servant(process).mainSlot(), delegator.pager());
    }

    /** Ranks are given in the order of arrival; each gets the same number of neighbouring CPUs. */
    @Override
    public synchronized void joinPartition(ProxyProcess process, int processes, ProgramLoadDescriptor descriptor) {
        int rank = jobs.merge(process.start().identity().parentPid(), 0, (old, zero) -> (old + 1) % processes);
        int each = cpuCount() / processes;
        descriptor.nrProcesses = processes;
        descriptor.processRank = rank;
        descriptor.cpu = rank * each;
        for (int cpu = rank * each; cpu < (rank + 1) * each; cpu++) {
            descriptor.cpuSet[cpu / 64] |= 1L << cpu % 64;
        }
    }

    @Override
    public int start(ProxyProcess process, LoadedProgram program, ProgramLoadDescriptor descriptor) {
        return starter.start(servant(process), program, descriptor);
    }

    private static Servant servant(ProxyProcess process) {
        return (Servant) process;
    }
}
