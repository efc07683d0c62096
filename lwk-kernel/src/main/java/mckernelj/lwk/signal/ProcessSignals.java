// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.signal;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The signals of a process: dispositions and what is pending for any of its threads. Its monitor is the lock of what is
 * pending.
 */
public final class ProcessSignals {
    final PendingSignals shared = new PendingSignals();
    final SignalFiles files = new SignalFiles();
    private volatile SignalActions actions = new SignalActions();

    /** Signals whose disposition another process changed (CLONE_SIGHAND): this one's servant does not know yet. */
    private final AtomicLong changedByOthers = new AtomicLong();

    public ProcessSignals() {
        actions.join(this);
    }

    public SignalAction action(int signal) {
        return actions.get(signal);
    }

    void setAction(int signal, SignalAction action) {
        actions.set(signal, action, this);
    }

    /** fork: the child has the same dispositions, its own or, with CLONE_SIGHAND, the parent's. */
    public void giveActionsTo(ProcessSignals child, boolean shared) {
        child.use(shared ? actions : actions.copy());
    }

    /** The child has the same signalfds: with CLONE_FILES these, else mcctrl has given it pipes of its own. */
    public synchronized void giveFilesTo(ProcessSignals child, boolean shared) {
        files.giveTo(child.files, shared);
    }

    /** Descriptors are not shared with another process any more. */
    public synchronized void unshareFiles() {
        files.unshare();
    }

    private void use(SignalActions next) {
        actions.leave(this);
        actions = next;
        actions.join(this);
    }

    void actionChanged(int signal) {
        changedByOthers.accumulateAndGet(SignalNumber.mask(signal), (old, mask) -> old | mask);
    }

    /** The signals of which the servant must be told, once. */
    public long takeChangedByOthers() {
        return changedByOthers.get() == 0 ? 0 : changedByOthers.getAndSet(0);
    }

    public boolean sharesActionsWith(ProcessSignals other) {
        return actions == other.actions;
    }

    /** The process ends. */
    public void leaveActions() {
        actions.leave(this);
    }

    /** At the start: these signals are ignored. */
    public synchronized void ignore(long signals) {
        for (int signal = 1; signal <= SignalNumber.LAST; signal++) {
            if ((signals & SignalNumber.mask(signal)) != 0) {
                setAction(signal, SignalAction.IGNORE);
            }
        }
    }

    /** execve: handlers are gone, ignored signals stay ignored. */
    public synchronized void resetHandlers() {
        if (actions.isShared()) {
            use(actions.copy());
        }
        for (int signal = 1; signal <= SignalNumber.LAST; signal++) {
            boolean ignored = action(signal).handler() == SignalAction.SIG_IGN;
            setAction(signal, ignored ? SignalAction.IGNORE : SignalAction.DEFAULT);
        }
    }
}
