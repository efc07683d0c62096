// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.futex;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.ihk.Errno;
import mckernelj.lwk.mm.UserAccess;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.sched.KernelThread;
import mckernelj.lwk.sched.Scheduler;
import mckernelj.lwk.signal.Restart;

/**
 * Futexes whose word holds the owner's tid (FUTEX_LOCK_PI and relatives, futex(2)): the unlocker hands the lock to the
 * first waiter. The LWK schedules without priorities, so there is nothing to inherit. FUTEX_WAIT_REQUEUE_PI is not
 * implemented.
 */
public final class PiFutexes {
    static final int WAITERS = 0x80000000;
    static final int OWNER_DIED = 0x40000000;
    static final int TID_MASK = 0x3FFFFFFF;

    private static final long ACQUIRED = 0;
    private static final long DEADLOCK = 1;
    private static final long OWNED = 2;

    private final Scheduler scheduler;

    /** Guarded by this. */
    private final Map<FutexKey, ArrayDeque<Waiter>> queues = new HashMap<>();

    private static final class Waiter {
        private final Thread thread;

        /** It has got the lock. */
        private volatile boolean owner;

        Waiter(Thread thread) {
            this.thread = thread;
        }
    }

    PiFutexes(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Takes the lock, waiting at most until {@code deadlineCycles}; 0 means: do not wait. */
    public long lock(Thread self, long pointer, boolean isPrivate, long deadlineCycles) {
        UserAccess user = self.user();
        FutexKey key = FutexKey.of(self.process().vm(), pointer, isPrivate);
        while (true) {
            Waiter waiter = new Waiter(self);
            long state;
            synchronized (this) {
                state = user.tryAtomically(pointer, true, physical -> take(self, physical, key, deadlineCycles != 0));
                if (state >= OWNED && deadlineCycles != 0 && ownerLives(self, (int) (state - OWNED))) {
                    queues.computeIfAbsent(key, k -> new ArrayDeque<>()).add(waiter);
                }
            }
            if (state == ACQUIRED) {
                return 0;
            }
            if (state == DEADLOCK) {
                return -Errno.EDEADLK;
            }
            if (state >= OWNED) {
                if (deadlineCycles == 0) {
                    return -Errno.EAGAIN;
                }
                return ownerLives(self, (int) (state - OWNED))
                        ? sleep(self, key, waiter, deadlineCycles)
                        : -Errno.ESRCH;
            }
            if (user.atomically(pointer, true, physical -> 0) < 0) {
                return -Errno.EFAULT;
            }
        }
    }

    private static boolean ownerLives(Thread self, int tid) {
        return self.kernel().table().thread(tid) != null;
    }

    /** Takes a free lock; else marks it as waited for. OWNED + the owner's tid if somebody has it. */
    private long take(Thread self, long physical, FutexKey key, boolean mark) {
        PhysicalMemory memory = self.kernel().memory();
        while (true) {
            int word = memory.getInt(physical);
            int owner = word & TID_MASK;
            if (owner == self.tid()) {
                return DEADLOCK;
            }
            int waiters = queues.containsKey(key) ? WAITERS : 0;
            int next = owner == 0 ? self.tid() | word & OWNER_DIED | waiters : mark ? word | WAITERS : word;
            if (memory.compareAndSetInt(physical, word, next)) {
                return owner == 0 ? ACQUIRED : OWNED + owner;
            }
        }
    }

    private long sleep(Thread self, FutexKey key, Waiter waiter, long deadlineCycles) {
        boolean inTime = scheduler.sleepUntil(
                self,
                KernelThread.INTERRUPTIBLE,
                () -> waiter.owner || self.kernel().signals().isPending(self),
                deadlineCycles);
        synchronized (this) {
            if (waiter.owner) {
                return 0;
            }
            ArrayDeque<Waiter> queue = queues.get(key);
            queue.remove(waiter);
            dropIfEmpty(key, queue);
        }
        return inTime ? -Restart.ERESTARTNOINTR : -Errno.ETIMEDOUT;
    }

    private void dropIfEmpty(FutexKey key, ArrayDeque<Waiter> queue) {
        if (queue.isEmpty()) {
            queues.remove(key);
        }
    }

    /** Gives the caller's lock to the first waiter, or frees it. */
    public long unlock(Thread self, long pointer, boolean isPrivate) {
        UserAccess user = self.user();
        FutexKey key = FutexKey.of(self.process().vm(), pointer, isPrivate);
        long state = handOver(self, user, pointer, key, 0);
        while (state == -Errno.EAGAIN) {
            if (user.atomically(pointer, true, physical -> 0) < 0) {
                return -Errno.EFAULT;
            }
            state = handOver(self, user, pointer, key, 0);
        }
        return state == ACQUIRED ? 0 : -Errno.EPERM;
    }

    /** The caller ends while it owns the lock: the next owner is told by {@link #OWNER_DIED}. */
    void ownerDied(Thread self, UserAccess user, long pointer) {
        FutexKey key = FutexKey.of(self.process().vm(), pointer, false);
        if (user.atomically(pointer, true, physical -> 0) >= 0) {
            handOver(self, user, pointer, key, OWNER_DIED);
        }
    }

    private long handOver(Thread self, UserAccess user, long pointer, FutexKey key, int died) {
        PhysicalMemory memory = self.kernel().memory();
        Waiter next;
        synchronized (this) {
            ArrayDeque<Waiter> queue = queues.get(key);
            next = queue == null ? null : queue.peek();
            int more = queue != null && queue.size() > 1 ? WAITERS : 0;
            int word = next == null ? died : next.thread.tid() | more | died;
            long state = user.tryAtomically(pointer, true, physical -> {
                while (true) {
                    int old = memory.getInt(physical);
                    if ((old & TID_MASK) != self.tid()) {
                        return DEADLOCK;
                    }
                    if (memory.compareAndSetInt(physical, old, word)) {
                        return ACQUIRED;
                    }
                }
            });
            if (state != ACQUIRED || next == null) {
                return state;
            }
            queue.remove();
            dropIfEmpty(key, queue);
            next.owner = true;
        }
        scheduler.wake(self.cpu(), next.thread);
        return ACQUIRED;
    }
}
