// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.proxy;

import static mckernelj.ihk.launch.MailboxLayout.NODE_SLEEPS;
import static mckernelj.ihk.launch.MailboxLayout.NODE_TIMEOUT;
import static mckernelj.ihk.launch.MailboxLayout.WAKE;

import java.util.function.BooleanSupplier;
import mckernelj.linuxhost.libc.Futex;
import mckernelj.linuxhost.libc.RawMemory;

/**
 * The waiting half of a slot: a host thread sleeps on the slot's wake counter, which the servant increments after a reply
 * and the node after anything else that the thread should look at. The flag "node sleeps" is written by the sleeper only: a
 * waker that cleared it could wipe the flag of the next wait.
 */
final class SlotWait {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final RawMemory slot;
    /** Wake counter when the last park ended. */
    private volatile int seen;

    private int sleepers;

    SlotWait(RawMemory slot) {
        this.slot = slot;
        seen = slot.getIntAcquire(WAKE);
    }

    /** Sleeps unless {@code ready}, or a wake-up came since the last park. */
    void park(long nanos, BooleanSupplier ready) {
        enter();
        int counter = slot.getIntAcquire(WAKE);
        if (counter == seen && !ready.getAsBoolean()) {
            slot.putLong(NODE_TIMEOUT, nanos / NANOS_PER_SECOND);
            slot.putLong(NODE_TIMEOUT + 8, nanos % NANOS_PER_SECOND);
            Futex.waitWhile(slot.address() + WAKE, counter, slot.address() + NODE_TIMEOUT);
        }
        leave();
    }

    /** More than one thread can be here for a moment, when the wait goes from one to another. */
    private synchronized void enter() {
        if (sleepers++ == 0) {
            slot.putIntFenced(NODE_SLEEPS, 1);
        }
    }

    private synchronized void leave() {
        if (--sleepers == 0) {
            slot.putIntFenced(NODE_SLEEPS, 0);
        }
        seen = slot.getIntAcquire(WAKE);
    }

    void wake() {
        slot.getAndAddInt(WAKE, 1);
        if (slot.getIntAcquire(NODE_SLEEPS) != 0) {
            Futex.wake(slot.address() + WAKE, Integer.MAX_VALUE);
        }
    }
}
