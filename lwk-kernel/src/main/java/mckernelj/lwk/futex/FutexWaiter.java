// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.futex;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import mckernelj.lwk.proc.Thread;

/** A thread in the queue of one word. Guarded by the {@link FutexTable}; volatile what the thread itself looks at. */
final class FutexWaiter {
    final Thread thread;

    /** Of FUTEX_WAIT_BITSET. */
    final int bits;

    /** FUTEX_WAIT_REQUEUE_PI: the lock to whose queue it may be moved, and to no other; null: an ordinary waiter. */
    final FutexKey lock;

    /** Where that lock's word is, for {@link #thread}. */
    final long lockPointer;

    /** The word whose queue it is in; null: none any more. */
    FutexKey key;

    volatile boolean woken;

    /** It was moved to the lock's queue; null: not yet. */
    volatile LockWaiter lockWaiter;

    FutexWaiter(Thread thread, int bits, FutexKey key) {
        this(thread, bits, key, null, 0);
    }

    FutexWaiter(Thread thread, int bits, FutexKey key, FutexKey lock, long lockPointer) {
        this.thread = thread;
        this.bits = bits;
        this.key = key;
        this.lock = lock;
        this.lockPointer = lockPointer;
    }

    /** Puts it behind all waiters that have at least its thread's priority. */
    void enterInto(Collection<FutexWaiter> queue) {
        int priority = thread.priority();
        List<FutexWaiter> later = new ArrayList<>();
        if (priority > 0) {
            queue.stream().filter(other -> other.thread.priority() < priority).forEach(later::add);
            queue.removeAll(later);
        }
        queue.add(this);
        queue.addAll(later);
    }
}
