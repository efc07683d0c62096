// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.futex;

import mckernelj.lwk.proc.Thread;

/** A thread that waits for a lock with an owner. Guarded by {@link PiFutexes}; volatile what the thread looks at. */
final class LockWaiter {
    final Thread thread;

    /** Where the lock's word is, for {@link #thread}. */
    final long pointer;

    final FutexKey key;

    /** It has got the lock. */
    volatile boolean owner;

    LockWaiter(Thread thread, long pointer, FutexKey key) {
        this.thread = thread;
        this.pointer = pointer;
        this.key = key;
    }
}
