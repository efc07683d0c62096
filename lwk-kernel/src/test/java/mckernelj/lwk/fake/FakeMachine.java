// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.fake;

import mckernelj.emulator.hw.KernelStack;
import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.emulator.hw.Machine;
import mckernelj.emulator.hw.NumaTopology;
import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.emulator.hw.PortHandler;

/** A machine for tests of kernel code: memory, processors that execute nothing, kernel stacks on host threads. 1 GHz. */
public final class FakeMachine implements Machine {
    private final FakeMemory memory = new FakeMemory(1L << 30);
    private final FakeCpu[] cpus;

    public FakeMachine(int cpuCount) {
        cpus = new FakeCpu[cpuCount];
        for (int i = 0; i < cpuCount; i++) {
            cpus[i] = new FakeCpu(this, i);
        }
    }

    /** Makes the calling host thread processor {@code index}, on a boot stack. */
    public FakeCpu boot(int index) {
        new FakeStack("boot " + index, () -> {}).adopt(cpus[index]);
        return cpus[index];
    }

    @Override
    public int cpuCount() {
        return cpus.length;
    }

    @Override
    public LogicalCpu cpu(int index) {
        return cpus[index];
    }

    @Override
    public PhysicalMemory memory() {
        return memory;
    }

    @Override
    public NumaTopology numa() {
        throw new UnsupportedOperationException();
    }

    @Override
    public long tscHz() {
        return 1_000_000_000L;
    }

    @Override
    public boolean deterministic() {
        return true;
    }

    @Override
    public long epochNanosAtTscZero() {
        return 0;
    }

    @Override
    public void attachPort(int port, PortHandler handler) {}

    @Override
    public void detachPort(int port) {}

    @Override
    public KernelStack newKernelStack(String name, Runnable body) {
        return new FakeStack(name, body);
    }

    @Override
    public void advanceTo(long cycles) {}

    @Override
    public long hostCycles() {
        return 0;
    }

    @Override
    public void close() {}
}
