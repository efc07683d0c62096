// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.proc;

import mckernelj.emulator.hw.Machine;
import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.ihk.ikc.InKernelRequest;
import mckernelj.ihk.layout.RusageArea;
import mckernelj.lwk.boot.LwkKernel;
import mckernelj.lwk.cpu.CpuLocal;
import mckernelj.lwk.cpu.ProcessorModel;
import mckernelj.lwk.delegation.Delegation;
import mckernelj.lwk.futex.FutexTable;
import mckernelj.lwk.ipc.ShmTable;
import mckernelj.lwk.kmsg.KernelLog;
import mckernelj.lwk.mm.FileObjects;
import mckernelj.lwk.mm.FramePool;
import mckernelj.lwk.mm.MmKernel;
import mckernelj.lwk.phys.PageAllocator;
import mckernelj.lwk.procfs.FileReads;
import mckernelj.lwk.ptrace.Tracing;
import mckernelj.lwk.sched.KernelThread;
import mckernelj.lwk.sched.Scheduler;
import mckernelj.lwk.signal.SignalDelivery;
import mckernelj.lwk.signal.SignalFrame;
import mckernelj.lwk.signal.Signals;
import mckernelj.lwk.syscall.SyscallDispatch;
import mckernelj.lwk.time.KernelClock;
import mckernelj.lwk.trap.TrapHandlers;
import mckernelj.lwk.vdso.Vdso;

/**
 * The kernel above scheduler and channels: processes, memory, signals, futexes, system calls. Made once in the boot
 * sequence; the one place where these parts are wired.
 */
public final class Kernel {
    private final LwkKernel base;
    private final FramePool frames;
    private final MmKernel mm;
    private final FileObjects files;
    private final Vdso vdso;
    private final ProcessTable table = new ProcessTable();
    private final EndedChildren endedChildren = new EndedChildren();
    private final ShmTable sharedMemory;
    private final FutexTable futexes;
    private final Signals signals;
    private final SignalFrame signalFrames;
    private final Tracing tracing;
    private final Exit exit;
    private final Clone clone;
    private final Exec exec;
    private final FileReads fileReads = new FileReads(this);
    private final Placement placement;
    private final TrapEntry trapEntry;

    public Kernel(LwkKernel base) {
        this.base = base;
        PhysicalMemory memory = base.memory();
        frames = new FramePool(memory, new PartitionFrames(base.pages()));
        mm = new AddressSpaceSupport(base);
        files = new FileObjects(memory, frames, new DelegatedPager(base.delegation()));
        frames.setReclaimer(files::reclaim);
        vdso = new Vdso(base.machine(), base.clock(), frames);
        sharedMemory = new ShmTable(frames, base.clock());
        futexes = new FutexTable(base.scheduler());
        signals = new Signals(base.scheduler(), this::showSignalFile);
        signalFrames = new SignalFrame(memory);
        placement = new Placement(base);
        tracing = new Tracing(this);
        exit = new Exit(this);
        exec = new Exec(this);
        clone = new Clone(this);
        SignalDelivery delivery = new SignalDelivery(signals, signalFrames, base.scheduler(), exit, tracing);
        trapEntry = new TrapEntry(this, new SyscallDispatch(this), delivery);
        new LinuxRequests(this).register();
    }

    public FileReads fileReads() {
        return fileReads;
    }

    /** What the processors are. */
    public ProcessorModel processorModel() {
        return base.processorModel();
    }

    /** Time of the processors in threads. */
    public RusageArea usage() {
        return base.rusage();
    }

    /** NUMA distance of two nodes of the LWK. */
    public int distance(int from, int to) {
        return base.parameters().distance(from, to);
    }

    private void showSignalFile(KernelThread self, int pid, long handle, boolean readable, long number) {
        base.delegation().tell(self, pid, InKernelRequest.SIGNALFD_SHOW, handle, readable ? 1 : 0, number);
    }

    /** Where the gate delivers system calls and exceptions. */
    public TrapHandlers trapHandlers() {
        return trapEntry;
    }

    public Machine machine() {
        return base.machine();
    }

    public PhysicalMemory memory() {
        return base.memory();
    }

    /** All processors; null elements while booting. */
    public java.util.List<CpuLocal> cpus() {
        return base.cpus();
    }

    public Scheduler scheduler() {
        return base.scheduler();
    }

    public PageAllocator pages() {
        return base.pages();
    }

    public KernelClock clock() {
        return base.clock();
    }

    public KernelLog log() {
        return base.log();
    }

    public Delegation delegation() {
        return base.delegation();
    }

    public long kernelRoot() {
        return base.pageTables().root();
    }

    public FramePool frames() {
        return frames;
    }

    public MmKernel mm() {
        return mm;
    }

    public FileObjects files() {
        return files;
    }

    public Vdso vdso() {
        return vdso;
    }

    public ProcessTable table() {
        return table;
    }

    public ShmTable sharedMemory() {
        return sharedMemory;
    }

    public FutexTable futexes() {
        return futexes;
    }

    public Signals signals() {
        return signals;
    }

    public SignalFrame signalFrames() {
        return signalFrames;
    }

    public Tracing tracing() {
        return tracing;
    }

    public Exit exit() {
        return exit;
    }

    public Clone cloning() {
        return clone;
    }

    public EndedChildren endedChildren() {
        return endedChildren;
    }

    public Exec exec() {
        return exec;
    }

    public Placement placement() {
        return placement;
    }

    /** NUMA node of the LWK to which {@code cpu} belongs. */
    public int nodeOf(CpuLocal cpu) {
        return base.nodeOf(cpu);
    }

    /** Every processor has passed a full barrier when this returns. */
    public void barrier(CpuLocal cpu) {
        base.crossCalls().run(cpu, base.cpus(), target -> {});
    }

    LwkKernel base() {
        return base;
    }
}
