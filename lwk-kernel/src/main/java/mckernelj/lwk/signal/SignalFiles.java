// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.signal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The signalfds of a process: which signals can be read from which handle, and whether Linux shows the descriptor as
 * readable. Descriptors are Linux'; a handle outlives its descriptor until mcctrl notices (CLEANUP_FD). Guarded by the
 * owner's lock, except {@link #exist}.
 */
final class SignalFiles {
    /** What Linux must be told. A later change of the same handle has a larger number. */
    record Change(long handle, boolean readable, long number) {}

    private static final class State {
        long signals;
        boolean readable;
    }

    private final Map<Long, State> states = new LinkedHashMap<>();
    private volatile boolean exist;
    private long changes;

    /** Any thread, without the lock. */
    boolean exist() {
        return exist;
    }

    void set(long handle, long signals) {
        states.computeIfAbsent(handle, key -> new State()).signals = signals & ~SignalNumber.UNBLOCKABLE;
        exist = true;
    }

    void remove(long handle) {
        states.remove(handle);
        exist = !states.isEmpty();
    }

    /** What can be read there; 0: no such handle. */
    long signals(long handle) {
        State state = states.get(handle);
        return state == null ? 0 : state.signals;
    }

    /** fork: the child has the same ones, and nothing to read. */
    void copyTo(SignalFiles child) {
        states.forEach((handle, state) -> child.set(handle, state.signals));
        child.changes = changes;
    }

    /** These signals are pending now: the descriptors that are readable since then, or are not any more. */
    List<Change> update(long pending) {
        List<Change> changed = new ArrayList<>();
        states.forEach((handle, state) -> {
            boolean readable = (pending & state.signals) != 0;
            if (readable != state.readable) {
                state.readable = readable;
                changed.add(new Change(handle, readable, ++changes));
            }
        });
        return changed;
    }
}
