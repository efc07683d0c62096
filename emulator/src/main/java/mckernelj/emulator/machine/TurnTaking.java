// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.machine;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import mckernelj.emulator.hw.Machine;

/**
 * Hands the one turn of a deterministic machine from processor to processor: to the one that can go on at the earliest
 * emulated time (ties: lowest index). All state of the machine belongs to the thread that has the turn.
 *
 * <p>When no processor can go on, nobody has the turn; a host thread with a request ({@link #post}) then starts the
 * machine again.
 */
final class TurnTaking {
    /** A processor runs until it is this far ahead of the next one. */
    static final long QUANTUM = 20_000;

    /** Longest turn of the only runnable processor: requests from host threads are taken in between. */
    static final long LONGEST_TURN = 1_000_000;

    private final X86Machine machine;
    /** Emulated time that a request waits for a standstill of a machine that does not come to it. */
    private static final long LONGEST_WAIT = 5_000_000;

    private final Queue<Runnable> requests = new ArrayDeque<>();
    private final Queue<Runnable> idleRequests = new ArrayDeque<>();
    private long idleRequestsSince;
    private List<TurnCore> cores = List.of();
    private volatile TurnCore holder;
    private volatile boolean requested;

    /** Emulated time at the last hand-over. */
    private long now;

    TurnTaking(X86Machine machine) {
        this.machine = machine;
    }

    void setCores(List<TurnCore> all) {
        cores = List.copyOf(all);
    }

    long now() {
        return now;
    }

    /** True if the calling thread has the turn. */
    boolean mine() {
        Core executing = StackThread.executing();
        return executing != null && executing == holder;
    }

    boolean mine(TurnCore core) {
        return holder == core;
    }

    /**
     * Called with the turn: passes it on if another processor comes first, and returns when {@code core} has it
     * again.
     */
    void pass(TurnCore core) {
        release(core);
        await(core);
    }

    /** Called with the turn: passes it on, for a processor that stops or that may be chosen again. */
    void release(TurnCore core) {
        now = Math.max(now, core.cpu.cycles);
        synchronized (this) {
            runRequests();
            TurnCore next = choose();
            if (!idleRequests.isEmpty() && (stands(next) || now - idleRequestsSince > LONGEST_WAIT)) {
                runAll(idleRequests);
                next = choose();
            }
            if (next != core) {
                give(next);
            }
        }
    }

    /** Waits for the turn. */
    void await(TurnCore core) {
        HostStack stack = ((StackThread) Thread.currentThread()).stack;
        while (holder != core || stack.core() != core) {
            if (machine.closing() || stack.core() == null) {
                throw StackEnd.INSTANCE;
            }
            LockSupport.park(this);
        }
        if (machine.closing()) {
            throw StackEnd.INSTANCE;
        }
    }

    private void give(TurnCore next) {
        holder = next;
        if (next != null) {
            next.stack.wake();
        }
    }

    /** The processor that comes first; one that only a host event can wake comes last. Null: nobody can go on. */
    private TurnCore choose() {
        TurnCore first = null;
        long earliest = Long.MAX_VALUE;
        for (TurnCore core : cores) {
            long time = core.nextTime();
            if (time < earliest) {
                earliest = time;
                first = core;
            }
        }
        if (first != null && !(first.comesFromHost() && onlyHostEventsLeft())) {
            return first;
        }
        TurnCore waiting = null;
        for (TurnCore core : cores) {
            if (core.comesFromHost() && (waiting == null || core.lastLook() < waiting.lastLook())) {
                waiting = core;
            }
        }
        return waiting;
    }

    /** True if no processor can go on without something from the host: then emulated time stands still. */
    boolean onlyHostEventsLeft() {
        for (TurnCore core : cores) {
            if (core.nextOwnTime() != Long.MAX_VALUE) {
                return false;
            }
        }
        return true;
    }

    /** How many processors wait for host events. */
    int hostEventsWaited() {
        int count = 0;
        for (TurnCore core : cores) {
            count += core.comesFromHost() ? 1 : 0;
        }
        return count;
    }

    /** Until when {@code core} may run. */
    long turnEnd(TurnCore core) {
        long others = Long.MAX_VALUE;
        for (TurnCore other : cores) {
            if (other != core) {
                others = Math.min(others, other.nextTime());
            }
        }
        long longest = core.cpu.cycles + LONGEST_TURN;
        return others >= longest - QUANTUM ? longest : Math.max(others, core.cpu.cycles) + QUANTUM;
    }

    // ---- requests from host threads
    // ---------------------------------------------------------------------------------------

    boolean requested() {
        return requested;
    }

    /** Runs {@code request} with the turn, at the next hand-over. */
    void post(Runnable request) {
        synchronized (this) {
            requests.add(request);
            requested = true;
            if (holder == null) {
                runRequests();
                give(choose());
                return;
            }
        }
        TurnCore busy = holder;
        if (busy != null) {
            busy.interruptHostWait();
        }
    }

    /** Runs {@code request} when emulated time stands still, see {@link Machine#whenIdle}. */
    void postWhenIdle(Runnable request) {
        synchronized (this) {
            if (idleRequests.isEmpty()) {
                idleRequestsSince = now;
            }
            idleRequests.add(request);
            if (holder == null) {
                runAll(idleRequests);
                give(choose());
                return;
            }
        }
        TurnCore busy = holder;
        if (busy != null) {
            busy.interruptHostWait();
        }
    }

    private boolean stands(TurnCore next) {
        return next == null || onlyHostEventsLeft();
    }

    /** True for the thread that runs a request: what it sends comes from the host. */
    boolean inRequest() {
        return Thread.holdsLock(this);
    }

    /** As {@link #post}, and waits until it has been run; at once if the caller has the turn. */
    void run(Runnable request) {
        if (mine()) {
            request.run();
            return;
        }
        CountDownLatch done = new CountDownLatch(1);
        post(() -> {
            try {
                request.run();
            } finally {
                done.countDown(); // the reset of the processor that executes the request ends its stack
            }
        });
        boolean interrupted = false;
        while (done.getCount() > 0 && !machine.closing()) {
            try {
                done.await(10, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void runRequests() {
        requested = false;
        runAll(requests);
    }

    private static void runAll(Queue<Runnable> queue) {
        for (Runnable request = queue.poll(); request != null; request = queue.poll()) {
            request.run();
        }
    }
}
