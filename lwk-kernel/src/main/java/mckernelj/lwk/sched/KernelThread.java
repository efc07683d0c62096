// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.sched;

import mckernelj.emulator.hw.KernelStack;
import mckernelj.lwk.cpu.CpuLocal;
import mckernelj.lwk.cpu.ExecutionContext;
import mckernelj.lwk.cpu.PtRegs;

/**
 * Something the scheduler can run: a kernel stack in guest memory and on the host, a state, a processor. Base of the threads of
 * processes ({@code lwk.proc.Thread}) and of the idle threads.
 */
public abstract class KernelThread extends ExecutionContext {
    /** States; McKernel's PS_ numbers. */
    public static final int RUNNING = 0x1;

    public static final int INTERRUPTIBLE = 0x2;
    public static final int UNINTERRUPTIBLE = 0x4;
    public static final int ZOMBIE = 0x8;
    public static final int EXITED = 0x10;
    public static final int STOPPED = 0x20;
    public static final int TRACED = 0x40;
    public static final int STOPPING = 0x80;
    public static final int TRACING = 0x100;
    public static final int DELAY_STOPPED = 0x200;
    public static final int DELAY_TRACED = 0x400;

    private final ThreadMemory memory;
    private final Scheduler scheduler;
    private final String name;

    /** Made when the thread first runs. */
    private volatile KernelStack stack;

    private volatile int state = RUNNING;

    /** Only the thread itself. */
    private int responsesInUse;

    /** Cycles in user mode and in the kernel, up to {@code accountedUntil}. Written by the thread's processor only. */
    private volatile long userCycles;

    private volatile long systemCycles;
    private long accountedUntil;

    /** Written by the thread's processor only, as are the cycles. */
    private volatile long minorFaults;

    private volatile long majorFaults;
    private volatile long voluntarySwitches;
    private volatile long involuntarySwitches;

    /** 0, or 1 to 99: a real-time thread (SCHED_FIFO, SCHED_RR). */
    private volatile int ownPriority;

    /** Of those who wait for something that it owns. */
    private volatile int inheritedPriority;

    /** A real-time thread that others of its priority take turns with (SCHED_RR). */
    private volatile boolean takesTurns;

    /** Written by the scheduler only. */
    volatile CpuLocal cpu;

    /** Where the thread has to go at the next switch; null: it stays. Written by any processor. */
    volatile CpuLocal migrateTo;

    /** Slept, was woken and has not run since. */
    volatile boolean woken;

    /** A thread with a kernel stack of its own; it first runs {@link #start} and then what its registers say. */
    protected KernelThread(Scheduler scheduler, String name) {
        this(scheduler, name, scheduler.newThreadMemory());
    }

    /** The idle thread: lives on the stack the processor booted on. */
    KernelThread(Scheduler scheduler, KernelStack bootStack) {
        this(scheduler, bootStack.name(), scheduler.newThreadMemory());
        this.stack = bootStack;
    }

    private KernelThread(Scheduler scheduler, String name, ThreadMemory memory) {
        super(
                memory.stackTopLinear(),
                memory.extendedState(),
                scheduler.returnToUserLinear(),
                memory.stackTopLinear() - PtRegs.SIZE);
        this.scheduler = scheduler;
        this.name = name;
        this.memory = memory;
    }

    public abstract int tid();

    /**
     * Runs once on the thread's own stack before its saved registers take effect, which by default return to user mode with
     * {@link #trapFrame}.
     */
    protected void start() {}

    /** It has got a processor, perhaps another one than before. */
    protected void resumed() {}

    /**
     * On the thread itself, while it waits for a delegated call, whenever it wakes up and before it gives its processor away: there is
     * something for {@link #interruptCall} to do.
     */
    public boolean mustInterruptCall() {
        return false;
    }

    /**
     * May itself make delegated calls, such as the one that interrupts the servant's call: the wait goes on until Linux answers the
     * original one, with -EINTR for instance.
     */
    public void interruptCall() {}

    /** Called on another stack of the same processor after this thread has left it for ever and its kernel memory is free. */
    protected void released() {}

    @Override
    public final KernelStack stack() {
        if (stack == null) {
            stack = scheduler.newStack(name, this);
        }
        return stack;
    }

    /** Ends the host side of the kernel stack, if there is one. */
    final void discardStack() {
        if (stack != null) {
            stack.discard();
        }
    }

    /** The user-mode registers: the frame at the top of the kernel stack. */
    public final PtRegs trapFrame() {
        return memory.trapFrame();
    }

    /** The processor it runs on or will run on; null before it was added to one. */
    public final CpuLocal cpu() {
        return cpu;
    }

    /** True if the thread should now leave its processor for another one. */
    public final boolean mustMove() {
        return migrateTo != null && !pinned();
    }

    public final int state() {
        return state;
    }

    /** Sets the state; waking another thread is {@link Scheduler#wake}. */
    public final void setState(int state) {
        this.state = state;
    }

    /** A higher one runs first; 0 for all that are not real-time threads. */
    public final int priority() {
        return Math.max(ownPriority, inheritedPriority);
    }

    /** Whoever changes a priority calls {@link Scheduler#priorityChanged} then. */
    protected final void setPriority(int priority, boolean roundRobin) {
        ownPriority = priority;
        takesTurns = roundRobin;
    }

    /** False: it is that already. */
    public final boolean setInheritedPriority(int priority) {
        boolean changed = inheritedPriority != priority;
        inheritedPriority = priority;
        return changed;
    }

    final boolean takesTurns() {
        return takesTurns;
    }

    final ThreadMemory memory() {
        return memory;
    }

    /** Physical address of a 64-byte record of this thread's kernel memory, for one delegated call. Calls may be nested. */
    public final long acquireResponse() {
        return memory.responseSlot(responsesInUse++);
    }

    public final void releaseResponse() {
        responsesInUse--;
    }

    /** Time in user mode so far, in cycles. Another processor may see it a moment old. */
    public final long userCycles() {
        return userCycles;
    }

    /** Time in the kernel so far, in cycles, waits in place included. */
    public final long systemCycles() {
        return systemCycles;
    }

    /** A page fault was resolved; {@code major}: something had to be read for it. */
    public final void countFault(boolean major) {
        long minor = minorFaults + (major ? 0 : 1);
        minorFaults = minor;
        long all = majorFaults + (major ? 1 : 0);
        majorFaults = all;
    }

    /** The thread stopped running, because it waits or because somebody else may run. A wait in place counts, too. */
    public final void countSwitch(boolean voluntary) {
        long waits = voluntarySwitches + (voluntary ? 1 : 0);
        voluntarySwitches = waits;
        long losses = involuntarySwitches + (voluntary ? 0 : 1);
        involuntarySwitches = losses;
    }

    public final long minorFaults() {
        return minorFaults;
    }

    public final long majorFaults() {
        return majorFaults;
    }

    public final long voluntarySwitches() {
        return voluntarySwitches;
    }

    public final long involuntarySwitches() {
        return involuntarySwitches;
    }

    /** Entry from user mode: what passed since the last stamp was the user's. */
    public final void enterKernel(long nowCycles) {
        long passed = nowCycles - accountedUntil;
        long total = userCycles + passed; // only this processor writes it
        userCycles = total;
        accountedUntil = nowCycles;
        cpu.accounting().addTime(0, passed);
    }

    /** Return to user mode, or loss of the processor: what passed since the last stamp was the kernel's. */
    public final void leaveKernel(long nowCycles) {
        long passed = nowCycles - accountedUntil;
        long total = systemCycles + passed;
        systemCycles = total;
        accountedUntil = nowCycles;
        cpu.accounting().addTime(passed, 0);
    }

    /** The thread only waited for so long, though it kept its processor: not its time. */
    public final void excludeWait(long cycles) {
        accountedUntil += cycles;
    }

    /** The thread gets a processor: what passed before does not count. */
    final void startAccounting(long nowCycles) {
        accountedUntil = nowCycles;
    }
}
