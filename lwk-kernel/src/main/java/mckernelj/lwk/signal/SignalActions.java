// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.signal;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The dispositions of signals, of one process or of several (CLONE_SIGHAND). Its monitor is taken inside those of the
 * {@link ProcessSignals} that use it.
 */
final class SignalActions {
    private final SignalAction[] actions;
    private final List<ProcessSignals> users = new CopyOnWriteArrayList<>();

    SignalActions() {
        actions = new SignalAction[SignalNumber.LAST + 1];
        Arrays.fill(actions, SignalAction.DEFAULT);
    }

    private SignalActions(SignalAction[] copied) {
        actions = copied;
    }

    synchronized SignalActions copy() {
        return new SignalActions(actions.clone());
    }

    void join(ProcessSignals user) {
        users.add(user);
    }

    void leave(ProcessSignals user) {
        users.remove(user);
    }

    boolean isShared() {
        return users.size() > 1;
    }

    synchronized SignalAction get(int signal) {
        return actions[signal];
    }

    /** {@code by} tells its own servant; those of the others are told later. */
    void set(int signal, SignalAction action, ProcessSignals by) {
        synchronized (this) {
            actions[signal] = action;
        }
        for (ProcessSignals user : users) {
            if (user != by) {
                user.actionChanged(signal);
            }
        }
    }
}
