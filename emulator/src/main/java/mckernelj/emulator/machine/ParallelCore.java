// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.hw.HostEvent;

/**
 * A processor with a host thread of its own, running freely. While it waits, its time advances with host time, and its
 * thread may execute idle passive processors in place.
 *
 * <p>Wake-ups: who requests something sets the request first and then looks for {@link #waiter}; who waits sets {@code
 * waiter} first and then looks for requests (both volatile), so one of the two sees the other.
 */
final class ParallelCore extends Core {
    /** Cycles between two looks at slack and slice. */
    private static final long SLICE = 100_000;

    /** A running processor this far ahead of the slowest running one pauses at the end of its slice. */
    private static final long SLACK_NANOS = 20_000_000;

    private static final long SLACK_PAUSE_NANOS = 200_000;
    private static final int MOST_PAUSES = 100;
    private static final long FOREVER = Long.MAX_VALUE;

    /** Values of {@link #owner}: who may touch the state of a processor. */
    private static final int OWN_THREAD = 0;

    private static final int IDLE = 1;
    private static final int OTHER_THREAD = 2;

    private final ParallelRunner runner;
    private final AtomicInteger owner = new AtomicInteger(OWN_THREAD);

    /** Passive processors that this one sent interrupts to and which nobody has woken yet. Only on its thread. */
    private final List<ParallelCore> deferred = new ArrayList<>();

    /** The thread that is parked (or about to be) for this processor, and in which event. */
    private volatile Thread waiter;

    private volatile HostEvent parkedIn;

    /** Guest code is executing: the TLBs may be used. */
    private volatile boolean inGuest;

    /** The last purge request that this processor has fulfilled. */
    private volatile long purged;

    /** Time that a sender had when it last sent something here: a waiting processor wakes no earlier. */
    private volatile long causalCycles;

    /** Cycles as of the last slice end, for the slack of the others. */
    private volatile long publishedCycles;

    private long sliceLimit;
    private long acceptedLead;
    private int pauses;

    private volatile boolean resetRequested;

    /** Since when, in host and in own time, it waits. Written by who owns it. */
    private long idleSinceNanos;

    private long idleSinceCycles;

    ParallelCore(X86Machine machine, ParallelRunner runner, int index, int node) {
        super(machine, index, node);
        this.runner = runner;
    }

    // ---- requests
    // ---------------------------------------------------------------------------------------------------------

    @Override
    void request(int vector, Core from) {
        accept(vector);
        signal((ParallelCore) from);
    }

    @Override
    void requestNmi(Core from) {
        signal((ParallelCore) from);
    }

    /**
     * Something was requested. An idle passive processor is left for the sending thread to execute at its next wait.
     */
    private void signal(ParallelCore from) {
        cpu.attention = 1;
        if (from != null && from != this) {
            causalCycles = Math.max(causalCycles, from.cpu.cycles);
        }
        ParallelCore sender = (ParallelCore) StackThread.owner();
        if (sender != null && sender != this && passive && owner.get() == IDLE) {
            if (!sender.deferred.contains(this)) {
                sender.deferred.add(this);
            }
        } else {
            wake();
        }
    }

    void wake() {
        Thread thread = waiter;
        if (thread == null || thread == Thread.currentThread()) {
            return;
        }
        HostEvent event = parkedIn;
        if (event != null) {
            event.wake();
        } else {
            LockSupport.unpark(thread);
        }
    }

    private void wakeDeferred() {
        if (!deferred.isEmpty()) {
            deferred.forEach(ParallelCore::wake);
            deferred.clear();
        }
    }

    @Override
    void collect() {
        events.runDue(this);
        apic.fireTimer();
    }

    @Override
    void wakeForClose() {
        wake();
    }

    @Override
    void hostEventChanged() {
        cpu.attention = 1;
        wake();
    }

    @Override
    boolean alone() {
        return false;
    }

    // ---- running
    // ------------------------------------------------------------------------------------------------------------

    @Override
    void beforeGuest() {
        checkEnd();
        wakeDeferred();
        if (cpu.pauses >= Cpu.LONG_SPIN) {
            cpu.pauses = 0;
            Thread.yield();
        }
        if (cpu.cpl == 3 && hostEvent.get() != null) {
            abandonHostEvent(); // user code runs: nobody waits here any more
        }
        cpu.cycles = Math.max(cpu.cycles, runner.floorCycles());
        if (cpu.cycles >= sliceLimit) {
            sliceLimit = cpu.cycles + SLICE;
            publishedCycles = cpu.cycles;
            keepSlack();
        }
    }

    /**
     * Pauses if this processor ran away from the slowest running one. The lead with which it began to run (waiting
     * counts host time, running counts instructions) does not count, nor one that pausing does not reduce.
     */
    private void keepSlack() {
        long lead = runner.lead(this);
        if (acceptedLead < 0 || lead < acceptedLead || ++pauses > MOST_PAUSES) {
            acceptedLead = lead;
            pauses = 0;
        } else if (lead > acceptedLead + machine.nanosToCycles(SLACK_NANOS)) {
            LockSupport.parkNanos(this, SLACK_PAUSE_NANOS);
        } else {
            pauses = 0;
        }
    }

    /** Cycles if guest code is executing, else Long.MAX_VALUE. Any thread. */
    long runningCycles() {
        return inGuest ? publishedCycles : Long.MAX_VALUE;
    }

    long publishedCycles() {
        return publishedCycles;
    }

    @Override
    long sliceEnd() {
        return sliceLimit;
    }

    @Override
    void enterGuest() {
        inGuest = true;
        servePurge();
    }

    @Override
    void leaveGuestCode() {
        inGuest = false;
    }

    /** Drops write translations of code pages if that was requested since. Between blocks only. */
    void servePurge() {
        long request = runner.purgeRequest();
        if (purged < request) {
            cpu.mmu.purgeCodePages();
            purged = request;
        }
    }

    /** True if guest code may still run here with translations from before {@code request}. Any thread. */
    boolean mustPurge(long request) {
        return inGuest && purged < request;
    }

    private boolean ending() {
        return resetRequested || machine.closing();
    }

    private void checkEnd() {
        if (ending()) {
            throw StackEnd.INSTANCE;
        }
    }

    @Override
    void beforeStackSwitch() {
        super.beforeStackSwitch();
        wakeDeferred();
    }

    // ---- waiting
    // ------------------------------------------------------------------------------------------------------------

    @Override
    void await(long deadline, boolean halted) {
        startWait();
        try {
            while (!waitIsOver(deadline, halted)) {
                if (executePassive() || pollHostEvent()) {
                    continue;
                }
                long nanos = nanosUntil(Math.min(deadline, nextOwnEvent()));
                if (passive && halted) {
                    parkIdle(nanos);
                } else {
                    park(nanos, halted);
                }
            }
        } finally {
            if (waiter == Thread.currentThread()) {
                waiter = null;
            }
            acceptedLead = -1;
        }
    }

    private void startWait() {
        idleSinceNanos = System.nanoTime();
        idleSinceCycles = cpu.cycles;
        waiter = Thread.currentThread();
    }

    private boolean waitIsOver(long deadline, boolean halted) {
        checkEnd();
        long elapsed = machine.nanosToCycles(System.nanoTime() - idleSinceNanos);
        long now = Math.max(idleSinceCycles + elapsed, Math.max(causalCycles, runner.floorCycles()));
        cpu.cycles = Math.max(cpu.cycles, Math.min(now, Math.max(deadline, causalCycles)));
        collect();
        return (halted ? wakes() : interruptPendingNow()) || cpu.cycles >= deadline;
    }

    private long nanosUntil(long cycles) {
        return cycles == Long.MAX_VALUE ? FOREVER : machine.cyclesToNanos(Math.max(cycles - cpu.cycles, 0)) + 1;
    }

    private boolean pollHostEvent() {
        HostEvent event = hostEvent.get();
        if (event == null || !event.poll()) {
            return false;
        }
        hostEvent.compareAndSet(event, null);
        return true;
    }

    private void park(long nanos, boolean halted) {
        HostEvent event = hostEvent.get();
        parkedIn = event;
        boolean nothingToDo = !(halted ? wakes() : interruptPendingNow())
                && !ending()
                && hostEvent.get() == event
                && deferred.isEmpty();
        if (nothingToDo) {
            if (event != null) {
                event.park(nanos);
            } else {
                parkThread(nanos);
            }
        }
        parkedIn = null;
    }

    private void parkThread(long nanos) {
        if (nanos == FOREVER) {
            LockSupport.park(this);
        } else {
            LockSupport.parkNanos(this, nanos);
        }
    }

    // ---- passive processors
    // -------------------------------------------------------------------------------------------------

    /** Gives the state up while parked, so that the thread of another processor may execute this one. */
    private void parkIdle(long nanos) {
        long end = nanos == FOREVER ? FOREVER : System.nanoTime() + nanos;
        owner.set(IDLE);
        for (; ; ) {
            boolean due = end != FOREVER && System.nanoTime() - end >= 0;
            boolean wanted = due || ending() || wakes();
            if (wanted && owner.compareAndSet(IDLE, OWN_THREAD)) {
                waiter = Thread.currentThread();
                return;
            }
            boolean lent = owner.get() == OTHER_THREAD;
            if (lent || !wanted) {
                // who has it wakes this thread when there is something left to do
                parkThread(end == FOREVER || lent ? FOREVER : Math.max(end - System.nanoTime(), 1));
            }
        }
    }

    /** Executes idle passive processors that have interrupts, on this thread. Returns true if one was executed. */
    private boolean executePassive() {
        StackThread thread = (StackThread) Thread.currentThread();
        if (thread.inPlace != null) {
            return false;
        }
        boolean executed = false;
        for (ParallelCore other : runner.cores()) {
            if (other.passive
                    && other != this
                    && other.owner.get() == IDLE
                    && other.wakes()
                    && other.owner.compareAndSet(IDLE, OTHER_THREAD)) {
                other.executeInPlace(thread);
                executed = true;
                if (thread.stack.core() != this) {
                    throw StackEnd.INSTANCE; // the other one reset this processor
                }
            }
        }
        deferred.removeIf(other -> !other.wakes());
        return executed;
    }

    private void executeInPlace(StackThread thread) {
        Thread own = waiter;
        thread.inPlace = this;
        try {
            if (!wakes()) {
                return; // its thread was faster
            }
            long elapsed = machine.nanosToCycles(System.nanoTime() - idleSinceNanos);
            cpu.cycles = Math.max(Math.max(cpu.cycles, causalCycles), idleSinceCycles + elapsed);
            run(stack, true);
        } catch (StackEnd end) {
            // this processor is reset, or the machine closes: its own thread does the rest
        } finally {
            thread.inPlace = null;
            wakeDeferred();
            idleSinceNanos = System.nanoTime();
            idleSinceCycles = cpu.cycles;
            waiter = own;
            owner.set(IDLE);
            if (wakes() || ending() || nextOwnEvent() != Long.MAX_VALUE) {
                wake();
            }
        }
    }

    // ---- start and reset
    // ------------------------------------------------------------------------------------------------------

    @Override
    public void init() {
        ParallelCore caller = (ParallelCore) StackThread.executing();
        synchronized (this) {
            if (stack == null) {
                resetState();
                moveEvents();
                return;
            }
            if (caller != this && StackThread.owner() == this) {
                takeAway();
                return;
            }
        }
        if (caller == this) {
            resetRequested = true;
            return; // its own thread ends at the next look
        }
        resetRequested = true;
        cpu.attention = 1;
        for (int i = 0; stack != null; i++) {
            wake();
            runner.pause(caller, i);
            if (caller != null) {
                caller.checkEnd();
            }
        }
    }

    /** This processor waits, and its thread, which executes the caller in place, unwinds when it comes back to it. */
    private void takeAway() {
        abandonHostEvent();
        HostStack old = stack;
        stack = null;
        old.detach();
        resetState();
        moveEvents();
    }

    @Override
    void start(Core starter, Runnable setState) {
        HostStack first;
        synchronized (this) {
            if (stack != null || machine.closing()) {
                return;
            }
            resetState();
            setState.run();
            resetRequested = false;
            nmiPending = false;
            owner.set(OWN_THREAD);
            deferred.clear();
            cpu.cycles = Math.max(cpu.cycles, Math.max(machine.hostCycles(), starter == null ? 0 : starter.cpu.cycles));
            publishedCycles = cpu.cycles;
            sliceLimit = 0;
            first = new HostStack(machine, "cpu" + index(), null);
        }
        first.become(this);
    }

    @Override
    void stackDied() {
        abandonHostEvent();
        wakeDeferred();
        synchronized (this) {
            inGuest = false;
            if (resetRequested) {
                resetState();
            }
            resetRequested = false;
            stack = null;
        }
        moveEvents();
    }
}
