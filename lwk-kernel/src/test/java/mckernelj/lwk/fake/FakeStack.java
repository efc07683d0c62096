// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.fake;

import java.util.concurrent.Semaphore;
import mckernelj.emulator.hw.KernelStack;
import mckernelj.emulator.hw.LogicalCpu;

/** A kernel stack on a host thread, started at the first switch to it. */
public final class FakeStack implements KernelStack {
    /** Unwinds a stack that ends. */
    @SuppressWarnings("serial")
    private static final class Ended extends Error {
        Ended() {
            super(null, null, false, false);
        }
    }

    private final String name;
    private final Runnable body;
    private final Semaphore turn = new Semaphore(0);
    private volatile FakeCpu cpu;
    private volatile boolean discarded;
    private Thread thread;

    FakeStack(String name, Runnable body) {
        this.name = name;
        this.body = body;
    }

    /** The calling host thread is this stack, and is {@code cpu}. */
    void adopt(FakeCpu adopted) {
        thread = Thread.currentThread();
        cpu = adopted;
        adopted.stack = this;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public LogicalCpu cpu() {
        return cpu;
    }

    @Override
    public LogicalCpu switchTo(KernelStack next) {
        handOver((FakeStack) next);
        turn.acquireUninterruptibly();
        if (discarded) {
            throw new Ended();
        }
        return cpu;
    }

    @Override
    public void exitTo(KernelStack next) {
        handOver((FakeStack) next);
        throw new Ended();
    }

    private void handOver(FakeStack next) {
        FakeCpu mine = cpu;
        cpu = null;
        next.cpu = mine;
        mine.stack = next;
        if (next.thread == null) {
            next.thread = new Thread(next::run, next.name);
            next.thread.setDaemon(true);
            next.thread.start();
        }
        next.turn.release();
    }

    private void run() {
        turn.acquireUninterruptibly();
        try {
            body.run();
        } catch (Ended e) {
            return;
        }
        throw new IllegalStateException("a fake stack cannot run the guest: " + name);
    }

    @Override
    public void discard() {
        discarded = true;
        turn.release();
    }
}
