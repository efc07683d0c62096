// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.fake;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.IntConsumer;
import mckernelj.emulator.hw.CpuContext;
import mckernelj.emulator.hw.HostEvent;
import mckernelj.emulator.hw.KernelStack;
import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.emulator.hw.Msr;
import mckernelj.emulator.hw.TimedEvent;

/**
 * A processor that executes no instructions: {@link #runGuest} hands the pending interrupts to a Java handler. Its time moves when it
 * waits (to the timer or the deadline) and when it is charged.
 */
public final class FakeCpu implements LogicalCpu {
    /** What an idle processor does while it has nothing: lets the test's other processors act. */
    public Runnable whileWaiting = () -> {};

    public IntConsumer interruptHandler = vector -> {};
    public final TreeSet<Integer> pending = new TreeSet<>();

    FakeStack stack;
    private final FakeMachine machine;
    private final int index;
    private final CpuContext state = new CpuContext();
    private final Map<Integer, Long> msrs = new HashMap<>();
    private final long[] control = new long[9];
    private long cycles;

    FakeCpu(FakeMachine machine, int index) {
        this.machine = machine;
        this.index = index;
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public int apicId() {
        return index;
    }

    @Override
    public int numaNode() {
        return 0;
    }

    @Override
    public long register(int number) {
        return state.registers[number];
    }

    @Override
    public void setRegister(int number, long value) {
        state.registers[number] = value;
    }

    @Override
    public long rip() {
        return state.rip;
    }

    @Override
    public void setRip(long linear) {
        state.rip = linear;
    }

    @Override
    public long rflags() {
        return state.rflags;
    }

    @Override
    public void setRflags(long value) {
        state.rflags = value;
    }

    @Override
    public long controlRegister(int number) {
        return control[number];
    }

    @Override
    public void setControlRegister(int number, long value) {
        control[number] = value;
    }

    @Override
    public long msr(int number) {
        return msrs.getOrDefault(number, 0L);
    }

    @Override
    public void setMsr(int number, long value) {
        msrs.put(number, value);
    }

    @Override
    public long debugRegister(int number) {
        return 0;
    }

    @Override
    public void setDebugRegister(int number, long value) {}

    @Override
    public void invalidatePage(long linear) {}

    @Override
    public void flushTranslations() {}

    @Override
    public void saveExtendedState(long physical) {}

    @Override
    public void restoreExtendedState(long physical) {}

    @Override
    public int extendedStateSize() {
        return 576;
    }

    @Override
    public void saveContext(CpuContext context) {
        System.arraycopy(state.registers, 0, context.registers, 0, 16);
        context.rip = state.rip;
        context.rflags = state.rflags;
    }

    @Override
    public void loadContext(CpuContext context) {
        System.arraycopy(context.registers, 0, state.registers, 0, 16);
        state.rip = context.rip;
        state.rflags = context.rflags;
    }

    @Override
    public long cycles() {
        return cycles;
    }

    @Override
    public void charge(long charged) {
        cycles += charged;
    }

    @Override
    public int apicRead(int offset) {
        return 0;
    }

    @Override
    public void apicWrite(int offset, int value) {}

    @Override
    public void sendIpi(int apicId, int vector) {
        machine.cpu(apicId).raiseInterrupt(vector);
    }

    @Override
    public boolean interruptPending() {
        long deadline = msr(Msr.IA32_TSC_DEADLINE);
        if (deadline != 0 && cycles >= deadline) {
            setMsr(Msr.IA32_TSC_DEADLINE, 0);
            pending.add(0xEF);
        }
        return !pending.isEmpty();
    }

    @Override
    public boolean awaitInterrupt(long deadlineCycles) {
        if (!interruptPending()) {
            whileWaiting.run();
        }
        if (!interruptPending()) {
            long timer = msr(Msr.IA32_TSC_DEADLINE);
            long until = timer == 0 ? deadlineCycles : Math.min(timer, deadlineCycles);
            if (until == Long.MAX_VALUE) {
                throw new IllegalStateException("processor " + index + " would wait for ever");
            }
            cycles = Math.max(cycles, until);
        }
        return interruptPending();
    }

    @Override
    public void runGuest() {
        while (interruptPending()) {
            interruptHandler.accept(pending.pollLast());
        }
    }

    @Override
    public void leaveGuest() {}

    @Override
    public KernelStack stack() {
        return stack;
    }

    @Override
    public void setHostEvent(HostEvent event) {}

    @Override
    public void raiseInterrupt(int vector) {
        pending.add(vector);
    }

    @Override
    public void init() {}

    @Override
    public void startProtectedMode(int eip, int eax, int ebx) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void schedule(long cycles, TimedEvent event) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void startLongMode(long cr3, long rip, long rsp, long argument) {}

    @Override
    public void setPassive(boolean passive) {}
}
