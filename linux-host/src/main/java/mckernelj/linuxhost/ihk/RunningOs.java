// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.ihk;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.emulator.hw.Machine;
import mckernelj.ihk.boot.KernelImage;
import mckernelj.ihk.layout.BootParameters;
import mckernelj.ihk.layout.BootParameters.Field;
import mckernelj.ihk.layout.MonitorArea;
import mckernelj.ihk.layout.RusageArea;
import mckernelj.ihk.os.InterruptVectors;
import mckernelj.ihk.os.OsStatus;
import mckernelj.linuxhost.partition.LinuxPartition;

/** One boot of an OS instance, from its first instruction to the reset of its processors. */
final class RunningOs {
    static final int FREEZE = 1;
    static final int THAW = 2;

    private static final long POLL_MILLIS = 50;
    private static final long FREE_MEMORY_MILLIS = 500;

    private final LinuxPartition partition;
    private final Machine machine;
    private final List<Integer> cpus;
    private final BootBlock block;
    private final BootParameters parameters;
    private final IkcEndpoint endpoint;
    private KernelImage.Attachment attachment;
    private volatile boolean stopped;
    private volatile boolean hungUp;

    /** Written on Linux CPU 0. */
    private volatile boolean masterOpen;

    /** The status word of which the waiting host thread has been told. */
    private volatile int announcedStatus;

    RunningOs(LinuxPartition partition, List<Integer> cpus, BootBlock block) {
        this.partition = partition;
        machine = partition.machine();
        this.cpus = cpus;
        this.block = block;
        parameters = block.parameters();
        endpoint = new IkcEndpoint(machine.memory(), parameters);
    }

    IkcEndpoint endpoint() {
        return endpoint;
    }

    BootParameters parameters() {
        return parameters;
    }

    BootBlock block() {
        return block;
    }

    void start(KernelImage image, int osIndex) {
        attachment = image.attach(machine, osIndex);
        partition.postWhenIdle(0, cpu -> block.start(cpu, osIndex));
    }

    /** Waits, on a host thread, until the LWK's status word has this value or more; false after the time-out. */
    boolean awaitStatus(int status, long timeoutSeconds) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds);
        synchronized (this) {
            while (parameters.status() < status && System.nanoTime() < deadline && !stopped && !panicked()) {
                try {
                    wait(POLL_MILLIS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
                if (parameters.status() == BootParameters.STATUS_READY && !masterOpen) {
                    machine.whenIdle(this::ringForLwk);
                }
            }
        }
        return parameters.status() >= status && !panicked();
    }

    /** In case the LWK did not ring after READY. */
    private void ringForLwk() {
        if (!masterOpen) {
            partition.post(this::handleInterrupt);
        }
    }

    /** The IKC interrupt, on a Linux CPU. */
    void handleInterrupt(LogicalCpu cpu) {
        if (stopped) {
            return;
        }
        if (cpu.index() == 0 && !masterOpen && parameters.status() >= BootParameters.STATUS_READY) {
            masterOpen = true;
            endpoint.openMaster(cpu);
        }
        endpoint.drain(cpu);
        if (announcedStatus != parameters.status()) {
            announceStatus();
        }
    }

    private synchronized void announceStatus() {
        announcedStatus = parameters.status();
        notifyAll();
    }

    /** Resets the processors; nothing of the kernel runs afterwards. Not from interrupt context. */
    void stop() {
        stopped = true;
        for (int cpu : cpus) {
            machine.cpu(cpu).init();
        }
        if (attachment != null) {
            attachment.detach();
        }
    }

    OsStatus status() {
        if (panicked()) {
            return OsStatus.PANIC;
        }
        if (parameters.status() < BootParameters.STATUS_RUNNING) {
            return OsStatus.BOOTING;
        }
        if (hungUp) {
            return OsStatus.HUNGUP;
        }
        long frozen = countCpus(MonitorArea.FROZEN);
        if (frozen == cpus.size()) {
            return OsStatus.FROZEN;
        }
        return frozen + countCpus(MonitorArea.FREEZING) > 0 ? OsStatus.FREEZING : OsStatus.RUNNING;
    }

    private boolean panicked() {
        return countCpus(MonitorArea.PANIC) > 0;
    }

    private long countCpus(int state) {
        MonitorArea monitor = monitor();
        long count = 0;
        for (int cpu = 0; monitor != null && cpu < cpus.size(); cpu++) {
            count += (monitor.status(cpu) & Integer.MAX_VALUE) == state ? 1 : 0; // bit 31: thaw allowed
        }
        return count;
    }

    /** Null before the LWK has published it. */
    MonitorArea monitor() {
        long physical = parameters.get(Field.MONITOR);
        return physical == 0 ? null : new MonitorArea(machine.memory(), physical);
    }

    /** Null before the LWK has published it. */
    RusageArea rusage() {
        long physical = parameters.get(Field.RUSAGE);
        return physical == 0 ? null : new RusageArea(machine.memory(), physical);
    }

    /** Lets the LWK bring its free memory up to date; a dead one leaves the old values. On a host thread. */
    void updateFreeMemory() {
        RusageArea area = rusage();
        long before = area.freeUpdates();
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(FREE_MEMORY_MILLIS);
        sendInterrupt(0, InterruptVectors.QUERY_FREE_MEM);
        while (area.freeUpdates() == before && System.nanoTime() < deadline && !stopped) {
            LockSupport.parkNanos(20_000);
        }
    }

    /** True if it found a hanging CPU, the first time. */
    boolean detectHangUp() {
        MonitorArea monitor = monitor();
        boolean hangs = false;
        for (int cpu = 0; monitor != null && cpu < cpus.size(); cpu++) {
            hangs |= monitor.hangs(cpu);
        }
        boolean first = hangs && !hungUp;
        hungUp |= hangs;
        return first;
    }

    void markHungUp() {
        hungUp = true;
    }

    /** Tells all CPUs to freeze or to thaw. */
    void sendMultiInterrupt(int mode) {
        long word = parameters.get(Field.MULTI_INTR_MODE_ADDR);
        if (word != 0) {
            machine.memory().putInt(word, mode);
            for (int lwkCpu = 0; lwkCpu < cpus.size(); lwkCpu++) {
                sendInterrupt(lwkCpu, InterruptVectors.MULTI_INTERRUPT);
            }
        }
    }

    void sendInterrupt(int lwkCpu, int vector) {
        int apicId = machine.cpu(cpus.get(lwkCpu)).apicId();
        partition.post(cpu -> cpu.sendIpi(apicId, vector));
    }
}
