// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.futex;

import mckernelj.ihk.Errno;
import mckernelj.lwk.mm.UserAccess;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.sched.KernelThread;
import mckernelj.lwk.sched.Scheduler;
import mckernelj.lwk.signal.Restart;

/**
 * Condition variables whose mutex has an owner (futex(2): FUTEX_WAIT_REQUEUE_PI, FUTEX_CMP_REQUEUE_PI): waiters of a word
 * become waiters of a lock, or its owner, without running in between.
 */
public final class PiRequeue {
    private final Scheduler scheduler;
    private final FutexTable table;
    private final PiFutexes locks;

    PiRequeue(Scheduler scheduler, FutexTable table, PiFutexes locks) {
        this.scheduler = scheduler;
        this.table = table;
        this.locks = locks;
    }

    /** Waits for the word, then for the lock. 0: the lock is the caller's. */
    public long wait(Thread self, long pointer, long lock, boolean isPrivate, int expected, long deadlineCycles) {
        if (pointer == lock) {
            return -Errno.EINVAL;
        }
        FutexKey key = FutexKey.of(self.process().vm(), pointer, isPrivate);
        FutexKey lockKey = FutexKey.of(self.process().vm(), lock, isPrivate);
        FutexWaiter waiter = new FutexWaiter(self, -1, key, lockKey, lock);
        long error = table.enqueue(self.user(), pointer, expected, waiter);
        if (error != 0) {
            return error;
        }
        boolean inTime = scheduler.sleepUntil(
                self,
                KernelThread.INTERRUPTIBLE,
                () -> hasLock(waiter) || waiter.woken || self.kernel().signals().isPending(self),
                deadlineCycles);
        if (table.remove(waiter)) {
            return inTime ? -Restart.ERESTARTNOINTR : -Errno.ETIMEDOUT;
        }
        if (!locks.giveUp(self, waiter.lockWaiter)) {
            return 0;
        }
        // As Linux: the word has changed, so a restarted call would say the same.
        return inTime ? -Errno.EAGAIN : -Errno.ETIMEDOUT;
    }

    private static boolean hasLock(FutexWaiter waiter) {
        LockWaiter moved = waiter.lockWaiter;
        return moved != null && moved.owner;
    }

    /** Lets up to {@code count} waiters of {@code from} wait for the lock; the first may get it. Their number. */
    public long requeue(Thread self, long from, long lock, boolean isPrivate, int count, int expected) {
        if (from == lock) {
            return -Errno.EINVAL;
        }
        UserAccess user = self.user();
        FutexKey source = FutexKey.of(self.process().vm(), from, isPrivate);
        FutexKey target = FutexKey.of(self.process().vm(), lock, isPrivate);
        while (true) {
            long result;
            synchronized (table) {
                long value = user.peekInt(from);
                if (value >= 0 && value != (expected & 0xFFFF_FFFFL)) {
                    return -Errno.EAGAIN;
                }
                result = value < 0 ? -Errno.EFAULT : move(self, user, lock, source, target, count);
            }
            if (result != -Errno.EFAULT) {
                return result;
            }
            if (user.readInt(from) < 0 || user.atomically(lock, true, physical -> 0) < 0) {
                return -Errno.EFAULT;
            }
        }
    }

    /** -EFAULT: a page is not present. */
    private long move(Thread self, UserAccess user, long lock, FutexKey source, FutexKey target, int count) {
        long moved = 0;
        while (moved < count) {
            FutexWaiter waiter = table.first(source);
            if (waiter == null) {
                break;
            }
            if (waiter.lock == null || !waiter.lock.equals(target)) {
                return -Errno.EINVAL;
            }
            LockWaiter next = new LockWaiter(waiter.thread, waiter.lockPointer, target);
            long state = locks.takeOrEnqueue(self, user, lock, next);
            if (state == PiFutexes.DEADLOCK || state < 0) {
                return moved > 0 ? moved : error(state);
            }
            table.leave(waiter);
            waiter.lockWaiter = next;
            if (next.owner) {
                scheduler.wake(self.cpu(), waiter.thread);
            }
            moved++;
        }
        return moved;
    }

    private static long error(long state) {
        return state == PiFutexes.DEADLOCK ? -Errno.EDEADLK : state == -Errno.EAGAIN ? -Errno.EFAULT : state;
    }
}
