// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.signal;

import java.util.Arrays;

/**
 * The signals of a process: dispositions and what is pending for any of its threads. Its monitor is the lock of all of
 * them.
 */
public final class ProcessSignals {
    final PendingSignals shared = new PendingSignals();
    final SignalFiles files = new SignalFiles();
    private final SignalAction[] actions = new SignalAction[SignalNumber.LAST + 1];

    public ProcessSignals() {
        Arrays.fill(actions, SignalAction.DEFAULT);
    }

    public synchronized SignalAction action(int signal) {
        return actions[signal];
    }

    synchronized void setAction(int signal, SignalAction action) {
        actions[signal] = action;
    }

    /** fork: the child has the same dispositions. */
    public synchronized void copyActionsTo(ProcessSignals child) {
        System.arraycopy(actions, 0, child.actions, 0, actions.length);
    }

    /** At the start: these signals are ignored. */
    public synchronized void ignore(long signals) {
        for (int signal = 1; signal <= SignalNumber.LAST; signal++) {
            if ((signals & SignalNumber.mask(signal)) != 0) {
                actions[signal] = SignalAction.IGNORE;
            }
        }
    }

    /** execve: handlers are gone, ignored signals stay ignored. */
    public synchronized void resetHandlers() {
        for (int signal = 1; signal <= SignalNumber.LAST; signal++) {
            boolean ignored = actions[signal].handler() == SignalAction.SIG_IGN;
            actions[signal] = ignored ? SignalAction.IGNORE : SignalAction.DEFAULT;
        }
    }
}
