// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.futex;

import java.util.ArrayList;
import java.util.List;
import mckernelj.ihk.Errno;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.sched.KernelThread;
import mckernelj.lwk.sched.Scheduler;
import mckernelj.lwk.signal.Restart;

/** futex_waitv(2): waits for any of several words. */
public final class FutexVector {
    /** One word. */
    public record Word(long pointer, int expected, boolean isPrivate) {}

    private final Scheduler scheduler;
    private final FutexTable table;

    FutexVector(Scheduler scheduler, FutexTable table) {
        this.scheduler = scheduler;
        this.table = table;
    }

    /** The index of a word that was woken, or a negative errno. */
    public long wait(Thread self, List<Word> words, long deadlineCycles) {
        List<FutexWaiter> waiters = new ArrayList<>();
        for (Word word : words) {
            FutexKey key = FutexKey.of(self.process().vm(), word.pointer(), word.isPrivate());
            FutexWaiter waiter = new FutexWaiter(self, -1, key);
            long error = table.enqueue(self.user(), word.pointer(), word.expected(), waiter);
            if (error != 0) {
                long woken = leave(waiters);
                return woken >= 0 ? woken : error;
            }
            waiters.add(waiter);
        }
        boolean inTime = scheduler.sleepUntil(
                self,
                KernelThread.INTERRUPTIBLE,
                () -> waiters.stream().anyMatch(waiter -> waiter.woken)
                        || self.kernel().signals().isPending(self),
                deadlineCycles);
        long woken = leave(waiters);
        if (woken >= 0) {
            return woken;
        }
        return inTime ? -Restart.ERESTARTSYS : -Errno.ETIMEDOUT;
    }

    /** Takes all out of their queues; the last one that was woken, or -1. */
    private long leave(List<FutexWaiter> waiters) {
        long woken = -1;
        for (int i = 0; i < waiters.size(); i++) {
            if (!table.remove(waiters.get(i))) {
                woken = i;
            }
        }
        return woken;
    }
}
