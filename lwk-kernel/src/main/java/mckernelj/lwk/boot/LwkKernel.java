// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.boot;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import mckernelj.emulator.hw.Machine;
import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.ihk.ikc.IkcMessage;
import mckernelj.ihk.ikc.IkcPacket;
import mckernelj.ihk.layout.BootParameters;
import mckernelj.ihk.layout.MonitorArea;
import mckernelj.ihk.layout.RusageArea;
import mckernelj.lwk.cpu.CpuLocal;
import mckernelj.lwk.cpu.CrossCalls;
import mckernelj.lwk.cpu.ProcessorModel;
import mckernelj.lwk.delegation.Delegation;
import mckernelj.lwk.ikc.IkcDispatch;
import mckernelj.lwk.ikc.IkcMap;
import mckernelj.lwk.ikc.MasterChannel;
import mckernelj.lwk.image.LwkImage;
import mckernelj.lwk.kmsg.KernelLog;
import mckernelj.lwk.phys.PageAllocator;
import mckernelj.lwk.sched.Scheduler;
import mckernelj.lwk.time.KernelClock;
import mckernelj.lwk.trap.InterruptTable;

/** A booted (or booting) LWK: its parts, wired together. Built by {@link BootSequence}; what {@code lwk.proc} builds upon. */
public final class LwkKernel {
    /** Event types of EVENTFD messages. */
    public static final int EVENT_OOM = 0;

    public static final int EVENT_STATUS = 2;
    public static final int EVENT_KMSG = 101;

    private final Machine machine;
    private final LwkImage image;
    private final BootParameters parameters;
    private final KernelArguments arguments;
    private final KernelLog log;
    private final KernelPageTables pageTables;
    private final PageAllocator pages;
    private final KernelClock clock;
    private final long monitorPhysical;
    private final MonitorArea monitor;
    private final long rusagePhysical;
    private final RusageArea rusage;

    /** Two words written by Linux: what an NMI means, what vector 0xF2 means. */
    private final long modesPhysical;

    private final InterruptTable interrupts = new InterruptTable();
    private final CrossCalls crossCalls;
    private final Scheduler scheduler;
    private final MasterChannel masterChannel;
    private final IkcDispatch ikc;
    private final Delegation delegation;

    /** Filled as processors come up. */
    private final CpuLocal[] cpus;

    private volatile ProcessorModel processorModel;

    LwkKernel(
            Machine machine,
            LwkImage image,
            BootParameters parameters,
            KernelArguments arguments,
            KernelLog log,
            KernelPageTables pageTables,
            PageAllocator pages) {
        this.machine = machine;
        this.image = image;
        this.parameters = parameters;
        this.arguments = arguments;
        this.log = log;
        this.pageTables = pageTables;
        this.pages = pages;
        int cpuCount = parameters.cpuCount();
        cpus = new CpuLocal[cpuCount];
        clock = newClock();
        monitorPhysical = kernelMemory(MonitorArea.sizeBytes(cpuCount));
        monitor = new MonitorArea(memory(), monitorPhysical);
        rusagePhysical = kernelMemory(RusageArea.sizeBytes(cpuCount));
        rusage = new RusageArea(memory(), rusagePhysical);
        modesPhysical = kernelMemory(2 * Integer.BYTES);
        crossCalls = new CrossCalls(cpuCount);
        scheduler = new Scheduler(machine, pages, cpuCount, image.returnToUser(), arguments.has("time_sharing"));
        masterChannel = new MasterChannel(memory(), pages, new IkcMap(parameters), cpuCount, machine.tscHz());
        ikc = new IkcDispatch(log, masterChannel, cpuCount);
        delegation = new Delegation(memory(), scheduler, ikc);
    }

    private KernelClock newClock() {
        return new KernelClock(
                machine.tscHz(),
                parameters.get(BootParameters.Field.BOOT_TSC),
                parameters.get(BootParameters.Field.BOOT_SEC),
                parameters.get(BootParameters.Field.BOOT_NSEC));
    }

    /** Memory that the kernel keeps for ever: physical address. */
    long kernelMemory(long lengthBytes) {
        long physical = pages.allocate((lengthBytes + PageAllocator.PAGE_SIZE - 1) >> PageAllocator.PAGE_SHIFT, 1, 0);
        if (physical == -1) {
            throw new IllegalStateException("not enough memory to boot");
        }
        return physical;
    }

    public Machine machine() {
        return machine;
    }

    public PhysicalMemory memory() {
        return machine.memory();
    }

    public LwkImage image() {
        return image;
    }

    public BootParameters parameters() {
        return parameters;
    }

    public KernelArguments arguments() {
        return arguments;
    }

    public KernelLog log() {
        return log;
    }

    public KernelPageTables pageTables() {
        return pageTables;
    }

    public PageAllocator pages() {
        return pages;
    }

    public KernelClock clock() {
        return clock;
    }

    public MonitorArea monitor() {
        return monitor;
    }

    /** What the processors are; of the boot processor. */
    public ProcessorModel processorModel() {
        return processorModel;
    }

    void setProcessorModel(ProcessorModel model) {
        processorModel = model;
    }

    public RusageArea rusage() {
        return rusage;
    }

    /** Handlers of interrupt vectors; to be filled before processors take interrupts. */
    public InterruptTable interrupts() {
        return interrupts;
    }

    public CrossCalls crossCalls() {
        return crossCalls;
    }

    public Scheduler scheduler() {
        return scheduler;
    }

    public IkcDispatch ikc() {
        return ikc;
    }

    public Delegation delegation() {
        return delegation;
    }

    MasterChannel masterChannel() {
        return masterChannel;
    }

    /** Number of processors of this instance, whether they are up yet or not. */
    public int cpuCount() {
        return cpus.length;
    }

    /** Processor {@code id}, 0-based; null before it is up. */
    public CpuLocal cpu(int id) {
        return cpus[id];
    }

    /** All processors, in order. Complete when the kernel has booted. */
    public List<CpuLocal> cpus() {
        return Collections.unmodifiableList(Arrays.asList(cpus));
    }

    void addCpu(CpuLocal cpu) {
        cpus[cpu.id()] = cpu;
    }

    /** NUMA node of the LWK to which {@code cpu} belongs. */
    public int nodeOf(CpuLocal cpu) {
        return parameters.cpu(cpu.id()).numaId();
    }

    /** Tells Linux that something happened that an eventfd may wait for. */
    public void raiseEvent(CpuLocal cpu, int type) {
        IkcPacket packet = new IkcPacket(IkcMessage.EVENTFD);
        packet.ref = cpu.id();
        packet.arg = type;
        ikc.send(cpu, packet);
    }

    /** Writes the free memory of each node where Linux reads it. */
    public void updateFreeMemory() {
        for (int node = 0; node < pages.nodeCount(); node++) {
            rusage.setNumaFree(node, pages.freePages(node) << PageAllocator.PAGE_SHIFT);
        }
        rusage.countFreeUpdate();
    }

    long monitorPhysical() {
        return monitorPhysical;
    }

    long rusagePhysical() {
        return rusagePhysical;
    }

    long nmiModePhysical() {
        return modesPhysical;
    }

    long multiInterruptModePhysical() {
        return modesPhysical + Integer.BYTES;
    }
}
