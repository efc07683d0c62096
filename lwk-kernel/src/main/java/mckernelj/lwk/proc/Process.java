// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.proc;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import mckernelj.ihk.ikc.IkcPacket;
import mckernelj.lwk.aio.AioContexts;
import mckernelj.lwk.cpu.CpuLocal;
import mckernelj.lwk.mm.ProcessVm;
import mckernelj.lwk.procfs.OverlaidFiles;
import mckernelj.lwk.ptrace.CoreThread;
import mckernelj.lwk.ptrace.Tracee;
import mckernelj.lwk.ptrace.Tracees;
import mckernelj.lwk.sched.KernelThread;
import mckernelj.lwk.signal.CpuTimer;
import mckernelj.lwk.signal.IntervalTimer;
import mckernelj.lwk.signal.PosixTimers;
import mckernelj.lwk.signal.ProcessSignals;
import mckernelj.lwk.signal.SigInfo;
import mckernelj.lwk.signal.SignalAction;
import mckernelj.lwk.signal.SignalNumber;

/**
 * A process of the LWK. Its pid is that of its servant, where descriptors, directory, credentials and parentage live;
 * here are address space, threads, signals, limits, times.
 */
public final class Process {
    private static final int RUNNING = -1;

    private final Kernel kernel;
    private final int pid;
    private final ProcessSignals signals = new ProcessSignals();
    private final IntervalTimer realTimer;
    private final CpuTimer virtualTimer;
    private final CpuTimer profilingTimer;
    private final PosixTimers posixTimers;
    private final CpuTimer softCpuLimit;
    private final CpuTimer hardCpuLimit;
    private final CopyOnWriteArrayList<Thread> threads = new CopyOnWriteArrayList<>();
    private final CpuMask cpuMask;
    private volatile OverlaidFiles overlaidFiles = new OverlaidFiles();
    private final Rlimits rlimits;
    private final long startCycles;

    /** Wait status of the end, or RUNNING. The first who ends the process sets it. */
    private final AtomicInteger endStatus = new AtomicInteger(RUNNING);

    /** Threads that have not begun to end. */
    private final AtomicInteger liveThreads = new AtomicInteger();

    /** Threads that may still use the address space. */
    private final AtomicInteger attachedThreads = new AtomicInteger();

    private volatile ProcessVm vm;
    private final AtomicInteger callsInProgress = new AtomicInteger();
    private volatile Process parent;
    private volatile String command = "";
    private volatile String executable = "";
    private volatile boolean stopped;

    /** The servant is dead: no delegated call will be answered. */
    private volatile boolean noHost;

    /** Every thread but this one has to end (execve). */
    private volatile Thread onlySurvivor;

    /** Answered when the process is gone; guarded by this. */
    private IkcPacket cleanupRequest;

    private final Tracees tracees = new Tracees();
    private final AioContexts aioContexts = new AioContexts();

    /** Of the main thread, which has ended before others. */
    private volatile Tracee mainTracee;

    private volatile boolean gone;
    /** Another process with the same address space changed it: this one's servant has mappings that are wrong. */
    private volatile boolean mirrorStale;

    private volatile boolean executed;
    /** While its core is dumped: the threads that stand still. */
    private volatile List<CoreThread> dumpedThreads;

    private volatile boolean tracesCalls;
    private volatile boolean hugePagesDisabled;
    /** Which barriers of membarrier(2) it may use. */
    private final AtomicInteger registeredBarriers = new AtomicInteger();

    private volatile int uid;
    private volatile int gid;
    private final AtomicLong pseudoRandom;
    private volatile int exitSignal = SignalNumber.SIGCHLD;

    /** Sleeps in vfork until this process executes or ends. */
    private volatile Thread vforkParent;

    /** Of the threads that have ended. */
    private final AtomicReference<Usage> endedUsage = new AtomicReference<>(Usage.NONE);

    /** Of the children that were waited for. */
    private final AtomicReference<Usage> childUsage = new AtomicReference<>(Usage.NONE);

    public Process(Kernel kernel, int pid, Process parent, ProcessVm vm, Rlimits rlimits, CpuMask cpuMask, long now) {
        this.kernel = kernel;
        this.pid = pid;
        this.parent = parent;
        this.vm = vm;
        this.rlimits = rlimits;
        this.cpuMask = cpuMask;
        this.startCycles = now;
        this.realTimer = new IntervalTimer(this, kernel.signals(), kernel.scheduler(), kernel.clock());
        this.softCpuLimit = cpuLimit(SignalNumber.SIGXCPU);
        this.hardCpuLimit = cpuLimit(SignalNumber.SIGKILL);
        this.posixTimers = new PosixTimers(kernel.signals(), kernel.scheduler(), kernel.clock());
        this.virtualTimer =
                new CpuTimer(this, kernel.signals(), kernel.scheduler(), SignalNumber.SIGVTALRM, this::userCycles);
        this.profilingTimer = new CpuTimer(
                this, kernel.signals(), kernel.scheduler(), SignalNumber.SIGPROF, () -> userCycles() + systemCycles());
        this.pseudoRandom = new AtomicLong(parent == null ? 1 : parent.nextPseudoRandom());
        if (!vm.isShared()) {
            vm.setLimits(rlimits::soft);
        }
    }

    public Kernel kernel() {
        return kernel;
    }

    public int pid() {
        return pid;
    }

    // ---- threads

    /** The threads that have not ended, the main thread first. */
    public List<Thread> threads() {
        return threads;
    }

    void addThread(Thread thread) {
        liveThreads.incrementAndGet();
        attachedThreads.incrementAndGet();
        threads.add(thread);
    }

    /** A thread begins to end. True: it is the last one, which ends the process. */
    boolean beginThreadEnd(Thread thread) {
        threads.remove(thread);
        endedUsage.accumulateAndGet(Usage.of(thread), Usage::plus);
        return liveThreads.decrementAndGet() == 0;
    }

    /** The thread uses neither address space nor servant any more. */
    void threadDetached() {
        attachedThreads.decrementAndGet();
    }

    int attachedThreads() {
        return attachedThreads.get();
    }

    public int threadCount() {
        return threads.size();
    }

    // ---- end

    /** Decides how the process ends, unless that is decided already. */
    boolean beginEnd(int waitStatus) {
        return endStatus.compareAndSet(RUNNING, waitStatus);
    }

    public boolean hasEnded() {
        return endStatus.get() != RUNNING;
    }

    int endStatus() {
        return endStatus.get();
    }

    /** The wait status of a thread that ended with {@code own}: the process's, once that is decided. */
    public int statusOf(int own) {
        return hasEnded() ? endStatus() : own;
    }

    boolean mustExit(Thread thread) {
        return hasEnded() || onlySurvivor != null && onlySurvivor != thread;
    }

    /** execve: all other threads end. Null: that is over. False: another thread was first. */
    synchronized boolean setOnlySurvivor(Thread survivor) {
        if (survivor != null && onlySurvivor != null) {
            return false;
        }
        onlySurvivor = survivor;
        return true;
    }

    void setNoHost() {
        noHost = true;
    }

    public boolean noHost() {
        return noHost;
    }

    /** Linux wants to know when the process is gone. False: it is gone. */
    synchronized boolean answerWhenGone(IkcPacket request) {
        if (gone) {
            return false;
        }
        cleanupRequest = request;
        return true;
    }

    /** Marks it gone; returns the request to be answered, or null. */
    synchronized IkcPacket setGone() {
        gone = true;
        return cleanupRequest;
    }

    public boolean isGone() {
        return gone;
    }

    // ---- servant

    void setMirrorStale() {
        mirrorStale = true;
    }

    /** Threads in system calls that Linux executes. */
    AtomicInteger callsInProgress() {
        return callsInProgress;
    }

    boolean othersInCalls(Thread self) {
        return callsInProgress.get() > (self.isInCall() ? 1 : 0);
    }

    /** True, once, if the servant must forget all its mappings before it executes another call. */
    boolean takeMirrorStale() {
        if (!mirrorStale) {
            return false;
        }
        mirrorStale = false;
        return true;
    }

    // ---- tracing

    /** Its queues of io_setup(2). */
    public AioContexts aioContexts() {
        return aioContexts;
    }

    /** Whom it traces. */
    public Tracees tracees() {
        return tracees;
    }

    public Tracee mainTracee() {
        return mainTracee;
    }

    public void setMainTracee(Tracee tracee) {
        mainTracee = tracee;
    }

    // ---- stop

    public boolean isStopped() {
        return stopped;
    }

    public void setStopped(boolean value) {
        stopped = value;
    }

    /** SIGCHLD for a stop, a continuation or the end of this process. */
    public void notifyParent(KernelThread self, int code, int status) {
        Process receiver = parent;
        if (receiver != null && !receiver.hasEnded()) {
            receiver.tracees().addNews();
            long user = userCycles() / (kernel.clock().tscHz() / 100);
            long system = systemCycles() / (kernel.clock().tscHz() / 100);
            boolean ended = code <= SigInfo.CLD_DUMPED;
            int signal = ended ? exitSignal : SignalNumber.SIGCHLD;
            boolean unwanted = !ended && receiver.signals().action(signal).has(SignalAction.SA_NOCLDSTOP);
            if (signal != 0 && !unwanted) {
                kernel.signals().send(self, receiver, SigInfo.child(signal, code, pid, uid, status, user, system));
            }
            if (receiver.tracees().exist()) {
                receiver.threads().forEach(thread -> kernel.signals().wake(self, thread));
            }
        }
    }

    // ---- parts

    public ProcessVm vm() {
        return vm;
    }

    void setVm(ProcessVm next) {
        vm = next;
    }

    public OverlaidFiles overlaidFiles() {
        return overlaidFiles;
    }

    /** What is known of descriptors: {@code child} has the same, its own or, with CLONE_FILES, this process'. */
    void giveFilesTo(Process child, boolean shared) {
        child.overlaidFiles = shared ? overlaidFiles : overlaidFiles.copy();
        signals.giveFilesTo(child.signals, shared);
    }

    /** Descriptors are not shared with another process any more. */
    public void unshareFiles() {
        overlaidFiles = overlaidFiles.copy();
        signals.unshareFiles();
    }

    public ProcessSignals signals() {
        return signals;
    }

    public IntervalTimer realTimer() {
        return realTimer;
    }

    public CpuTimer virtualTimer() {
        return virtualTimer;
    }

    public CpuTimer profilingTimer() {
        return profilingTimer;
    }

    public PosixTimers posixTimers() {
        return posixTimers;
    }

    private CpuTimer cpuLimit(int signal) {
        return new CpuTimer(this, kernel.signals(), kernel.scheduler(), signal, () -> userCycles() + systemCycles());
    }

    /** RLIMIT_CPU: SIGXCPU at the soft limit and each second after it, SIGKILL at the hard limit. */
    public void armCpuLimit(CpuLocal cpu) {
        long second = kernel.clock().tscHz();
        softCpuLimit.set(cpu, cyclesLeft(rlimits.soft(Rlimits.RLIMIT_CPU), second), second);
        hardCpuLimit.set(cpu, cyclesLeft(rlimits.hard(Rlimits.RLIMIT_CPU), second), 0);
    }

    /** Cycles until so many seconds have been used; 0: no limit. */
    private long cyclesLeft(long seconds, long second) {
        if (seconds < 0 || seconds > Long.MAX_VALUE / second) {
            return 0;
        }
        return Math.max(1, Math.max(1, seconds) * second - userCycles() - systemCycles());
    }

    void cancelTimers() {
        softCpuLimit.cancel();
        hardCpuLimit.cancel();
        posixTimers.clear();
        realTimer.cancel();
        virtualTimer.cancel();
        profilingTimer.cancel();
    }

    public Rlimits rlimits() {
        return rlimits;
    }

    /** The LWK processors that its threads may use. */
    public CpuMask cpuMask() {
        return cpuMask;
    }

    public Process parent() {
        return parent;
    }

    void setParent(Process value) {
        parent = value;
    }

    /** Basename of the program. */
    public String command() {
        return command;
    }

    /** Path of the program. */
    public String executable() {
        return executable;
    }

    void setProgram(String path) {
        executable = path;
        command = path.substring(path.lastIndexOf('/') + 1);
    }

    /** True if it has called execve since it was forked. */
    public boolean hasExecuted() {
        return executed;
    }

    void setExecuted() {
        executed = true;
    }

    /** False: it is being dumped already. */
    public synchronized boolean beginDump() {
        if (dumpedThreads != null) {
            return false;
        }
        dumpedThreads = new CopyOnWriteArrayList<>();
        return true;
    }

    /** Null unless its core is being dumped. */
    public List<CoreThread> dumpedThreads() {
        return dumpedThreads;
    }

    /** Each of its system calls is printed (mcexec --strace). */
    public boolean tracesCalls() {
        return tracesCalls;
    }

    void setTracesCalls(boolean value) {
        tracesCalls = value;
    }

    /** The commands of membarrier(2) by which it has registered, ORed. */
    public int registeredBarriers() {
        return registeredBarriers.get();
    }

    public void registerBarriers(int commands) {
        registeredBarriers.accumulateAndGet(commands, (old, more) -> old | more);
    }

    void forgetBarriers() {
        registeredBarriers.set(0);
    }

    public boolean hugePagesDisabled() {
        return hugePagesDisabled;
    }

    public void setHugePagesDisabled(boolean value) {
        hugePagesDisabled = value;
    }

    public int uid() {
        return uid;
    }

    public int gid() {
        return gid;
    }

    /** Effective ids, as far as the LWK itself checks permissions. */
    public void setIds(int effectiveUid, int effectiveGid) {
        uid = effectiveUid;
        gid = effectiveGid;
    }

    /** The next word of this process' own fixed sequence (SplitMix64), for deterministic machines. */
    public long nextPseudoRandom() {
        long z = pseudoRandom.addAndGet(0x9E3779B97F4A7C15L);
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    int exitSignal() {
        return exitSignal;
    }

    /** What the parent gets when the process ends; 0: nothing. */
    void setExitSignal(int signal) {
        exitSignal = signal;
    }

    Thread vforkParent() {
        return vforkParent;
    }

    void setVforkParent(Thread waiting) {
        vforkParent = waiting;
    }

    // ---- times

    public long startCycles() {
        return startCycles;
    }

    public long userCycles() {
        return endedUsage.get().userCycles()
                + threads.stream().mapToLong(Thread::userCycles).sum();
    }

    public long systemCycles() {
        return endedUsage.get().systemCycles()
                + threads.stream().mapToLong(Thread::systemCycles).sum();
    }

    /** Of all its threads, ended ones included. */
    public Usage usage() {
        Usage all = threads.stream().map(Usage::of).reduce(endedUsage.get(), Usage::plus);
        ProcessVm space = vm;
        return space == null ? all : all.withPeakPages(space.peakResidentPages());
    }

    public Usage childUsage() {
        return childUsage.get();
    }

    /** A child was waited for. */
    public void addChildUsage(Usage usage) {
        childUsage.accumulateAndGet(usage, Usage::plus);
    }
}
