// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.machine;

import java.util.Comparator;
import java.util.PriorityQueue;
import mckernelj.emulator.hw.HostEvent;

/**
 * A processor of a deterministic machine: runs only while it has the turn ({@link TurnTaking}). What others send it
 * arrives with the sender's time.
 */
final class TurnCore extends Core {
    private static final int NMI = 256;

    /** Host time between two looks whether a host event is asleep: the first one, which doubles, and the longest. */
    private static final long FIRST_PARK_NANOS = 200_000;

    private static final long LONGEST_PARK_NANOS = 10_000_000;

    /** A host event that is at work for so long (a file server that does not answer) is left alone like one that is asleep. */
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    /** Emulated time between two looks at a host event that is late; doubles. */
    private static final long FIRST_LOOK_INTERVAL = 1_000_000;

    private static final long LAST_LOOK_INTERVAL = 1_000_000_000;

    /** An interrupt under way: it arrives at {@code time}; {@code order} keeps the queue stable. */
    private record Arrival(long time, long order, int vector) {}

    private final TurnTaking turns;
    private final PriorityQueue<Arrival> arrivals =
            new PriorityQueue<>(Comparator.comparingLong(Arrival::time).thenComparingLong(Arrival::order));
    private long arrivalCount;
    private long turnEnd;

    private boolean waiting;
    private boolean waitHalted;
    private long waitDeadline;

    /** The late host event, when to look at it again, and how long the last interval was. */
    private HostEvent late;

    private long nextLook;
    private long lookInterval;
    private long lastLook;
    private long looks;
    private volatile HostEvent parkedIn;

    TurnCore(X86Machine machine, TurnTaking turns, int index, int node) {
        super(machine, index, node);
        this.turns = turns;
    }

    // ---- requests
    // ---------------------------------------------------------------------------------------------------------

    @Override
    void request(int vector, Core from) {
        if (turns.inRequest()) {
            arrive(vector, turns.now(), null);
        } else if (turns.mine()) {
            arrive(vector, from == null ? turns.now() : from.cpu.cycles, (TurnCore) from);
        } else {
            turns.post(() -> arrive(vector, turns.now(), null));
        }
    }

    @Override
    void requestNmi(Core from) {
        nmiPending = false; // it becomes pending when it arrives
        request(NMI, from);
    }

    private void arrive(int vector, long time, TurnCore from) {
        arrivals.add(new Arrival(time, arrivalCount++, vector));
        cpu.attention = 1;
        if (from != null && from != this) {
            from.turnEnd = Math.min(from.turnEnd, Math.max(nextTime(), from.cpu.cycles) + TurnTaking.QUANTUM);
            from.cpu.attention = 1;
        }
    }

    @Override
    void collect() {
        events.runDue(this);
        while (!arrivals.isEmpty() && arrivals.peek().time() <= cpu.cycles) {
            int vector = arrivals.poll().vector();
            if (vector == NMI) {
                nmiPending = true;
            } else {
                accept(vector);
            }
        }
        apic.fireTimer();
    }

    @Override
    void hostEventChanged() {
        cpu.attention = 1;
    }

    @Override
    boolean alone() {
        return true;
    }

    // ---- when can it go on
    // --------------------------------------------------------------------------------------------------

    /** Earliest time at which it can go on; Long.MAX_VALUE if only a request can wake it, or it is off. */
    long nextTime() {
        return Math.min(nextOwnTime(), nextHostTime());
    }

    /** As {@link #nextTime}, host events aside. */
    long nextOwnTime() {
        if (stack == null) {
            return Long.MAX_VALUE;
        }
        if (!waiting || isAwake()) {
            return cpu.cycles;
        }
        long time = Math.min(waitDeadline, nextOwnEvent());
        if (!arrivals.isEmpty()) {
            time = Math.min(time, arrivals.peek().time());
        }
        return Math.max(time, cpu.cycles);
    }

    private long nextHostTime() {
        if (!comesFromHost()) {
            return Long.MAX_VALUE;
        }
        HostEvent event = hostEvent.get();
        return Math.max(cpu.cycles, event == late ? nextLook : event.readyAtCycles());
    }

    /** True if it waits for a host event (among other things). */
    boolean comesFromHost() {
        return stack != null && waiting && hostEvent.get() != null;
    }

    /** Ordinal of the last look at its host event. */
    long lastLook() {
        return lastLook;
    }

    private boolean isAwake() {
        return waitHalted ? wakes() : interruptPendingNow();
    }

    // ---- running
    // ------------------------------------------------------------------------------------------------------------

    @Override
    void onStackStart() {
        turns.await(this);
    }

    @Override
    void beforeGuest() {
        if (cpu.cpl == 3 && hostEvent.get() != null) {
            abandonHostEvent(); // user code runs: nobody waits here any more
        }
        if (cpu.cycles >= turnEnd || turns.requested()) {
            turns.pass(this);
            turnEnd = turns.turnEnd(this);
        } else if (machine.closing()) {
            throw StackEnd.INSTANCE;
        }
    }

    @Override
    void enterGuest() {}

    @Override
    void leaveGuestCode() {}

    @Override
    long sliceEnd() {
        return arrivals.isEmpty() ? turnEnd : Math.min(turnEnd, arrivals.peek().time());
    }

    // ---- waiting
    // ------------------------------------------------------------------------------------------------------------

    @Override
    void await(long deadline, boolean halted) {
        waitDeadline = deadline;
        waitHalted = halted;
        waiting = true;
        do {
            turns.pass(this);
            arriveAtNextTime();
        } while (!isAwake() && cpu.cycles < deadline);
        waiting = false; // in no finally: INIT ends a stack at any later time, when the processor may be another one's
        // and wait again
        turnEnd = turns.turnEnd(this);
    }

    /** It has the turn: its time becomes that for which it got it. */
    private void arriveAtNextTime() {
        long own = nextOwnTime();
        long host = nextHostTime();
        if (comesFromHost() && (host < own || own == Long.MAX_VALUE)) {
            boolean standstill = turns.onlyHostEventsLeft();
            HostEvent event = hostEvent.get();
            if (!standstill || event != late) {
                cpu.cycles = host;
            }
            lookAtHost(event, standstill);
        } else if (own != Long.MAX_VALUE) {
            cpu.cycles = own;
        }
        collect();
    }

    private void lookAtHost(HostEvent event, boolean standstill) {
        boolean others = turns.hostEventsWaited() > 1;
        lastLook = ++looks;
        if (pollPatiently(event, standstill && !others)) {
            hostEvent.compareAndSet(event, null);
            if (event == late) { // something that happened meanwhile let it complete
                cpu.cycles = Math.max(cpu.cycles, turns.now());
            }
            late = null;
        } else if (hostEvent.get() == event) {
            lookInterval = event == late ? Math.min(lookInterval * 2, LAST_LOOK_INTERVAL) : FIRST_LOOK_INTERVAL;
            late = event;
            nextLook = cpu.cycles + lookInterval;
        }
    }

    /** False if the event is not complete because it is asleep; {@code alone}: nothing but it can go on, so it is waited for. */
    private boolean pollPatiently(HostEvent event, boolean alone) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        long park = FIRST_PARK_NANOS;
        while (!event.poll()) {
            if (System.nanoTime() > end || machine.closing()) {
                return false;
            }
            parkedIn = event;
            if (turns.requested()) {
                parkedIn = null;
                return false;
            }
            event.park(park);
            parkedIn = null;
            if (!alone && event.asleep()) {
                return event.poll();
            }
            park = Math.min(2 * park, LONGEST_PARK_NANOS);
        }
        return true;
    }

    /** From a host thread: a request is waiting for the next hand-over. */
    void interruptHostWait() {
        HostEvent event = parkedIn;
        if (event != null) {
            event.wake();
        }
    }

    // ---- start and reset
    // ------------------------------------------------------------------------------------------------------

    @Override
    public void init() {
        turns.run(this::reset);
    }

    private void reset() {
        HostStack old = stack;
        boolean self = old != null && Thread.currentThread() == old.thread();
        abandonHostEvent();
        resetState();
        arrivals.clear();
        nmiPending = false;
        waiting = false;
        stack = null;
        moveEvents();
        if (old != null) {
            old.detach();
        }
        if (self) {
            turns.release(this);
            throw StackEnd.INSTANCE;
        }
    }

    @Override
    void start(Core starter, Runnable setState) {
        turns.run(() -> {
            if (stack != null) {
                return;
            }
            resetState();
            setState.run();
            cpu.cycles = Math.max(cpu.cycles, startTime(starter));
            turnEnd = 0;
            new HostStack(machine, "cpu" + index(), null).become(this);
        });
    }

    /** A first start by a host thread is at time 0, whenever that thread came to it. */
    private long startTime(Core starter) {
        return starter != null ? starter.cpu.cycles : cpu.cycles == 0 ? 0 : turns.now();
    }

    @Override
    void stackDied() {
        abandonHostEvent();
        stack = null;
        waiting = false;
        if (!machine.closing() && turns.mine(this)) {
            turns.release(this);
        }
    }

    @Override
    void wakeForClose() {
        interruptHostWait();
    }
}
