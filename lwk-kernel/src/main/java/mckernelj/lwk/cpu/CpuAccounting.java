// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.cpu;

import mckernelj.ihk.layout.MonitorArea;
import mckernelj.ihk.layout.RusageArea;

/** What a processor tells Linux about itself: status and counter of the monitor, CPU time of the resource usage. */
public final class CpuAccounting {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** CPU time is published when this fraction of a second has come together. */
    private static final long PUBLISH_HZ = 1000;

    private final MonitorArea monitor;
    private final RusageArea rusage;
    private final int cpu;
    private final long tscHz;

    /** Not published yet, in cycles. */
    private long user;

    private long system;

    public CpuAccounting(MonitorArea monitor, RusageArea rusage, int cpu, long tscHz) {
        this.monitor = monitor;
        this.rusage = rusage;
        this.cpu = cpu;
        this.tscHz = tscHz;
    }

    int status() {
        return monitor.status(cpu);
    }

    void setStatus(int status) {
        monitor.setStatus(cpu, status);
    }

    void countEntry() {
        monitor.setCounter(cpu, monitor.counter(cpu) + 1);
    }

    /** Adds time that threads have spent on this processor. */
    public void addTime(long systemCycles, long userCycles) {
        system += systemCycles;
        user += userCycles;
        if (system + user > tscHz / PUBLISH_HZ) {
            rusage.addCpuTime(cpu, nanos(system), nanos(user));
            system = 0;
            user = 0;
        }
    }

    private long nanos(long cycles) {
        return cycles / tscHz * NANOS_PER_SECOND + cycles % tscHz * NANOS_PER_SECOND / tscHz;
    }
}
