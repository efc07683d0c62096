// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.boot;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.Function;
import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.emulator.hw.Machine;
import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.ihk.layout.BootParameters;
import mckernelj.ihk.layout.BootParameters.Chunk;
import mckernelj.ihk.layout.BootParameters.Field;
import mckernelj.ihk.layout.KernelSpace;
import mckernelj.ihk.layout.KmsgBuffer;
import mckernelj.ihk.layout.MonitorArea;
import mckernelj.ihk.layout.RusageArea;
import mckernelj.lwk.cpu.CpuAccounting;
import mckernelj.lwk.cpu.CpuLocal;
import mckernelj.lwk.cpu.PerCpuArea;
import mckernelj.lwk.cpu.ProcessorModel;
import mckernelj.lwk.image.AddressLayout;
import mckernelj.lwk.image.LwkImage;
import mckernelj.lwk.kmsg.KernelLog;
import mckernelj.lwk.phys.PageAllocator;
import mckernelj.lwk.time.TimerQueue;
import mckernelj.lwk.trap.BootEntries;
import mckernelj.lwk.trap.Gate;
import mckernelj.lwk.trap.Panic;
import mckernelj.lwk.trap.TrapHandlers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Boot of the LWK, from its first instruction to the idle loop, in McKernel's order and with its messages. The bootstrap processor
 * enters {@link #archStart}, the others {@link #apStart}.
 */
final class BootSequence implements BootEntries {
    private static final Logger LOG = LoggerFactory.getLogger(BootSequence.class);
    private static final long LOCAL_APIC = 0xFEE0_0000L;

    private final Machine machine;
    private final PhysicalMemory memory;
    private final LwkImage image;
    private final Function<LwkKernel, TrapHandlers> handlers;
    private final Gate gate;

    private BootParameters parameters;
    private EarlyHeap heap;
    private KernelPageTables pageTables;
    private long bootTable;
    private KernelLog log;
    private LwkKernel kernel;
    private Panic panic;
    private ApplicationProcessors processors;

    BootSequence(Machine machine, LwkImage image, Function<LwkKernel, TrapHandlers> handlers) {
        this.machine = machine;
        this.memory = machine.memory();
        this.image = image;
        this.handlers = handlers;
        this.gate = new Gate(memory, this, machine.cpuCount());
    }

    Gate gate() {
        return gate;
    }

    @Override
    public void archStart(LogicalCpu hw) {
        try {
            boot(hw);
        } catch (RuntimeException e) {
            fail(hw, e);
        }
    }

    private void boot(LogicalCpu hw) {
        long parametersPhysical = hw.register(LogicalCpu.RDI);
        long imagePhysical = hw.register(LogicalCpu.RSI);
        long trampoline = hw.register(LogicalCpu.RCX);
        parameters = new BootParameters(memory, parametersPhysical);
        KernelArguments arguments = new KernelArguments(parameters.kernelArgs());

        archInit(hw, imagePhysical);
        log.kprintf(null, "KCommand Line: %s", arguments.line());
        PageAllocator pages = initialiseMemory(imagePhysical);
        kernel = new LwkKernel(machine, image, parameters, arguments, log, pageTables, pages);
        CpuLocal cpu = initialiseKernel(hw, trampoline);
        setStatus(hw, BootParameters.STATUS_READY);
        connectLinux(cpu);
        setStatus(hw, BootParameters.STATUS_RUNNING);
        log.kputs("IHK/McKernel booted.");
    }

    /** arch_init: page tables, kernel log, what the processor can do. */
    private void archInit(LogicalCpu hw, long imagePhysical) {
        setStatus(hw, BootParameters.STATUS_BOOTED);
        heap = new EarlyHeap(
                memory, imagePhysical + (LwkImage.TEXT - KernelSpace.MAP_KERNEL_START) + image.sizeBytes());
        pageTables = new KernelPageTables(memory, heap::page);
        for (int i = 0; i < parameters.chunkCount(); i++) {
            pageTables.mapMemory(
                    parameters.chunk(i).start(), parameters.chunk(i).end());
        }
        pageTables.mapImage(imagePhysical);
        pageTables.mapVsyscall(imagePhysical + image.vsyscall() - KernelSpace.MAP_KERNEL_START);
        pageTables.mapFixed(parameters.physical(), parameters.get(Field.PARAM_SIZE));
        pageTables.mapFixed(parameters.get(Field.MSG_BUFFER), parameters.get(Field.MSG_BUFFER_SIZE));
        pageTables.mapFixed(LOCAL_APIC, PageAllocator.PAGE_SIZE);
        bootTable = pageTables.bootTable();

        ProcessorSetup setup = new ProcessorSetup(image, hw);
        setup.enablePaging(pageTables.root());
        log = new KernelLog(new KmsgBuffer(memory, parameters.get(Field.MSG_BUFFER)));
        log.kputs("IHK/McKernel started.");
        log.kprintf(null, "no_execute_available: %d", setup.noExecuteAvailable() ? 1 : 0);
        if (setup.invariantTsc()) {
            log.kprintf(null, "Invariant TSC supported.");
        }
        log.kprintf(null, "setup_x86 done.");
        log.kprintf(null, "ns_per_tsc: %d", parameters.get(Field.NS_PER_TSC));
    }

    /** mem_init: all assigned memory behind the early heap goes to the page allocator. */
    private PageAllocator initialiseMemory(long imagePhysical) {
        int nodes = parameters.nodeCount();
        int[][] distances = new int[nodes][nodes];
        for (int i = 0; i < nodes; i++) {
            int from = i;
            Arrays.setAll(distances[from], to -> parameters.distance(from, to));
        }
        PageAllocator pages = new PageAllocator(memory, distances);
        long heapEnd = heap.close();
        for (int i = 0; i < parameters.chunkCount(); i++) {
            Chunk chunk = parameters.chunk(i);
            boolean bootstrap = chunk.start() <= imagePhysical && imagePhysical < chunk.end();
            long start = bootstrap ? heapEnd : chunk.start();
            pages.addMemory(chunk.numaId(), start, chunk.end());
            log.kprintf(
                    null,
                    "Physical memory: 0x%x - 0x%x, %d bytes, %d pages available @ NUMA: %d",
                    start,
                    chunk.end(),
                    chunk.end() - start,
                    chunk.end() - start >> PageAllocator.PAGE_SHIFT,
                    chunk.numaId());
        }
        for (int node = 0; node < nodes; node++) {
            logNode(pages, node);
        }
        for (int node = 0; node < nodes; node++) {
            logDistances(distances[node], node);
        }
        return pages;
    }

    private void logNode(PageAllocator pages, int node) {
        BootParameters.Node info = parameters.node(node);
        long free = pages.freePages(node);
        log.kprintf(
                null,
                "NUMA: %d, Linux NUMA: %d, type: %d, available bytes: %d, pages: %d",
                node,
                info.linuxNumaId(),
                info.type(),
                free << PageAllocator.PAGE_SHIFT,
                free);
    }

    private void logDistances(int[] distances, int node) {
        Integer[] order = new Integer[distances.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingInt(i -> distances[i]));
        StringBuilder line = new StringBuilder("NUMA " + node + " distances: ");
        for (int to : order) {
            line.append(to).append(" (").append(distances[to]).append("), ");
        }
        log.kprintf(null, "%s", line);
    }

    /** rest_init: the kernel's own structures, this processor, then the others, as far as ap_wait. */
    private CpuLocal initialiseKernel(LogicalCpu hw, long trampoline) {
        log.kprintf(null, "Trampoline area: 0x%x ", trampoline);
        log.kprintf(null, "# of cpus : %d", parameters.cpuCount());
        publishAreas();
        panic = new Panic(log, image.halt(), cpu -> kernel.raiseEvent(cpu, LwkKernel.EVENT_STATUS));
        new KernelInterrupts(kernel).install();
        gate.setKernel(new Gate.Kernel(kernel.scheduler(), handlers.apply(kernel), kernel.interrupts(), panic));

        long locals = kernel.kernelMemory((long) PerCpuArea.SIZE * parameters.cpuCount());
        log.kprintf(null, "locals = %x", AddressLayout.linear(locals));
        CpuLocal cpu = newCpu(hw, 0, locals);
        bringUp(cpu);
        kernel.setProcessorModel(ProcessorModel.read(new ProcessorSetup(image, hw)::cpuid));
        log.kprintf(cpu, "BSP: %d (HW ID: %d @ NUMA %d)", cpu.id(), hw.apicId(), kernel.nodeOf(cpu));
        processors = new ApplicationProcessors(kernel, trampoline, bootTable, locals);
        processors.bootAll(cpu);
        log.kprintf(cpu, "BSP: booted %d AP CPUs", parameters.cpuCount() - 1);
        return cpu;
    }

    /** Tells Linux where the structures are that it reads. */
    private void publishAreas() {
        int cpus = parameters.cpuCount();
        parameters.set(
                Field.MIKC_QUEUE_RECV, kernel.masterChannel().receiveQueue().physical());
        parameters.set(Field.MIKC_QUEUE_SEND, kernel.masterChannel().sendQueue().physical());
        parameters.set(Field.MONITOR, kernel.monitorPhysical());
        parameters.set(Field.MONITOR_SIZE, MonitorArea.sizeBytes(cpus));
        parameters.set(Field.RUSAGE, kernel.rusagePhysical());
        parameters.set(Field.RUSAGE_SIZE, RusageArea.sizeBytes(cpus));
        parameters.set(Field.NMI_MODE_ADDR, kernel.nmiModePhysical());
        parameters.set(Field.MULTI_INTR_MODE_ADDR, kernel.multiInterruptModePhysical());
        for (int node = 0; node < parameters.nodeCount(); node++) {
            kernel.rusage().setNumaTotal(node, kernel.pages().totalPages(node) << PageAllocator.PAGE_SHIFT);
        }
        kernel.updateFreeMemory();
    }

    private CpuLocal newCpu(LogicalCpu hw, int id, long locals) {
        PerCpuArea area = new PerCpuArea(memory, locals + (long) id * PerCpuArea.SIZE);
        area.initialise(id, hw.apicId(), parameters.cpu(id).numaId(), image.idt());
        CpuAccounting accounting = new CpuAccounting(kernel.monitor(), kernel.rusage(), id, machine.tscHz());
        return new CpuLocal(id, hw, area, image.interruptWindow(), accounting);
    }

    /** init_cpu: from here on the processor has its own tables and stack, an idle thread, and can take interrupts. */
    private void bringUp(CpuLocal cpu) {
        LogicalCpu hw = cpu.hw();
        TimerQueue timers = new TimerQueue(cpu);
        kernel.scheduler().addCpu(cpu, timers, hw.stack(), pageTables.root());
        hw.setRegister(LogicalCpu.RSP, cpu.current().kernelStackTopLinear());
        ProcessorSetup setup = new ProcessorSetup(image, hw);
        setup.loadTables(cpu);
        setup.initialise(cpu, kernel.nodeOf(cpu));
        timers.initialise();
        gate.addCpu(cpu);
        kernel.addCpu(cpu);
        cpu.setStatus(MonitorArea.KERNEL);
    }

    /** post_init: interrupts on; waits for mcctrl's side, opens the channels of all processors, one after the other. */
    private void connectLinux(CpuLocal cpu) {
        cpu.waitUntil(kernel.masterChannel()::acknowledged);
        log.kprintf(cpu, "Master channel init acked.");
        if (kernel.arguments().has("hidos")) {
            kernel.ikc().connect(cpu);
        }
        log.kprintf(cpu, "vdso is enabled");
        processors.release(cpu);
    }

    @Override
    public void apStart(LogicalCpu hw) {
        try {
            bootApplicationProcessor(hw);
        } catch (RuntimeException e) {
            fail(hw, e);
        }
    }

    private void bootApplicationProcessor(LogicalCpu hw) {
        int id = processors.arriving();
        new ProcessorSetup(image, hw).enablePaging(pageTables.root());
        CpuLocal cpu = newCpu(hw, id, processors.locals());
        bringUp(cpu);
        processors.arrived();
        processors.waitForRelease(cpu);
    }

    /** No READY will come: IHK shows the kernel log after its time is over. */
    private void fail(LogicalCpu hw, RuntimeException cause) {
        LOG.error("boot failed on processor {}", hw.index(), cause);
        if (log != null) {
            log.kprintf(null, "boot failed: %s", cause);
        }
        hw.setRip(image.halt());
    }

    private void setStatus(LogicalCpu hw, int status) {
        parameters.setStatus(status);
        hw.sendIpi(parameters.ikcApicId(0), parameters.ikcIrq());
    }

    /** The processors were reset: the stacks of threads that never ended must not stay. */
    void discardStacks() {
        if (kernel != null) {
            kernel.scheduler().discardAll();
        }
    }
}
