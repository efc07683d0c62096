// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.ihk;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import mckernelj.emulator.hw.KernelStack;
import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.emulator.hw.Machine;
import mckernelj.emulator.hw.NumaTopology;
import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.emulator.hw.PortHandler;
import mckernelj.emulator.memory.AnonymousHostMemory;
import mckernelj.emulator.memory.CodePages;
import mckernelj.emulator.memory.Ram;
import mckernelj.ihk.os.GatePorts;

/**
 * A machine without instructions: an interrupt at a Linux processor goes straight to the gate, one at a processor that
 * a test has started goes to the test's kernel. Everything happens on the calling thread, one event after the other.
 */
final class FakeMachine implements Machine, NumaTopology {
    static final long MB = 1 << 20;

    private final long nodeBytes;
    private final Ram ram;
    private final List<FakeCpu> cpus = new ArrayList<>();
    private final Map<Integer, PortHandler> ports = new HashMap<>();
    private final Deque<Runnable> events = new ArrayDeque<>();
    private boolean running;

    /** Called with processor index and STARTUP vector. */
    BiConsumer<Integer, Integer> onStartup = (cpu, vector) -> {};

    /** Two nodes, processors divided equally; APIC id = 2 * index. */
    FakeMachine(int cpuCount, long nodeBytes) {
        this.nodeBytes = nodeBytes;
        ram = new Ram(new AnonymousHostMemory(2 * nodeBytes), 2 * nodeBytes, new CodePages(2 * nodeBytes));
        for (int i = 0; i < cpuCount; i++) {
            cpus.add(new FakeCpu(this, i, i < cpuCount / 2 ? 0 : 1));
        }
    }

    /** Executes the event now, or after those that are under way. */
    synchronized void event(Runnable event) {
        events.add(event);
        if (!running) {
            running = true;
            while (!events.isEmpty()) {
                events.poll().run();
            }
            running = false;
        }
    }

    void interrupt(FakeCpu cpu, int vector) {
        if (cpu.kernel != null) {
            IntConsumer kernel = cpu.kernel;
            event(() -> kernel.accept(vector));
        } else if (cpu.inLinux) {
            event(() -> ports.get(GatePorts.LINUX).out(cpu, GatePorts.LINUX, 4, vector));
        }
    }

    FakeCpu byApicId(int apicId) {
        return cpus.get(apicId / 2);
    }

    @Override
    public int cpuCount() {
        return cpus.size();
    }

    @Override
    public FakeCpu cpu(int index) {
        return cpus.get(index);
    }

    @Override
    public PhysicalMemory memory() {
        return ram;
    }

    @Override
    public NumaTopology numa() {
        return this;
    }

    @Override
    public long tscHz() {
        return 2_600_000_000L;
    }

    @Override
    public boolean deterministic() {
        return true;
    }

    @Override
    public long epochNanosAtTscZero() {
        return 1_700_000_000_000_000_000L;
    }

    @Override
    public void attachPort(int port, PortHandler handler) {
        ports.put(port, handler);
    }

    @Override
    public void detachPort(int port) {
        ports.remove(port);
    }

    @Override
    public KernelStack newKernelStack(String name, Runnable body) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void advanceTo(long cycles) {}

    @Override
    public long hostCycles() {
        return 0;
    }

    @Override
    public void close() {
        ram.close();
    }

    @Override
    public int nodeCount() {
        return 2;
    }

    @Override
    public List<Range> memory(int node) {
        return List.of(new Range(node * nodeBytes, (node + 1) * nodeBytes));
    }

    @Override
    public List<Integer> cpus(int node) {
        int half = cpus.size() / 2;
        return IntStream.range(node * half, (node + 1) * half).boxed().toList();
    }

    @Override
    public int distance(int from, int to) {
        return from == to ? 10 : 21;
    }

    LogicalCpu linuxCpu() {
        return cpu(0);
    }
}
