// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReferenceArray;
import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.emulator.hw.Machine;
import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.ihk.boot.BootPageTable;
import mckernelj.ihk.os.GatePorts;
import mckernelj.ihk.os.InterruptVectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Boots all processors of a fresh machine into an idle loop and handles their interrupts in Java. Work from host
 * threads enters through {@link #post}. Processors leave and return by {@link #offline} and {@link #online} (CPU
 * hotplug), memory through {@link #zones()}. Public methods may be called from any thread.
 */
public final class LinuxPartition {
    private static final Logger log = LoggerFactory.getLogger(LinuxPartition.class);

    private static final int APIC_EOI = 0xB0;
    private static final int APIC_SVR = 0xF0;
    private static final int APIC_ENABLE_SPURIOUS_FF = 0x1FF;
    private static final int STACK_SIZE = 4096;
    private static final long INTERRUPT_CYCLES = 400;
    private static final long START_SECONDS = 30;

    /** First trampoline page: one page per OS instance, all below 640 KiB. */
    private static final long TRAMPOLINES = 0x8000;

    /** What Linux keeps per processor. */
    private static final class CpuState {
        final Queue<InterruptHandler> work = new ConcurrentLinkedQueue<>();

        /** An interrupt is on its way that will run the queue. */
        final AtomicBoolean raised = new AtomicBoolean();

        long stack;
        volatile boolean online;
        volatile CountDownLatch started;
    }

    private final Machine machine;
    private final MemoryZones zones;
    private final AtomicReferenceArray<InterruptHandler> handlers = new AtomicReferenceArray<>(256);
    private final CpuState[] cpus;
    private final long identityTable;
    private final LinuxImage image;

    /** Takes the whole machine: none of its processors may have started. */
    public LinuxPartition(Machine machine) {
        this.machine = machine;
        zones = new MemoryZones(machine.numa());
        identityTable = allocate(BootPageTable.identityBytes(machine.memory().end()));
        BootPageTable.identity(machine.memory(), identityTable, machine.memory().end());
        image = loadImage();
        machine.attachPort(GatePorts.LINUX, (cpu, port, widthBytes, value) -> enter(cpu, value));
        onInterrupt(InterruptVectors.LINUX_IRQ_WORK, this::runWork);
        cpus = new CpuState[machine.cpuCount()];
        for (int i = 0; i < cpus.length; i++) {
            cpus[i] = new CpuState();
            cpus[i].stack = allocate(STACK_SIZE);
            online(i);
        }
    }

    /** Waits until the processor idles, so that the time of what the caller does next does not depend on the host. */
    private static void awaitStart(CpuState state, int cpu) {
        try {
            if (!state.started.await(START_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("Linux CPU " + cpu + " does not start");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private LinuxImage loadImage() {
        int length = new LinuxImage(0).bytes().length;
        long physical = allocate(length);
        LinuxImage loaded = new LinuxImage(physical);
        memory().write(physical, loaded.bytes(), 0, length);
        return loaded;
    }

    public Machine machine() {
        return machine;
    }

    public PhysicalMemory memory() {
        return machine.memory();
    }

    /** Memory that belongs to Linux. */
    public MemoryZones zones() {
        return zones;
    }

    /** Cleared pages for Linux' own use (give them back to {@link #zones()}). */
    public long allocate(long lengthBytes) {
        long physical = zones.allocate(lengthBytes);
        if (physical == 0) {
            throw new IllegalStateException("Linux partition: no " + lengthBytes + " bytes of guest memory");
        }
        memory().clear(physical, lengthBytes);
        return physical;
    }

    /** Page table that maps all RAM one to one; below 4 GiB. */
    public long identityTable() {
        return identityTable;
    }

    /** Page below 1 MiB for the start of processors of an OS instance. */
    public static long trampolinePage(int osIndex) {
        return TRAMPOLINES + 4096L * osIndex;
    }

    public boolean isOnline(int cpu) {
        return cpus[cpu].online;
    }

    public List<Integer> onlineCpus() {
        List<Integer> online = new ArrayList<>();
        for (int i = 0; i < cpus.length; i++) {
            if (cpus[i].online) {
                online.add(i);
            }
        }
        return online;
    }

    /** Sets the handler of an interrupt vector (32..255) on all Linux processors; null removes it. */
    public void onInterrupt(int vector, InterruptHandler handler) {
        handlers.set(vector, handler);
    }

    /** True if nobody handles this vector. */
    public boolean isVectorFree(int vector) {
        return handlers.get(vector) == null;
    }

    /** Runs {@code work} in interrupt context of Linux CPU 0, soon. Work is done in the order of posting. */
    public void post(InterruptHandler work) {
        post(0, work);
    }

    public void post(Runnable work) {
        post(0, cpu -> work.run());
    }

    /** Runs {@code work} in interrupt context of this Linux CPU. */
    public void post(int cpu, InterruptHandler work) {
        cpus[cpu].work.add(work);
        if (cpus[cpu].raised.compareAndSet(false, true)) {
            machine.cpu(cpu).raiseInterrupt(InterruptVectors.LINUX_IRQ_WORK);
        }
    }

    /** As {@link #post(int, InterruptHandler)}, at a time that does not depend on the host ({@link Machine#whenIdle}). */
    public void postWhenIdle(int cpu, InterruptHandler work) {
        machine.whenIdle(() -> post(cpu, work));
    }

    /** Takes a processor out of Linux: it ends in the wait-for-SIPI state. Not from interrupt context; CPU 0 stays. */
    public synchronized void offline(int cpu) {
        if (cpu == 0 || !cpus[cpu].online) {
            throw new IllegalArgumentException("CPU " + cpu + " cannot go offline");
        }
        cpus[cpu].online = false;
        machine.cpu(cpu).setPassive(false);
        machine.cpu(cpu).init();
    }

    /**
     * Starts a processor that waits for SIPI as a Linux processor; returns when it runs. Not from interrupt context.
     */
    public synchronized void online(int cpu) {
        CpuState state = cpus[cpu];
        if (state.online) {
            throw new IllegalArgumentException("CPU " + cpu + " is online");
        }
        state.online = true;
        state.started = new CountDownLatch(1);
        LogicalCpu processor = machine.cpu(cpu);
        processor.startLongMode(identityTable, image.entry(), state.stack + STACK_SIZE, cpu);
        processor.setPassive(true);
        awaitStart(state, cpu);
    }

    private void enter(LogicalCpu cpu, int reason) {
        if (reason == LinuxImage.REASON_START) {
            cpu.apicWrite(APIC_SVR, APIC_ENABLE_SPURIOUS_FF);
            runWork(cpu); // what was posted while its APIC was off
            cpus[cpu.index()].started.countDown();
        } else if (reason < 32) {
            String cr2 = Long.toHexString(cpu.controlRegister(2));
            throw new IllegalStateException("exception " + reason + " on Linux CPU " + cpu.index() + ", CR2 0x" + cr2);
        } else {
            cpu.apicWrite(APIC_EOI, 0);
            cpu.charge(INTERRUPT_CYCLES);
            InterruptHandler handler = handlers.get(reason);
            if (handler == null) {
                log.warn("interrupt 0x{} on Linux CPU {} has no handler", Integer.toHexString(reason), cpu.index());
            } else {
                run(handler, cpu);
            }
        }
    }

    private void runWork(LogicalCpu cpu) {
        CpuState state = cpus[cpu.index()];
        state.raised.set(false); // before the queue is read: later work raises again
        for (InterruptHandler work = state.work.poll(); work != null; work = state.work.poll()) {
            run(work, cpu);
        }
    }

    /** A failure must not take down whatever host thread happens to execute this processor. */
    private static void run(InterruptHandler handler, LogicalCpu cpu) {
        try {
            handler.handle(cpu);
        } catch (RuntimeException e) {
            log.error("interrupt handler on Linux CPU {} failed", cpu.index(), e);
        }
    }
}
