// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.mcctrl;

import java.util.List;
import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.ihk.ikc.IkcPacket;
import mckernelj.linuxhost.ihk.IkcEndpoint;
import mckernelj.linuxhost.ihk.OsInstance;
import mckernelj.linuxhost.partition.LinuxPartition;

/** {@link LwkLink} of a booted OS instance. */
final class OsLink implements LwkLink {
    private final List<LogicalCpu> processors;
    private final IkcEndpoint endpoint;

    OsLink(OsInstance os, LinuxPartition partition) {
        endpoint = os.endpoint();
        processors = os.cpus().stream().map(partition.machine()::cpu).toList();
    }

    @Override
    public int cpuCount() {
        return processors.size();
    }

    @Override
    public LogicalCpu processor(int lwkCpu) {
        return lwkCpu >= 0 && lwkCpu < processors.size() ? processors.get(lwkCpu) : null;
    }

    @Override
    public boolean send(LogicalCpu linux, int lwkCpu, IkcPacket packet) {
        return endpoint.send(linux, lwkCpu, packet) == 0;
    }

    @Override
    public void ring(LogicalCpu linux, int lwkCpu) {
        if (processor(lwkCpu) != null) {
            endpoint.ring(linux, lwkCpu);
        }
    }
}
