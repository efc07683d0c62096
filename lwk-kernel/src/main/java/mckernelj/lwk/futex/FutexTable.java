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

    /** Guarded by this. */
    private final Map<FutexKey, Set<Waiter>> queues = new HashMap<>();

    private static final class Waiter {
        private final Thread thread;
        private final int bits;
        private FutexKey key;
        private volatile boolean woken;

        Waiter(Thread thread, int bits, FutexKey key) {
            this.thread = thread;
            this.bits = bits;
            this.key = key;
        }
    }

    public FutexTable(Scheduler scheduler) {
        this.scheduler = scheduler;
        this.piFutexes = new PiFutexes(scheduler);
    }

    /** The futexes with an owner. */
    public PiFutexes withOwner() {
        return piFutexes;
    }

    // ---- wait

    /** Waits while the word is {@code expected}, at most until {@code deadlineCycles}. 0 or a negative errno. */
    public long wait(Thread self, long pointer, boolean isPrivate, int expected, int bits, long deadlineCycles) {
        UserAccess user = self.user();
        FutexKey key = FutexKey.of(self.process().vm(), pointer, isPrivate);
        Waiter waiter = new Waiter(self, bits, key);
        long value = enqueueIf(user, pointer, expected, waiter);
        while (value == -Errno.EAGAIN) {
            if (user.readInt(pointer) < 0) {
                return -Errno.EFAULT;
            }
            value = enqueueIf(user, pointer, expected, waiter);
        }
        if (value != (expected & 0xFFFF_FFFFL)) {
            return -Errno.EAGAIN;
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

    /** The word's value, or -EAGAIN if it cannot be read without a fault; enqueues if it is as expected. */
    private synchronized long enqueueIf(UserAccess user, long pointer, int expected, Waiter waiter) {
        long value = user.peekInt(pointer);
        if (value == (expected & 0xFFFF_FFFFL)) {
            queues.computeIfAbsent(waiter.key, k -> new LinkedHashSet<>()).add(waiter);
        }
        return value;
    }

    /** False: it was woken meanwhile. */
    private synchronized boolean remove(Waiter waiter) {
        if (waiter.woken) {
            return false;
        }
        Set<Waiter> queue = queues.get(waiter.key);
        queue.remove(waiter);
        dropIfEmpty(waiter.key, queue);
        return true;
    }

    private void dropIfEmpty(FutexKey key, Set<Waiter> queue) {
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
        List<Waiter> woken = new ArrayList<>();
        synchronized (this) {
            take(key, count, bits, woken);
        }
        wakeAll(self, woken);
        return woken.size();
    }

    private void take(FutexKey key, int count, int bits, List<Waiter> woken) {
        Set<Waiter> queue = queues.get(key);
        if (queue == null) {
            return;
        }
        for (Iterator<Waiter> i = queue.iterator(); i.hasNext() && woken.size() < count; ) {
            Waiter waiter = i.next();
            if ((waiter.bits & bits) != 0) {
                i.remove();
                waiter.woken = true;
                woken.add(waiter);
            }
        }
        dropIfEmpty(key, queue);
    }

    private void wakeAll(Thread self, List<Waiter> woken) {
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
            List<Waiter> woken = new ArrayList<>();
            long value;
            int moved = 0;
            synchronized (this) {
                value = expected == null ? 0 : user.peekInt(from);
                if (expected == null || value == (expected & 0xFFFF_FFFFL)) {
                    take(source, wakeCount, -1, woken);
                    moved = move(source, target, moveCount);
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
                return woken.size() + moved;
            }
        }
    }

    private int move(FutexKey source, FutexKey target, int count) {
        Set<Waiter> queue = queues.get(source);
        if (queue == null || source.equals(target)) {
            return 0;
        }
        int moved = 0;
        for (Iterator<Waiter> i = queue.iterator(); i.hasNext() && moved < count; moved++) {
            Waiter waiter = i.next();
            i.remove();
            waiter.key = target;
            queues.computeIfAbsent(target, k -> new LinkedHashSet<>()).add(waiter);
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
            List<Waiter> woken = new ArrayList<>();
            List<Waiter> wokenToo = new ArrayList<>();
            long old;
            synchronized (this) {
                old = user.tryAtomically(second, true, operation);
                if (old >= 0) {
                    take(firstKey, count, -1, woken);
                    if (WakeOperation.compares((int) old, encoded)) {
                        take(secondKey, secondCount, -1, wokenToo);
                    }
                }
            }
            if (old >= 0) {
                wakeAll(self, woken);
                wakeAll(self, wokenToo);
                return woken.size() + wokenToo.size();
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

    /** The thread ends: its robust futexes are marked and one waiter of each is woken (Linux: exit_robust_list). */
    public void releaseRobustList(Thread self) {
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
                ownerDied(self, user, node + offset, (entry & 1) != 0);
            }
            entry = next == null ? 0 : next[0];
        }
        if (pending != 0) {
            ownerDied(self, user, pending + offset, (words[2] & 1) != 0);
        }
    }

    private void ownerDied(Thread self, UserAccess user, long pointer, boolean hasOwner) {
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
