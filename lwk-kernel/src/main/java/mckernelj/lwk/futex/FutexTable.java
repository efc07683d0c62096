// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.futex;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongUnaryOperator;
import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.ihk.Errno;
import mckernelj.lwk.mm.UserAccess;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.sched.KernelThread;
import mckernelj.lwk.sched.Scheduler;
import mckernelj.lwk.signal.Restart;

/**
 * Futexes (futex(2)): threads that wait for a word of user memory, by {@link FutexKey}. The table's monitor makes "look
 * at the word, go to sleep" and "wake" exclude each other; nothing sleeps or faults under it.
 */
public final class FutexTable {
    private static final int ROBUST_LIST_LIMIT = 2048;

    private final Scheduler scheduler;
    private final PiFutexes piFutexes;
    private final PiRequeue piRequeue;
    private final FutexVector vector;

    /** Guarded by this. */
    private final Map<FutexKey, Set<FutexWaiter>> queues = new HashMap<>();

    public FutexTable(Scheduler scheduler) {
        this.scheduler = scheduler;
        this.piFutexes = new PiFutexes(scheduler);
        this.piRequeue = new PiRequeue(scheduler, this, piFutexes);
        this.vector = new FutexVector(scheduler, this);
    }

    /** The futexes with an owner. */
    public PiFutexes withOwner() {
        return piFutexes;
    }

    /** From a word to a futex with an owner. */
    public PiRequeue toOwner() {
        return piRequeue;
    }

    public FutexVector vector() {
        return vector;
    }

    // ---- wait

    /** Waits while the word is {@code expected}, at most until {@code deadlineCycles}. 0 or a negative errno. */
    public long wait(Thread self, long pointer, boolean isPrivate, int expected, int bits, long deadlineCycles) {
        FutexKey key = FutexKey.of(self.process().vm(), pointer, isPrivate);
        FutexWaiter waiter = new FutexWaiter(self, bits, key);
        long error = enqueue(self.user(), pointer, expected, waiter);
        if (error != 0) {
            return error;
        }
        boolean inTime = scheduler.sleepUntil(
                self,
                KernelThread.INTERRUPTIBLE,
                () -> waiter.woken || self.kernel().signals().isPending(self),
                deadlineCycles);
        if (!remove(waiter)) {
            return 0;
        }
        if (!inTime) {
            return -Errno.ETIMEDOUT;
        }
        return deadlineCycles == Long.MAX_VALUE ? -Restart.ERESTARTSYS : -Restart.ERESTARTNOHAND;
    }

    /** Puts a waiter into its queue if the word is {@code expected}: 0, -EAGAIN or -EFAULT. */
    long enqueue(UserAccess user, long pointer, int expected, FutexWaiter waiter) {
        long value = enqueueIf(user, pointer, expected, waiter);
        while (value == -Errno.EAGAIN) {
            if (user.readInt(pointer) < 0) {
                return -Errno.EFAULT;
            }
            value = enqueueIf(user, pointer, expected, waiter);
        }
        return value == (expected & 0xFFFF_FFFFL) ? 0 : -Errno.EAGAIN;
    }

    /** The word's value, or -EAGAIN if it cannot be read without a fault; enqueues if it is as expected. */
    private synchronized long enqueueIf(UserAccess user, long pointer, int expected, FutexWaiter waiter) {
        long value = user.peekInt(pointer);
        if (value == (expected & 0xFFFF_FFFFL)) {
            waiter.enterInto(queues.computeIfAbsent(waiter.key, k -> new LinkedHashSet<>()));
        }
        return value;
    }

    /** False: it was woken or moved to a lock meanwhile. */
    synchronized boolean remove(FutexWaiter waiter) {
        if (waiter.key == null) {
            return false;
        }
        leave(waiter);
        return true;
    }

    /** The first waiter of a word, or null. The caller holds this monitor until it has dealt with it. */
    synchronized FutexWaiter first(FutexKey key) {
        Set<FutexWaiter> queue = queues.get(key);
        return queue == null ? null : queue.iterator().next();
    }

    /** Out of the queue. */
    synchronized void leave(FutexWaiter waiter) {
        Set<FutexWaiter> queue = queues.get(waiter.key);
        queue.remove(waiter);
        dropIfEmpty(waiter.key, queue);
        waiter.key = null;
    }

    private void dropIfEmpty(FutexKey key, Set<FutexWaiter> queue) {
        if (queue.isEmpty()) {
            queues.remove(key);
        }
    }

    // ---- wake

    /** Wakes up to {@code count} waiters of a word that may be shared; returns their number. */
    public long wake(Thread self, long pointer, int count) {
        return wake(self, pointer, false, count, -1);
    }

    public long wake(Thread self, long pointer, boolean isPrivate, int count, int bits) {
        FutexKey key = FutexKey.of(self.process().vm(), pointer, isPrivate);
        List<FutexWaiter> woken = new ArrayList<>();
        boolean valid;
        synchronized (this) {
            valid = take(key, count, bits, woken);
        }
        wakeAll(self, woken);
        return valid ? woken.size() : -Errno.EINVAL;
    }

    /** False: a waiter is in the way that only a lock's owner may be woken for (FUTEX_WAIT_REQUEUE_PI). */
    private boolean take(FutexKey key, int count, int bits, List<FutexWaiter> woken) {
        Set<FutexWaiter> queue = queues.get(key);
        if (queue == null) {
            return true;
        }
        boolean valid = true;
        for (Iterator<FutexWaiter> i = queue.iterator(); valid && i.hasNext() && woken.size() < count; ) {
            FutexWaiter waiter = i.next();
            valid = waiter.lock == null;
            if (valid && (waiter.bits & bits) != 0) {
                i.remove();
                waiter.key = null;
                waiter.woken = true;
                woken.add(waiter);
            }
        }
        dropIfEmpty(key, queue);
        return valid;
    }

    private void wakeAll(Thread self, List<FutexWaiter> woken) {
        woken.forEach(waiter -> scheduler.wake(self.cpu(), waiter.thread));
    }

    // ---- requeue

    /**
     * Wakes {@code wakeCount} waiters and moves {@code moveCount} more to another word. {@code expected} null:
     * FUTEX_REQUEUE. Returns the number of woken and moved waiters.
     */
    public long requeue(
            Thread self, long from, long to, boolean isPrivate, int wakeCount, int moveCount, Integer expected) {
        UserAccess user = self.user();
        FutexKey source = FutexKey.of(self.process().vm(), from, isPrivate);
        FutexKey target = FutexKey.of(self.process().vm(), to, isPrivate);
        while (true) {
            List<FutexWaiter> woken = new ArrayList<>();
            long value;
            int moved = 0;
            boolean valid = true;
            synchronized (this) {
                value = expected == null ? 0 : user.peekInt(from);
                if (expected == null || value == (expected & 0xFFFF_FFFFL)) {
                    valid = take(source, wakeCount, -1, woken);
                    moved = valid ? move(source, target, moveCount) : 0;
                }
            }
            if (value == -Errno.EAGAIN) {
                if (user.readInt(from) < 0) {
                    return -Errno.EFAULT;
                }
            } else if (expected != null && value != (expected & 0xFFFF_FFFFL)) {
                return -Errno.EAGAIN;
            } else {
                wakeAll(self, woken);
                return valid && moved >= 0 ? woken.size() + moved : -Errno.EINVAL;
            }
        }
    }

    /** Their number, or -1: one is among them that may be moved to a lock only. */
    private int move(FutexKey source, FutexKey target, int count) {
        Set<FutexWaiter> queue = queues.get(source);
        if (queue == null || source.equals(target)) {
            return 0;
        }
        int moved = 0;
        for (Iterator<FutexWaiter> i = queue.iterator(); i.hasNext() && moved < count; moved++) {
            FutexWaiter waiter = i.next();
            if (waiter.lock != null) {
                return -1;
            }
            i.remove();
            waiter.key = target;
            waiter.enterInto(queues.computeIfAbsent(target, k -> new LinkedHashSet<>()));
        }
        dropIfEmpty(source, queue);
        return moved;
    }

    // ---- wake op

    /**
     * FUTEX_WAKE_OP: changes the second word, wakes waiters of the first and, if its old value compares, of the second.
     */
    public long wakeOp(
            Thread self, long first, long second, boolean isPrivate, int count, int secondCount, int encoded) {
        UserAccess user = self.user();
        PhysicalMemory memory = self.kernel().memory();
        FutexKey firstKey = FutexKey.of(self.process().vm(), first, isPrivate);
        FutexKey secondKey = FutexKey.of(self.process().vm(), second, isPrivate);
        LongUnaryOperator operation = physical -> WakeOperation.apply(memory, physical, encoded);
        while (true) {
            List<FutexWaiter> woken = new ArrayList<>();
            List<FutexWaiter> wokenToo = new ArrayList<>();
            boolean valid = true;
            long old;
            synchronized (this) {
                old = user.tryAtomically(second, true, operation);
                if (old >= 0) {
                    valid = take(firstKey, count, -1, woken);
                    if (valid && WakeOperation.compares((int) old, encoded)) {
                        valid = take(secondKey, secondCount, -1, wokenToo);
                    }
                }
            }
            if (old >= 0) {
                wakeAll(self, woken);
                wakeAll(self, wokenToo);
                return valid ? woken.size() + wokenToo.size() : -Errno.EINVAL;
            }
            if (old == -Errno.ENOSYS) {
                return old;
            }
            if (user.atomically(second, true, physical -> 0) < 0) {
                return -Errno.EFAULT;
            }
        }
    }

    // ---- robust futexes

    /** The thread ends, or executes another program: what it owns goes to others. */
    public void releaseOwned(Thread self) {
        releaseRobustList(self);
        piFutexes.releaseOwned(self);
    }

    /** Its robust futexes are marked and one waiter of each is woken (Linux: exit_robust_list). */
    private void releaseRobustList(Thread self) {
        long head = self.robustList();
        if (head == 0 || self.process().vm() == null) {
            return;
        }
        UserAccess user = self.user();
        long[] words = user.readLongs(head, 3);
        if (words == null) {
            return;
        }
        long offset = words[1];
        long pending = words[2] & ~1L;
        long entry = words[0];
        for (int i = 0; i < ROBUST_LIST_LIMIT && entry != head && (entry & ~1L) != 0; i++) {
            long node = entry & ~1L;
            long[] next = user.readLongs(node, 1);
            if (node != pending) {
                ownerDied(self, user, node + offset, (entry & 1) != 0, false);
            }
            entry = next == null ? 0 : next[0];
        }
        if (pending != 0) {
            ownerDied(self, user, pending + offset, (words[2] & 1) != 0, true);
        }
    }

    /** {@code pending}: the thread was locking or unlocking it. If it is free then, a waiter may have been promised a wake-up. */
    private void ownerDied(Thread self, UserAccess user, long pointer, boolean hasOwner, boolean pending) {
        PhysicalMemory memory = self.kernel().memory();
        if ((pointer & 3) != 0) {
            return;
        }
        if (hasOwner) {
            piFutexes.ownerDied(self, user, pointer);
            return;
        }
        long mustWake = user.atomically(pointer, true, physical -> {
            while (true) {
                int value = memory.getInt(physical);
                if (pending && value == 0) {
                    return 1;
                }
                if ((value & PiFutexes.TID_MASK) != self.tid()) {
                    return 0;
                }
                if (memory.compareAndSetInt(physical, value, value & PiFutexes.WAITERS | PiFutexes.OWNER_DIED)) {
                    return (value & PiFutexes.WAITERS) != 0 ? 1 : 0;
                }
            }
        });
        if (mustWake == 1) {
            wake(self, pointer, 1);
        }
    }
}
