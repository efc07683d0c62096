// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.proxy;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import mckernelj.linuxhost.libc.Epoll;
import mckernelj.linuxhost.libc.EventFd;
import mckernelj.linuxhost.libc.Futex;
import mckernelj.linuxhost.libc.RawMemory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All servants of a node, with the two threads that look after them: one waits for deaths (pidfds in an epoll set) and
 * undoes bindings to host CPUs, one waits on the doorbell word for signals.
 */
public final class ServantTable implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServantTable.class);
    private static final long WAKE_UP_KEY = 0;

    private final MailboxMemory mailboxes = new MailboxMemory();
    private final RawMemory doorbell = mailboxes.doorbell();
    private final Map<Long, LinuxServant> servants = new ConcurrentHashMap<>();
    private final AtomicLong lastKey = new AtomicLong();
    private final Epoll deaths = new Epoll();
    private final EventFd wakeUp = new EventFd();
    private final Thread deathThread = new Thread(this::watchDeaths, "servant-deaths");
    private final Thread signalThread = new Thread(this::watchSignals, "servant-signals");
    private final HostCpuCoupling coupling = new HostCpuCoupling(wakeUp::signal);
    private volatile boolean closed;

    public ServantTable() {
        deaths.add(wakeUp.fd(), WAKE_UP_KEY);
        deathThread.setDaemon(true);
        signalThread.setDaemon(true);
        deathThread.start();
        signalThread.start();
    }

    HostCpuCoupling coupling() {
        return coupling;
    }

    MailboxMemory mailboxes() {
        return mailboxes;
    }

    /** Begins to watch; 0 or -errno. */
    long register(LinuxServant servant) {
        long key = lastKey.incrementAndGet();
        servants.put(key, servant);
        long result = deaths.add(servant.pidfd(), key);
        if (result != 0) {
            servants.remove(key);
        }
        return result;
    }

    private void watchDeaths() {
        long nextTick = System.nanoTime();
        while (!closed) {
            for (long key : deaths.await(coupling.active() ? HostCpuCoupling.TICK_MILLIS : -1)) {
                LinuxServant servant = servants.remove(key);
                if (servant != null) {
                    deaths.remove(servant.pidfd());
                    quietly("death of " + servant, servant::died);
                } else if (key == WAKE_UP_KEY) {
                    wakeUp.clear();
                }
            }
            if (System.nanoTime() - nextTick >= 0) {
                coupling.tick();
                nextTick = System.nanoTime() + HostCpuCoupling.TICK_MILLIS * 1_000_000L;
            }
        }
    }

    private void watchSignals() {
        int seen = doorbell.getIntAcquire(0);
        while (!closed) {
            Futex.waitWhile(doorbell.address(), seen);
            seen = doorbell.getIntAcquire(0);
            for (LinuxServant servant : servants.values()) {
                quietly("signal of " + servant, servant::drainAllSignals);
            }
        }
    }

    /** A listener's failure must not end the thread that serves the others. */
    private static void quietly(String what, Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            LOG.error("{}", what, e);
        }
    }

    /** Ends the two threads. Servants that still live see the node die. */
    @Override
    public void close() {
        closed = true;
        wakeUp.signal();
        doorbell.getAndAddInt(0, 1);
        Futex.wake(doorbell.address(), 1);
        try {
            deathThread.join();
            signalThread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        for (LinuxServant servant : servants.values()) {
            servant.died();
        }
        deaths.close();
        wakeUp.close();
        mailboxes.close();
    }
}
