// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.signal;

import java.util.ArrayDeque;
import java.util.Iterator;

/** Signals that wait for delivery: standard ones at most once each, real-time ones in order. Guarded by the owner's lock. */
final class PendingSignals {
    /** Bound of queued real-time signals (Linux: RLIMIT_SIGPENDING). */
    private static final int MAX_QUEUED = 4096;

    private final ArrayDeque<SigInfo> queue = new ArrayDeque<>();
    private long bits;

    long bits() {
        return bits;
    }

    /** False: the queue is full. */
    boolean add(SigInfo info) {
        long mask = SignalNumber.mask(info.signal());
        if (info.signal() < SignalNumber.SIGRTMIN && (bits & mask) != 0) {
            return true;
        }
        if (queue.size() >= MAX_QUEUED) {
            return false;
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
        return found;
    }

    void discard(long signals) {
        if ((bits & signals) != 0) {
            bits &= ~signals;
            queue.removeIf(info -> (SignalNumber.mask(info.signal()) & signals) != 0);
        }
    }
}
