// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.mcctrl;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import mckernelj.linuxhost.proxy.Servant;
import mckernelj.linuxhost.proxy.ServantSlot;

/** What mcctrl knows of one LWK process (upstream: per-process data, ppd). */
final class ProcessData {
    private final Delegator delegator;
    private final Servant servant;
    private final boolean forked;
    private final UserSpaceMirror mirror = new UserSpaceMirror();
    private final Map<Integer, PendingCall> threads = new ConcurrentHashMap<>();
    private volatile GuestPageTable pages;
    private volatile int lwkCpu;
    private volatile boolean ending;
    private volatile ProgramIdentity program;
    private ProgramIdentity nextProgram;
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
