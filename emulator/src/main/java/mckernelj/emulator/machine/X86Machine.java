// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;
import mckernelj.emulator.apic.IpiRouter;
import mckernelj.emulator.apic.LocalApic;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.CpuidLeaves;
import mckernelj.emulator.cpu.Entropy;
import mckernelj.emulator.cpu.ModelSpecificRegisters;
import mckernelj.emulator.engine.BlockCache;
import mckernelj.emulator.engine.ExecutionEngine;
import mckernelj.emulator.engine.Interpreter;
import mckernelj.emulator.hw.ExternalInterrupts;
import mckernelj.emulator.hw.KernelStack;
import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.emulator.hw.Machine;
import mckernelj.emulator.hw.NumaTopology;
import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.emulator.hw.PortHandler;
import mckernelj.emulator.isa.InstructionTable;
import mckernelj.emulator.isa.semantics.Semantics;
import mckernelj.emulator.memory.CodePages;
import mckernelj.emulator.memory.MmioRegion;
import mckernelj.emulator.memory.Ram;
import mckernelj.emulator.mmu.PagingMmu;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A multi-core x86-64 machine. All processors wait for SIPI at first. Runs in parallel or deterministically, as its
 * configuration says.
 */
public final class X86Machine implements Machine {
    /** Told about processors that cannot go on. Called on the processor's host thread. */
    public interface FailureListener {
        /** Triple fault, or {@code cause}: kernel code on it ended with an exception. */
        void processorFailed(LogicalCpu cpu, Throwable cause);
    }

    private static final Logger LOG = LoggerFactory.getLogger(X86Machine.class);

    /** 2026-01-01T00:00:00Z. */
    private static final long DETERMINISTIC_EPOCH = 1_767_225_600_000_000_000L;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int ICR_ASSERT = 1 << 14;

    private static final long ENTROPY_SEED = 1;

    private final MachineConfig config;
    private final NumaNodes numa;
    private final CodePages codePages;
    private final Ram ram;
    private final BlockCache blocks;
    private final GuestExceptions exceptions = new GuestExceptions();
    private final PortTable ports = new PortTable();
    private final Object busLock = new Object();
    private final Entropy entropy = new Entropy(ENTROPY_SEED);
    private final List<Core> cores = new ArrayList<>();
    private final IpiRouter router = new IpiRouter(cores);
    private final ParallelRunner parallel;
    private final TurnTaking turns;
    private final Set<HostStack> stacks = ConcurrentHashMap.newKeySet();
    private final long startNanos = System.nanoTime();
    private final long epochNanos;
    private volatile FailureListener failureListener = (cpu, cause) -> {};
    private volatile boolean closing;
    private volatile ExternalInterrupts external;

    public X86Machine(MachineConfig config) {
        this.config = config;
        numa = new NumaNodes(config);
        codePages = new CodePages(numa.end());
        ram = new Ram(config.newHostMemory(numa.end()), numa.end(), codePages);
        InstructionTable table = new InstructionTable(Semantics.classes(), Semantics.lookup());
        blocks = new BlockCache(ram, table, config.features(), codePages, config.engine());
        parallel = config.deterministic() ? null : new ParallelRunner();
        turns = config.deterministic() ? new TurnTaking(this) : null;
        epochNanos = config.deterministic() ? DETERMINISTIC_EPOCH : System.currentTimeMillis() * 1_000_000;
        addCores();
    }

    private void addCores() {
        if (turns != null) {
            List<TurnCore> all = new ArrayList<>();
            for (int i = 0; i < config.cores(); i++) {
                all.add(new TurnCore(this, turns, i, numa.nodeOf(i)));
            }
            cores.addAll(all);
            turns.setCores(all);
            codePages.onMark(() -> cores.forEach(core -> core.cpu.mmu.purgeCodePages()));
        } else {
            List<ParallelCore> all = new ArrayList<>();
            for (int i = 0; i < config.cores(); i++) {
                all.add(new ParallelCore(this, parallel, i, numa.nodeOf(i)));
            }
            cores.addAll(all);
            parallel.setCores(all);
            codePages.onMark(parallel::purgeCodePages);
        }
        cores.forEach(Core::resetState);
    }

    // ---- parts, for the processors
    // -----------------------------------------------------------------------------------------

    Cpu newCpu(int index) {
        Cpu cpu = new Cpu();
        LocalApic apic = new LocalApic(index, index == 0, () -> cpu.cycles, router, () -> cpu.attention = 1);
        cpu.cpuid = new CpuidLeaves(config.features(), index, config.cores(), config.tscHz());
        cpu.msrs = new ModelSpecificRegisters(cpu, apic, config.tscHz());
        cpu.entropy = entropy;
        cpu.mmu = new PagingMmu(cpu, ram, codePages, apic, busLock);
        return cpu;
    }

    /** How many pieces of code have been translated, by {@link mckernelj.emulator.engine.Translator}. */
    public int translations() {
        return blocks.translations();
    }

    /** How many of them HotSpot's second compiler was told to compile, and has. */
    public int optimisations() {
        return blocks.optimisations();
    }

    ExecutionEngine newEngine(Cpu cpu) {
        return new Interpreter(cpu, blocks, exceptions);
    }

    Ram ram() {
        return ram;
    }

    PortTable ports() {
        return ports;
    }

    Core core(int index) {
        return cores.get(index);
    }

    ExternalInterrupts external() {
        return external;
    }

    /** A processor other than {@code core} that runs or waits, or null. */
    Core runningCore(Core core) {
        for (Core other : cores) {
            if (other != core && other.stack != null) {
                return other;
            }
        }
        return null;
    }

    void sendIpi(Core from, int apicId, int vector) {
        router.command(from.apic, ICR_ASSERT | vector & 0xFF, apicId);
    }

    long nanosToCycles(long nanos) {
        return nanos / NANOS_PER_SECOND * config.tscHz() + nanos % NANOS_PER_SECOND * config.tscHz() / NANOS_PER_SECOND;
    }

    long cyclesToNanos(long cycles) {
        return cycles / config.tscHz() * NANOS_PER_SECOND + cycles % config.tscHz() * NANOS_PER_SECOND / config.tscHz();
    }

    // ---- for devices
    // --------------------------------------------------------------------------------------------------------

    /** Makes device registers visible to all processors. */
    public void attachMmio(MmioRegion device) {
        ram.attach(device);
    }

    /** Connects the 8259s with the bootstrap processor. */
    public void attachExternalInterrupts(ExternalInterrupts controller) {
        external = controller;
    }

    /** {@link ExternalInterrupts#requested} has become true. Any thread. */
    public void externalInterrupt() {
        cores.get(0).request(Core.EXTERNAL, StackThread.executing());
    }

    /** A message of an I/O APIC: the low half of its redirection entry, and the destination. Any thread. */
    public void interruptMessage(int entry, int destination) {
        router.message(entry, destination);
    }

    /** {@code ioApic} hears the vectors of level-triggered interrupts that were ended, on the processor's thread. */
    public void onEndOfInterrupt(IntConsumer ioApic) {
        router.onEndOfInterrupt(ioApic);
    }

    // ---- failures
    // -----------------------------------------------------------------------------------------------------------

    public void onFailure(FailureListener listener) {
        failureListener = listener;
    }

    void shutDown(Core core) {
        LOG.error("shutdown (triple fault): {}", core.describe());
        failureListener.processorFailed(core, null);
    }

    void failed(Core core, Throwable cause) {
        LOG.error("kernel code failed{}", core == null ? "" : ": " + core.describe(), cause);
        failureListener.processorFailed(core, cause);
    }

    // ---- kernel stacks
    // ------------------------------------------------------------------------------------------------------

    @Override
    public KernelStack newKernelStack(String name, Runnable body) {
        return new HostStack(this, name, body);
    }

    void register(HostStack stack) {
        stacks.add(stack);
    }

    void unregister(HostStack stack) {
        stacks.remove(stack);
    }

    boolean closing() {
        return closing;
    }

    @Override
    public void close() {
        closing = true;
        boolean interrupted = false;
        for (Core core : cores) {
            core.cpu.attention = 1;
        }
        while (!stacks.isEmpty()) {
            interrupted |= endStacks();
        }
        blocks.close();
        ram.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void whenIdle(Runnable request) {
        if (turns == null) {
            request.run();
        } else {
            turns.postWhenIdle(request);
        }
    }

    /** Wakes all stacks and waits a little for one of them; returns true if the caller was interrupted. */
    private boolean endStacks() {
        cores.forEach(Core::wakeForClose);
        for (HostStack stack : stacks) {
            stack.wake();
            if (stack.thread() == Thread.currentThread()) {
                throw new IllegalStateException("close() called by a processor of the machine");
            }
        }
        for (HostStack stack : stacks) {
            try {
                stack.thread().join(10);
            } catch (InterruptedException e) {
                return true;
            }
        }
        return false;
    }

    // ---- Machine
    // ------------------------------------------------------------------------------------------------------------

    @Override
    public int cpuCount() {
        return cores.size();
    }

    @Override
    public LogicalCpu cpu(int index) {
        return cores.get(index);
    }

    @Override
    public PhysicalMemory memory() {
        return ram;
    }

    @Override
    public NumaTopology numa() {
        return numa;
    }

    @Override
    public long tscHz() {
        return config.tscHz();
    }

    @Override
    public boolean deterministic() {
        return config.deterministic();
    }

    @Override
    public long epochNanosAtTscZero() {
        return epochNanos;
    }

    @Override
    public void attachPort(int port, PortHandler handler) {
        ports.attach(port, handler);
    }

    @Override
    public void detachPort(int port) {
        ports.detach(port);
    }

    @Override
    public void advanceTo(long cycles) {
        if (parallel != null) {
            parallel.advanceTo(cycles);
        }
    }

    @Override
    public long hostCycles() {
        return nanosToCycles(System.nanoTime() - startNanos);
    }
}
