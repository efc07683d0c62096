// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.proxy;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** Brings what happens to a servant to its listener; keeps it while there is none. */
final class SignalInbox {
    private static final int KEPT_EVENTS = 256;

    private final Deque<Consumer<ServantListener>> kept = new ArrayDeque<>();
    private ServantListener listener;

    synchronized void setListener(ServantListener newListener) {
        listener = newListener;
        while (listener != null && !kept.isEmpty()) {
            kept.remove().accept(listener);
        }
    }

    /**
     * Tells all new entries of the slot's ring. Taking and telling is one step, so that a caller who finds the ring empty
     * knows that everything has been told.
     */
    synchronized void drain(MailboxSlot slot) {
        for (byte[] siginfo = slot.nextSignal(); siginfo != null; siginfo = slot.nextSignal()) {
            byte[] signal = siginfo;
            if (!SignalRecords.isResumption(signal)) {
                tell(target -> target.onSignal(slot, signal));
            }
            slot.signalTold();
        }
    }

    synchronized void died(Servant servant) {
        tell(target -> target.onDeath(servant));
    }

    private void tell(Consumer<ServantListener> event) {
        if (listener != null) {
            event.accept(listener);
        } else if (kept.size() < KEPT_EVENTS) {
            kept.add(event);
        }
    }
}
