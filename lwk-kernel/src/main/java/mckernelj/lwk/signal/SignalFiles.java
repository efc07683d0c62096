// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.signal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The signalfds of a process: which signals can be read from which handle, and whether Linux shows the descriptor as
 * readable. Descriptors are Linux'; a handle outlives its descriptor until mcctrl notices (CLEANUP_FD). Guarded by the
 * owner's lock, except {@link #exist}.
 */
final class SignalFiles {
    /** What Linux must be told. A later change of the same handle has a larger number. */
    record Change(long handle, boolean readable, long number) {}

    /** By handle; processes that share descriptors have the same map. */
    private volatile Map<Long, Long> signals = new ConcurrentHashMap<>();

    private final Set<Long> readable = new HashSet<>();
    private long changes;

    /** Any thread, without the lock. */
    boolean exist() {
        return !signals.isEmpty();
    }

    void set(long handle, long set) {
        signals.put(handle, set & ~SignalNumber.UNBLOCKABLE);
    }

    void remove(long handle) {
        signals.remove(handle);
        readable.remove(handle);
    }

    /** What can be read there; 0: no such handle. */
    long signals(long handle) {
        return signals.getOrDefault(handle, 0L);
    }

    /** A new child has the same ones, and nothing to read. */
    void giveTo(SignalFiles child, boolean shared) {
        child.signals = shared ? signals : new ConcurrentHashMap<>(signals);
        child.changes = changes;
    }

    void unshare() {
        signals = new ConcurrentHashMap<>(signals);
    }

    /** These signals are pending now: the descriptors that are readable since then, or are not any more. */
    List<Change> update(long pending) {
        List<Change> changed = new ArrayList<>();
        signals.forEach((handle, set) -> {
            boolean now = (pending & set) != 0;
            if (now ? readable.add(handle) : readable.remove(handle)) {
                changed.add(new Change(handle, now, ++changes));
            }
        });
        return changed;
    }
}
