// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.signal;

import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * Signals that wait for delivery: standard ones at most once each, real-time ones in order. Guarded by the owner's
 * lock.
 */
final class PendingSignals {
    /** Bound of the kernel's own memory, whatever RLIMIT_SIGPENDING says. */
    private static final int MAX_QUEUED = 1 << 17;

    private final ArrayDeque<SigInfo> queue = new ArrayDeque<>();
    private long bits;

    long bits() {
        return bits;
    }

    /** {@code limit}: RLIMIT_SIGPENDING. False: the queue is full, and the signal is one that may not be lost then. */
    boolean add(SigInfo info, long limit) {
        long mask = SignalNumber.mask(info.signal());
        boolean realTime = info.signal() >= SignalNumber.SIGRTMIN;
        if (!realTime && (bits & mask) != 0) {
            return true;
        }
        boolean full = queue.size() >= MAX_QUEUED || limit >= 0 && queue.size() >= limit;
        if (full && realTime && info.code() != SigInfo.SI_USER) {
            return false;
        }
        if (full && (bits & mask) != 0) {
            return true; // Linux sets the bit and forgets the siginfo
        }
        bits |= mask;
        queue.add(info);
        return true;
    }

    /** Takes the first of the wanted signals: synchronous ones first, then by number. Null: none. */
    SigInfo take(long wanted) {
        long candidates = bits & wanted;
        if (candidates == 0) {
            return null;
        }
        long urgent = candidates & SignalNumber.SYNCHRONOUS;
        int signal = Long.numberOfTrailingZeros(urgent != 0 ? urgent : candidates) + 1;
        return takeFirst(signal);
    }

    int count() {
        return queue.size();
    }

    boolean has(SigInfo info) {
        return queue.contains(info);
    }

    private SigInfo takeFirst(int signal) {
        SigInfo found = null;
        boolean more = false;
        for (Iterator<SigInfo> i = queue.iterator(); i.hasNext() && !more; ) {
            SigInfo info = i.next();
            if (info.signal() == signal) {
                if (found == null) {
                    found = info;
                    i.remove();
                } else {
                    more = true;
                }
            }
        }
        if (!more) {
            bits &= ~SignalNumber.mask(signal);
        }
        return found == null ? null : found.taken();
    }

    void discard(long signals) {
        if ((bits & signals) != 0) {
            bits &= ~signals;
            queue.removeIf(info -> {
                boolean gone = (SignalNumber.mask(info.signal()) & signals) != 0;
                if (gone) {
                    info.taken();
                }
                return gone;
            });
        }
    }
}
