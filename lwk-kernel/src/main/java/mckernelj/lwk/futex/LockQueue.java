// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.futex;

import java.util.ArrayList;
import java.util.List;
import mckernelj.lwk.proc.Thread;

/** A lock with an owner that others wait for: they by priority, the earlier first. Guarded by {@link PiFutexes}. */
final class LockQueue {
    /** Null: it ended without giving the lock back. */
    Thread owner;

    private final List<LockWaiter> waiters = new ArrayList<>();

    void add(LockWaiter waiter) {
        int at = waiters.size();
        while (at > 0 && waiters.get(at - 1).thread.priority() < waiter.thread.priority()) {
            at--;
        }
        waiters.add(at, waiter);
    }

    void remove(LockWaiter waiter) {
        waiters.remove(waiter);
    }

    /** Null: nobody waits. */
    LockWaiter first() {
        return waiters.isEmpty() ? null : waiters.get(0);
    }

    int size() {
        return waiters.size();
    }

    boolean isEmpty() {
        return waiters.isEmpty();
    }

    /** The waiter of this thread, or null. */
    LockWaiter of(Thread thread) {
        for (LockWaiter waiter : waiters) {
            if (waiter.thread == thread) {
                return waiter;
            }
        }
        return null;
    }

    /** What the owner inherits. */
    int priority() {
        return waiters.isEmpty() ? 0 : waiters.get(0).thread.priority();
    }
}
