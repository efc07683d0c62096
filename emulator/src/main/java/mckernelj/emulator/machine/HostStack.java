// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.machine;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import mckernelj.emulator.hw.KernelStack;
import mckernelj.emulator.hw.LogicalCpu;

/**
 * A kernel stack as a platform thread that is parked while it is no processor. A hand-over writes the successor's
 * {@link #core} and unparks it; the field is the permit, so no wake-up can be lost.
 */
final class HostStack implements KernelStack {
    private enum State {
        NEW,
        SUSPENDED,
        RUNNING,
        ENDED
    }

    private final X86Machine machine;
    private final String name;
    private final Runnable body;
    private final AtomicReference<State> state = new AtomicReference<>(State.NEW);
    private volatile Core core;
    private volatile StackThread thread;
    private volatile boolean discarded;

    /** The processor was taken away by INIT: what the unwinding host stack still does has no effect. */
    private volatile boolean detached;

    /** {@link LogicalCpu#leaveGuest} was called; only by the thread that is (or acts for) the processor. */
    private boolean leave;

    /** @param body may be null: only guest code runs on it */
    HostStack(X86Machine machine, String name, Runnable body) {
        this.machine = machine;
        this.name = name;
        this.body = body;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public LogicalCpu cpu() {
        return core;
    }

    Core core() {
        return core;
    }

    StackThread thread() {
        return thread;
    }

    void requestLeave() {
        leave = true;
    }

    boolean takeLeave() {
        boolean taken = leave;
        leave = false;
        return taken;
    }

    @Override
    public LogicalCpu switchTo(KernelStack next) {
        if (next == this) {
            return core;
        }
        handOver((HostStack) next, State.SUSPENDED);
        awaitCore();
        return core;
    }

    @Override
    public void exitTo(KernelStack next) {
        handOver((HostStack) next, State.ENDED);
        throw StackEnd.INSTANCE;
    }

    private void handOver(HostStack next, State myNewState) {
        Core mine = core;
        if (Thread.currentThread() != thread || mine == null) {
            throw new IllegalStateException(name + " is not the stack of the calling thread");
        }
        if (next.state.get() == State.ENDED || next.discarded) {
            throw new IllegalStateException(next.name + " has ended");
        }
        mine.beforeStackSwitch();
        core = null;
        state.set(myNewState);
        next.become(mine);
    }

    /** Makes this stack the processor {@code newCore}; the caller was that processor, or the processor had no stack. */
    void become(Core newCore) {
        while (!state.compareAndSet(State.SUSPENDED, State.RUNNING) && !state.compareAndSet(State.NEW, State.RUNNING)) {
            // It is on its way to suspend itself on another processor.
            if (state.get() == State.ENDED || newCore.alone()) {
                throw new IllegalStateException(name + " cannot be resumed: " + state.get());
            }
            Thread.yield();
        }
        newCore.stack = this;
        core = newCore;
        StackThread existing = thread;
        if (existing == null) {
            StackThread created = new StackThread(this, this::run);
            thread = created;
            machine.register(this);
            created.start();
        } else {
            LockSupport.unpark(existing);
        }
    }

    private void awaitCore() {
        while (core == null) {
            if (discarded || detached || machine.closing()) {
                state.set(State.ENDED);
                throw StackEnd.INSTANCE;
            }
            LockSupport.park(this);
        }
    }

    private void run() {
        try {
            core.onStackStart();
            if (body != null) {
                body.run();
            }
            for (; ; ) {
                core.runGuest();
            }
        } catch (StackEnd end) {
            // as intended
        } catch (Throwable t) {
            if (!detached && !machine.closing()) {
                machine.failed(core, t);
            }
        } finally {
            state.set(State.ENDED);
            Core mine = core;
            core = null;
            if (mine != null) {
                mine.stackDied();
            }
            machine.unregister(this);
        }
    }

    @Override
    public void discard() {
        discarded = true;
        state.compareAndSet(State.NEW, State.ENDED);
        wake();
    }

    /** Takes the processor away from a stack that waits; it unwinds when its thread looks. */
    void detach() {
        detached = true;
        core = null;
        wake();
    }

    void wake() {
        StackThread existing = thread;
        if (existing != null) {
            LockSupport.unpark(existing);
        }
    }
}
