// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.time;

import java.util.Comparator;
import java.util.TreeSet;
import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.emulator.hw.Msr;
import mckernelj.ihk.os.InterruptVectors;
import mckernelj.lwk.cpu.CpuLocal;

/**
 * The timers of one processor on its local APIC timer in TSC-deadline mode (SDM vol. 3, 11.5.4.1). No timer pending: no interrupt, so
 * the kernel stays tickless.
 */
public final class TimerQueue {
    private static final int APIC_LVT_TIMER = 0x320;
    private static final int TSC_DEADLINE_MODE = 2 << 17;

    private final CpuLocal cpu;

    /** Guarded by this. */
    private final TreeSet<KernelTimer> timers = new TreeSet<>(
            Comparator.<KernelTimer>comparingLong(t -> t.deadlineCycles).thenComparingLong(t -> t.sequence));

    private long nextSequence;

    public TimerQueue(CpuLocal cpu) {
        this.cpu = cpu;
    }

    /** Called once on the processor itself. */
    public void initialise() {
        cpu.hw().apicWrite(APIC_LVT_TIMER, TSC_DEADLINE_MODE | InterruptVectors.LOCAL_TIMER);
    }

    /** Arranges for {@code expiry} when the TSC reaches {@code deadlineCycles}. Only on the queue's own processor. */
    public synchronized KernelTimer callAt(long deadlineCycles, KernelTimer.Expiry expiry) {
        KernelTimer timer = new KernelTimer(this, deadlineCycles, nextSequence++, expiry);
        timers.add(timer);
        if (timers.first() == timer) {
            program(deadlineCycles);
        }
        return timer;
    }

    /** A cancelled timer may leave one interrupt behind, which then finds nothing to do. */
    synchronized boolean remove(KernelTimer timer) {
        return timers.remove(timer);
    }

    /** The timer interrupt, on the queue's own processor. */
    public void interrupt() {
        LogicalCpu hw = cpu.hw();
        KernelTimer due;
        while ((due = takeDue(hw.cycles())) != null) {
            due.expiry.expired(cpu);
        }
    }

    private synchronized KernelTimer takeDue(long now) {
        if (timers.isEmpty()) {
            return null;
        }
        KernelTimer first = timers.first();
        if (first.deadlineCycles > now) {
            program(first.deadlineCycles);
            return null;
        }
        timers.remove(first);
        return first;
    }

    private void program(long deadlineCycles) {
        cpu.hw().setMsr(Msr.IA32_TSC_DEADLINE, Math.max(1, deadlineCycles));
    }
}
