// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.mcctrl;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import mckernelj.linuxhost.proxy.Servant;
import mckernelj.linuxhost.proxy.ServantSlot;

/** What mcctrl knows of one LWK process (upstream: per-process data, ppd). */
final class ProcessData {
    private static final long STOP_POLL_NANOS = 100_000;

    /** One stop, on the servant's thread that executes it; compared by identity. */
    private static final class Stop {
        final ServantSlot slot;

        Stop(ServantSlot slot) {
            this.slot = slot;
        }
    }

    private final Delegator delegator;
    private final Servant servant;
    private final boolean forked;
    private final UserSpaceMirror mirror = new UserSpaceMirror();
    private final Map<Integer, PendingCall> threads = new ConcurrentHashMap<>();
    private volatile GuestPageTable pages;
    private volatile int lwkCpu;
    /** The stop that the servant executes, or null. */
    private volatile Stop stop;

    private volatile boolean ending;
    private volatile ProgramIdentity program;
    private ProgramIdentity nextProgram;
    private volatile ArgumentArea arguments;
    private Runnable onEnd;

    ProcessData(Delegator delegator, Servant servant, boolean forked, int lwkCpu) {
        this.delegator = delegator;
        this.servant = servant;
        this.forked = forked;
        this.lwkCpu = lwkCpu;
        addThread(servant.mainSlot());
    }

    int pid() {
        return servant.pid();
    }

    Servant servant() {
        return servant;
    }

    /** Made by fork, not by a user's command. */
    boolean forked() {
        return forked;
    }

    UserSpaceMirror mirror() {
        return mirror;
    }

    GuestPageTable pages() {
        return pages;
    }

    /** A new address space: the servant has nothing of it. */
    void setPageTable(long topPhysical) {
        pages = new GuestPageTable(delegator.partition().memory(), topPhysical);
        mirror.clear();
        mirror.setPageTable(pages);
    }

    /** The program that it executes; null before it does. */
    ProgramIdentity program() {
        return program;
    }

    void setProgram(ProgramIdentity identity) {
        program = identity;
    }

    /** What Linux shows as arguments of the servant; null: what mcexec got. */
    ArgumentArea arguments() {
        return arguments;
    }

    void setArguments(ArgumentArea area) {
        arguments = area;
    }

    /** fork: the same program, and what of it is in the servant's memory. */
    void inheritProgram(ProcessData parent) {
        program = parent.program;
        arguments = parent.arguments;
    }

    /** What execve found, until it is committed. */
    void setNextProgram(ProgramIdentity identity) {
        nextProgram = identity;
    }

    ProgramIdentity nextProgram() {
        return nextProgram;
    }

    /** LWK CPU which last sent a call: where messages for the process go. */
    int lwkCpu() {
        return lwkCpu;
    }

    void setLwkCpu(int cpu) {
        lwkCpu = cpu;
    }

    PendingCall addThread(ServantSlot slot) {
        PendingCall call = new PendingCall(delegator, this, slot);
        threads.put(slot.tid(), call);
        return call;
    }

    void removeThread(int tid) {
        threads.remove(tid);
    }

    /** The call of LWK thread {@code tid}; the first thread's if there is no servant thread of that number. */
    PendingCall call(int tid) {
        PendingCall call = threads.get(tid);
        return call != null ? call : threads.get(pid());
    }

    /** A servant thread without work, or null. */
    ServantSlot idleSlot() {
        for (PendingCall call : threads.values()) {
            if (!call.busy()) {
                return call.slot();
            }
        }
        return null;
    }

    /** True if the servant works for another thread than this one. */
    boolean othersAtServant(PendingCall own) {
        return threads.values().stream().anyMatch(call -> call != own && call.atServant());
    }

    // Stop and continuation

    void beginStop(ServantSlot slot, int signal) {
        stop = new Stop(slot);
        servant.stop(slot, signal);
    }

    /** Returns when the servant has stopped, or false when it goes on. Host thread. */
    boolean awaitStop(ServantSlot slot) {
        while (!slot.replyReady()) {
            if (servant.stopped()) {
                return true;
            }
            LockSupport.parkNanos(STOP_POLL_NANOS);
        }
        stop = null;
        return false;
    }

    void endStop() {
        stop = null;
    }

    /** Continues the servant; if its stop has only begun, again until that has ended too. */
    void continueServant() {
        Stop current = stop;
        servant.resume();
        if (current != null) {
            delegator.waiters().execute(() -> continueUntilEnd(current));
        }
    }

    private void continueUntilEnd(Stop current) {
        while (stop == current && !current.slot.replyReady()) {
            servant.resume();
            LockSupport.parkNanos(STOP_POLL_NANOS);
        }
    }

    /** The LWK has ended the process: {@code then} runs when the servant is dead. */
    void expectEnd(Runnable then) {
        ending = true;
        onEnd = then;
    }

    boolean ending() {
        return ending;
    }

    /** The servant is dead. */
    void ended() {
        if (onEnd != null) {
            onEnd.run();
        }
    }
}
