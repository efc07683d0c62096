// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.lwk;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import mckernelj.emulator.hw.Machine;
import mckernelj.emulator.machine.MachineConfig;
import mckernelj.emulator.machine.X86Machine;
import mckernelj.linuxhost.ihk.IhkDevice;
import mckernelj.linuxhost.ihk.IhkException;
import mckernelj.linuxhost.ihk.MemoryRequest;
import mckernelj.linuxhost.ihk.OsInstance;
import mckernelj.linuxhost.ihk.OsListener;
import mckernelj.linuxhost.partition.LinuxPartition;
import mckernelj.lwk.boot.LwkKernel;
import mckernelj.lwk.boot.McKernelImage;
import mckernelj.lwk.trap.TrapHandlers;

/** A machine with a Linux partition and one LWK, whose upper half is the test's. One Linux CPU, the rest is the LWK's. */
final class LwkFixture implements AutoCloseable {
    static final String KARGS = "hidos    dump_level=24   time_sharing";
    static final long NODE_BYTES = 128L << 20;
    static final long LWK_BYTES = 64L << 20;

    final Machine machine;
    final IhkDevice device;
    final OsInstance os;
    private final List<Integer> cpus = new ArrayList<>();
    private final List<MemoryRequest> memory = new ArrayList<>();
    private volatile LwkKernel kernel;

    LwkFixture(int lwkCpus, int nodes, boolean deterministic) throws IhkException {
        MachineConfig.Builder config =
                MachineConfig.builder().cores(lwkCpus + 1).deterministic(deterministic);
        for (int node = 0; node < nodes; node++) {
            config.node(NODE_BYTES);
            memory.add(new MemoryRequest(LWK_BYTES, node));
        }
        machine = new X86Machine(config.build());
        device = new IhkDevice(new LinuxPartition(machine), 64);
        for (int cpu = 1; cpu <= lwkCpus; cpu++) {
            cpus.add(cpu);
        }
        device.reserveCpus(cpus);
        device.reserveMemory(memory);
        os = device.createOs();
        assign();
    }

    /** Assigns all that is reserved. */
    void assign() throws IhkException {
        os.assignCpus(cpus);
        os.assignMemory(memory);
        os.setKernelArgs(KARGS);
    }

    /** Boots with {@code handlers} as the upper half. */
    LwkFixture boot(Function<LwkKernel, TrapHandlers> handlers, OsListener... listeners) throws IhkException {
        for (OsListener listener : listeners) {
            device.addListener(listener);
        }
        os.load(new McKernelImage("test", booting -> {
            kernel = booting;
            return handlers.apply(booting);
        }));
        os.boot();
        return this;
    }

    LwkKernel kernel() {
        return kernel;
    }

    @Override
    public void close() throws IhkException {
        device.destroyOs(os.index());
        machine.close();
    }
}
