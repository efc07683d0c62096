// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.cpu;

import java.util.function.BooleanSupplier;
import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.ihk.layout.MonitorArea;
import mckernelj.ihk.os.InterruptVectors;

/**
 * A processor of the LWK: its number, its hardware, what it runs, and the two things kernel code does with it: wait and take
 * interrupts. Interrupts are off while kernel code runs; {@link #serviceInterrupts} is the only window.
 */
public final class CpuLocal {
    /** Larger ranges are cheaper to flush whole (Linux: tlb_single_page_flush_ceiling). */
    private static final long MAX_SINGLE_FLUSHES = 33;

    private final int id;
    private final LogicalCpu hw;
    private final PerCpuArea area;
    private final long interruptWindow;
    private final CpuAccounting accounting;

    /** Written by the processor itself, read by any. */
    private volatile ExecutionContext current;

    /** Set by any processor, cleared by this one. */
    private volatile boolean needReschedule;

    /** {@code interruptWindowLinear}: the stub {@code sti; nop; cli; out LEAVE}. */
    public CpuLocal(int id, LogicalCpu hw, PerCpuArea area, long interruptWindowLinear, CpuAccounting accounting) {
        this.id = id;
        this.hw = hw;
        this.area = area;
        this.interruptWindow = interruptWindowLinear;
        this.accounting = accounting;
    }

    /** LWK processor number, 0-based. */
    public int id() {
        return id;
    }

    public LogicalCpu hw() {
        return hw;
    }

    public PerCpuArea area() {
        return area;
    }

    /** The thread that this processor runs. */
    public ExecutionContext current() {
        return current;
    }

    /** For the scheduler only. */
    public void setCurrent(ExecutionContext next) {
        current = next;
    }

    public boolean needReschedule() {
        return needReschedule;
    }

    public CpuAccounting accounting() {
        return accounting;
    }

    /** What this processor does, for Linux' hang detection: a status of {@link MonitorArea}. */
    public int status() {
        return accounting.status();
    }

    public void setStatus(int status) {
        accounting.setStatus(status);
    }

    /** Counts an entry into the kernel. */
    public void countEntry() {
        accounting.countEntry();
    }

    /** Asks for a call of the scheduler before the next return to user mode. Any processor. */
    public void setNeedReschedule(boolean value) {
        needReschedule = value;
    }

    /** Makes this processor look at its flags: an IPI, unless {@code from} is this processor itself. */
    public void kick(CpuLocal from) {
        if (from != this) {
            from.hw.sendIpi(hw.apicId(), InterruptVectors.IKC);
        }
    }

    /** Drops this processor's translations of [start, end). */
    public void flushTranslations(long startLinear, long endLinear) {
        if (endLinear - startLinear > MAX_SINGLE_FLUSHES << 12) {
            hw.flushTranslations();
            return;
        }
        for (long linear = startLinear & -4096L; linear < endLinear; linear += 4096) {
            hw.invalidatePage(linear);
        }
    }

    /**
     * Waits in place, taking interrupts, until {@code done}. Whoever makes it true must {@link #kick} this processor. No Java lock may
     * be held, and nothing else runs here meanwhile: {@code Scheduler.sleep} is what threads normally use.
     */
    public void waitUntil(BooleanSupplier done) {
        while (!done.getAsBoolean()) {
            waitForInterrupt(Long.MAX_VALUE);
        }
    }

    /** One wait: returns after interrupts were taken or the cycle count reached {@code deadlineCycles}. */
    public void waitForInterrupt(long deadlineCycles) {
        if (hw.awaitInterrupt(deadlineCycles)) {
            serviceInterrupts();
        }
    }

    /** As {@link #waitForInterrupt}, showing {@code status} meanwhile. */
    public void waitForInterrupt(long deadlineCycles, int status) {
        setStatus(status);
        waitForInterrupt(deadlineCycles);
        setStatus(MonitorArea.KERNEL);
    }

    /** Takes the pending interrupts: runs a stub that opens the interrupt window for one instruction, until none is pending. */
    public void serviceInterrupts() {
        long rip = hw.rip();
        long rflags = hw.rflags();
        long rax = hw.register(LogicalCpu.RAX);
        long rdx = hw.register(LogicalCpu.RDX);
        ExecutionContext self = current;
        self.enterInterrupt();
        hw.setRip(interruptWindow);
        hw.runGuest();
        self.leaveInterrupt();
        hw.setRegister(LogicalCpu.RAX, rax);
        hw.setRegister(LogicalCpu.RDX, rdx);
        hw.setRflags(rflags);
        hw.setRip(rip);
    }
}
