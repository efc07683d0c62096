// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.proxy;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import mckernelj.linuxhost.libc.CpuSet;
import mckernelj.linuxhost.libc.HostProcess;

/**
 * Keeps a host thread that waits for short calls and the servant's thread on one host CPU, where a hand-over costs 2-5 us;
 * between two CPUs, one of them idle, it costs 40-60 us, and that is what the scheduler chooses on an idle host.
 *
 * <p>A thread that parks is bound to the CPU it runs on, and the servant's thread with it. A binding that was not used for
 * a {@link #TICK_MILLIS tick} is undone, and all of them are now and then, so that the scheduler can balance the load.
 * Affinity of the host only: what the guest sees is the LWK's.
 */
final class HostCpuCoupling {
    static final int TICK_MILLIS = 10;

    private static final int TICKS_PER_REBALANCE = 16;

    /** A bound thread of the node. */
    private static final class Waiter {
        final int tid = HostProcess.tid();
        final Thread thread = Thread.currentThread();
        /** CPU it is bound to, or -1. */
        volatile int cpu = -1;

        volatile boolean used;
    }

    private final CpuSet all = CpuSet.ofProcess();
    private final boolean useful = all.count() > 1;
    private final CpuSet[] single = new CpuSet[all.last() + 1];
    private final ThreadLocal<Waiter> waiters = ThreadLocal.withInitial(Waiter::new);
    private final Map<Waiter, Boolean> bound = new ConcurrentHashMap<>();
    private final Map<MailboxSlot, Boolean> boundSlots = new ConcurrentHashMap<>();
    private final Runnable whenFirst;
    private int ticks;

    /** {@code whenFirst} is run when there was no binding and now is one: from then on {@link #tick} is to be called. */
    HostCpuCoupling(Runnable whenFirst) {
        this.whenFirst = whenFirst;
        for (int cpu = 0; cpu < single.length; cpu++) {
            single[cpu] = CpuSet.of(cpu);
        }
    }

    /** The caller is going to sleep until {@code slot}'s thread has replied. */
    void couple(MailboxSlot slot) {
        if (!useful) {
            return;
        }
        Waiter waiter = waiters.get();
        waiter.used = true;
        if (waiter.cpu < 0) {
            bind(waiter);
        }
        if (slot.hostCpu() != waiter.cpu && waiter.cpu >= 0) {
            slot.setHostCpu(waiter.cpu);
            slot.bindTo(single[waiter.cpu]);
            boundSlots.put(slot, true);
        }
        slot.setHostCpuUsed(true);
    }

    private synchronized void bind(Waiter waiter) {
        int cpu = HostProcess.currentCpu();
        if (cpu < single.length && single[cpu].bind(waiter.tid) == 0) {
            waiter.cpu = cpu;
            boolean first = bound.isEmpty();
            bound.put(waiter, true);
            if (first) {
                whenFirst.run();
            }
        }
    }

    boolean active() {
        return !bound.isEmpty();
    }

    /** Undoes what is not used any more. To be called every {@link #TICK_MILLIS}, by one thread, while {@link #active}. */
    synchronized void tick() {
        boolean rebalance = ++ticks % TICKS_PER_REBALANCE == 0;
        for (Waiter waiter : List.copyOf(bound.keySet())) {
            if (rebalance || !waiter.used) {
                release(waiter);
            }
            waiter.used = false;
        }
        for (MailboxSlot slot : List.copyOf(boundSlots.keySet())) {
            if (rebalance || !slot.hostCpuUsed()) {
                boundSlots.remove(slot);
                slot.setHostCpu(-1);
                slot.bindTo(all);
            }
            slot.setHostCpuUsed(false);
        }
    }

    private void release(Waiter waiter) {
        bound.remove(waiter);
        waiter.cpu = -1;
        if (waiter.thread.isAlive()) {
            all.bind(waiter.tid);
        }
    }
}
