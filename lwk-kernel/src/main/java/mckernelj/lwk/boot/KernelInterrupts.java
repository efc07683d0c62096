// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.boot;

import mckernelj.ihk.layout.MonitorArea;
import mckernelj.ihk.os.InterruptVectors;
import mckernelj.lwk.cpu.CpuLocal;
import mckernelj.lwk.trap.InterruptTable;

/** The kernel's own interrupt handlers, freeze and thaw among them. */
final class KernelInterrupts {
    private static final int SPURIOUS = 0xFF;
    private static final int MODE_FREEZE = 1;
    private static final int MODE_THAW = 2;

    private final LwkKernel kernel;

    KernelInterrupts(LwkKernel kernel) {
        this.kernel = kernel;
    }

    void install() {
        InterruptTable table = kernel.interrupts();
        table.on(InterruptVectors.IKC, kernel.ikc()::drain);
        table.on(
                InterruptVectors.LOCAL_TIMER,
                cpu -> kernel.scheduler().timers(cpu).interrupt());
        table.on(InterruptVectors.FUNCTION_CALL, kernel.crossCalls()::interrupt);
        for (int vector = InterruptVectors.TLB_FLUSH_FIRST; vector <= InterruptVectors.TLB_FLUSH_LAST; vector++) {
            table.on(vector, kernel.crossCalls()::interrupt);
        }
        table.on(InterruptVectors.QUERY_FREE_MEM, cpu -> kernel.updateFreeMemory());
        table.on(InterruptVectors.MULTI_INTERRUPT, this::multiInterrupt);
        table.on(SPURIOUS, cpu -> {});
    }

    private void multiInterrupt(CpuLocal cpu) {
        int mode = kernel.memory().getInt(kernel.multiInterruptModePhysical());
        MonitorArea monitor = kernel.monitor();
        if (mode == MODE_FREEZE && monitor.savedStatus(cpu.id()) != MonitorArea.FROZEN) {
            freeze(cpu, monitor);
        } else if (mode == MODE_THAW) {
            monitor.setSavedStatus(cpu.id(), MonitorArea.THAW);
        }
    }

    /** Halts in place; the interrupt that thaws is taken inside. The saved status says what was asked for last. */
    private void freeze(CpuLocal cpu, MonitorArea monitor) {
        int id = cpu.id();
        monitor.setSavedStatus(id, MonitorArea.FROZEN);
        do {
            monitor.setStatus(id, MonitorArea.FROZEN);
            cpu.waitForInterrupt(Long.MAX_VALUE);
        } while (monitor.savedStatus(id) != MonitorArea.THAW);
        monitor.setStatus(id, MonitorArea.KERNEL);
    }
}
