// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.ihk;

import java.util.function.IntConsumer;
import mckernelj.emulator.hw.CpuContext;
import mckernelj.emulator.hw.HostEvent;
import mckernelj.emulator.hw.KernelStack;
import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.emulator.hw.TimedEvent;

/** A processor of {@link FakeMachine}. */
final class FakeCpu implements LogicalCpu {
    private static final int ICR = 0x300;
    private static final int ICR_HIGH = 0x310;
    private static final int REASON_START = 0x100;

    private final FakeMachine machine;
    private final int index;
    private final int node;
    private int icrHigh;
    private long cycles;

    /** It runs Linux' idle loop. */
    boolean inLinux;

    /** Takes interrupt vectors while it belongs to a test's LWK. */
    IntConsumer kernel;

    int resets;

    FakeCpu(FakeMachine machine, int index, int node) {
        this.machine = machine;
        this.index = index;
        this.node = node;
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public int apicId() {
        return 2 * index;
    }

    @Override
    public int numaNode() {
        return node;
    }

    @Override
    public long register(int number) {
        return 0;
    }

    @Override
    public void setRegister(int number, long value) {}

    @Override
    public long rip() {
        return 0;
    }

    @Override
    public void setRip(long linear) {}

    @Override
    public long rflags() {
        return 2;
    }

    @Override
    public void setRflags(long value) {}

    @Override
    public long controlRegister(int number) {
        return 0;
    }

    @Override
    public void setControlRegister(int number, long value) {}

    @Override
    public long msr(int number) {
        return 0;
    }

    @Override
    public void setMsr(int number, long value) {}

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
    public void saveContext(CpuContext context) {}

    @Override
    public void loadContext(CpuContext context) {}

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
    public void apicWrite(int offset, int value) {
        if (offset == ICR_HIGH) {
            icrHigh = value;
        } else if (offset == ICR && (value & 0x700) == 0x600) {
            int target = machine.byApicId(icrHigh >>> 24).index;
            machine.event(() -> machine.onStartup.accept(target, value & 0xFF));
        }
    }

    @Override
    public void sendIpi(int apicId, int vector) {
        machine.interrupt(machine.byApicId(apicId), vector);
    }

    @Override
    public boolean interruptPending() {
        return false;
    }

    @Override
    public boolean awaitInterrupt(long deadlineCycles) {
        return false;
    }

    @Override
    public void runGuest() {}

    @Override
    public void leaveGuest() {}

    @Override
    public KernelStack stack() {
        return null;
    }

    @Override
    public void setHostEvent(HostEvent event) {}

    @Override
    public void raiseInterrupt(int vector) {
        machine.interrupt(this, vector);
    }

    @Override
    public void init() {
        inLinux = false;
        kernel = null;
        resets++;
    }

    @Override
    public void startProtectedMode(int eip, int eax, int ebx) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void schedule(long cycles, TimedEvent event) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void startLongMode(long cr3, long rip, long rsp, long argument) {
        inLinux = true;
        machine.event(() -> machine.interrupt(this, REASON_START));
    }

    @Override
    public void setPassive(boolean passive) {}
}
