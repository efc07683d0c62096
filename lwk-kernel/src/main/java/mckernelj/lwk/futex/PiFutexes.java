// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.futex;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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
 * waiter with the highest priority, and the owner runs with that priority meanwhile. This monitor may be taken inside
 * that of {@link FutexTable}.
 */
public final class PiFutexes {
    static final int WAITERS = 0x80000000;
    static final int OWNER_DIED = 0x40000000;
    static final int TID_MASK = 0x3FFFFFFF;

    /** Results of {@link #take}: the lock is the thread's; it was already; somebody's whose tid is added. */
    static final long ACQUIRED = 0;

    static final long DEADLOCK = 1;
    static final long OWNED = 2;

    /** How far priorities are handed on from owner to owner. */
    private static final int CHAIN_LIMIT = 64;

    private final Scheduler scheduler;

    /** Guarded by this. */
    private final Map<FutexKey, LockQueue> queues = new HashMap<>();

    /** Until a real-time thread waits nothing can be inherited. Guarded by this. */
    private boolean realtimeWaited;

    PiFutexes(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    // ---- lock

    /** Takes the lock, waiting at most until {@code deadlineCycles}; 0 means: do not wait. */
    public long lock(Thread self, long pointer, boolean isPrivate, long deadlineCycles) {
        UserAccess user = self.user();
        FutexKey key = FutexKey.of(self.process().vm(), pointer, isPrivate);
        LockWaiter waiter = new LockWaiter(self, pointer, key);
        while (true) {
            long state = deadlineCycles == 0
                    ? tryTake(self, user, pointer, key)
                    : takeOrEnqueue(self, user, pointer, waiter);
            if (state == ACQUIRED) {
                return 0;
            }
            if (state == DEADLOCK) {
                return -Errno.EDEADLK;
            }
            if (state >= OWNED) {
                return deadlineCycles == 0 ? -Errno.EAGAIN : sleep(self, waiter, deadlineCycles);
            }
            if (state == -Errno.ESRCH) {
                return state;
            }
            if (user.atomically(pointer, true, physical -> 0) < 0) {
                return -Errno.EFAULT;
            }
        }
    }

    /**
     * For the waiter's thread, which may be another than {@code self}: takes the lock, or enqueues the waiter. A result
     * of {@link #take}, -ESRCH if the owner does not live, -EAGAIN if the word at {@code pointer} of {@code user} cannot
     * be reached without a fault.
     */
    synchronized long takeOrEnqueue(Thread self, UserAccess user, long pointer, LockWaiter waiter) {
        realtimeWaited |= waiter.thread.priority() > 0;
        long state = user.tryAtomically(pointer, true, physical -> take(waiter.thread, physical, waiter.key, true));
        if (state < OWNED) {
            waiter.owner = state == ACQUIRED;
            return state;
        }
        Thread owner = self.kernel().table().thread((int) (state - OWNED));
        if (owner == null) {
            return -Errno.ESRCH;
        }
        LockQueue queue = queues.computeIfAbsent(waiter.key, k -> new LockQueue());
        queue.owner = owner;
        queue.add(waiter);
        inherit(self, owner, 0);
        return state;
    }

    private synchronized long tryTake(Thread self, UserAccess user, long pointer, FutexKey key) {
        return user.tryAtomically(pointer, true, physical -> take(self, physical, key, false));
    }

    /** Takes a free lock; else marks it as waited for. OWNED + the owner's tid if somebody has it. */
    private long take(Thread taker, long physical, FutexKey key, boolean mark) {
        PhysicalMemory memory = taker.kernel().memory();
        while (true) {
            int word = memory.getInt(physical);
            int owner = word & TID_MASK;
            if (owner == taker.tid()) {
                return DEADLOCK;
            }
            int waiters = queues.containsKey(key) ? WAITERS : 0;
            int next = owner == 0 ? taker.tid() | word & OWNER_DIED | waiters : mark ? word | WAITERS : word;
            if (memory.compareAndSetInt(physical, word, next)) {
                if (owner == 0 && waiters != 0) {
                    queues.get(key).owner = taker;
                }
                return owner == 0 ? ACQUIRED : OWNED + owner;
            }
        }
    }

    private long sleep(Thread self, LockWaiter waiter, long deadlineCycles) {
        boolean inTime = scheduler.sleepUntil(
                self,
                KernelThread.INTERRUPTIBLE,
                () -> waiter.owner || self.kernel().signals().isPending(self),
                deadlineCycles);
        if (!giveUp(self, waiter)) {
            return 0;
        }
        return inTime ? -Restart.ERESTARTNOINTR : -Errno.ETIMEDOUT;
    }

    /** The thread does not want to wait any more. False: it has got the lock. */
    synchronized boolean giveUp(Thread self, LockWaiter waiter) {
        if (waiter.owner) {
            return false;
        }
        LockQueue queue = queues.get(waiter.key);
        queue.remove(waiter);
        dropIfEmpty(waiter.key, queue);
        if (queue.owner != null) {
            inherit(self, queue.owner, 0);
        }
        return true;
    }

    private void dropIfEmpty(FutexKey key, LockQueue queue) {
        if (queue.isEmpty()) {
            queues.remove(key);
        }
    }

    /** The owner's priority follows from who waits for its locks; and so on, if it waits itself. */
    private void inherit(Thread self, Thread owner, int depth) {
        if (!realtimeWaited) {
            return;
        }
        int priority = 0;
        for (LockQueue queue : queues.values()) {
            if (queue.owner == owner) {
                priority = Math.max(priority, queue.priority());
            }
        }
        if (!owner.setInheritedPriority(priority) || depth == CHAIN_LIMIT) {
            return;
        }
        scheduler.priorityChanged(self.cpu(), owner);
        for (LockQueue queue : List.copyOf(queues.values())) {
            LockWaiter waiter = queue.of(owner);
            if (waiter != null) {
                queue.remove(waiter);
                queue.add(waiter);
                if (queue.owner != null) {
                    inherit(self, queue.owner, depth + 1);
                }
            }
        }
    }

    // ---- unlock

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

    /** The caller ends: locks that it owns and others wait for, robust or not, go to those (Linux: exit_pi_state_list). */
    void releaseOwned(Thread self) {
        for (LockWaiter next : firstWaitersOf(self)) {
            UserAccess user = new UserAccess(next.thread.process().vm(), self);
            if (user.atomically(next.pointer, true, physical -> 0) >= 0) {
                handOver(self, user, next.pointer, next.key, OWNER_DIED);
            }
        }
        synchronized (this) {
            queues.values().stream().filter(queue -> queue.owner == self).forEach(queue -> queue.owner = null);
        }
    }

    private synchronized List<LockWaiter> firstWaitersOf(Thread owner) {
        List<LockWaiter> waiters = new ArrayList<>();
        for (LockQueue queue : queues.values()) {
            if (queue.owner == owner && queue.first().thread.process().vm() != null) {
                waiters.add(queue.first());
            }
        }
        return waiters;
    }

    private long handOver(Thread self, UserAccess user, long pointer, FutexKey key, int died) {
        LockWaiter next;
        synchronized (this) {
            LockQueue queue = queues.get(key);
            next = queue == null ? null : queue.first();
            int more = queue != null && queue.size() > 1 ? WAITERS : 0;
            int word = next == null ? died : next.thread.tid() | more | died;
            long state = user.tryAtomically(pointer, true, physical -> replace(self, physical, word));
            if (state != ACQUIRED || next == null) {
                return state;
            }
            queue.remove(next);
            queue.owner = next.thread;
            dropIfEmpty(key, queue);
            next.owner = true;
            inherit(self, next.thread, 0);
            inherit(self, self, 0);
        }
        scheduler.wake(self.cpu(), next.thread);
        return ACQUIRED;
    }

    /** Puts another word in the place of one that names {@code self}; DEADLOCK: it does not. */
    private static long replace(Thread self, long physical, int word) {
        PhysicalMemory memory = self.kernel().memory();
        while (true) {
            int old = memory.getInt(physical);
            if ((old & TID_MASK) != self.tid()) {
                return DEADLOCK;
            }
            if (memory.compareAndSetInt(physical, old, word)) {
                return ACQUIRED;
            }
        }
    }
}
