// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.signal;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The signalfds of a process: which signals go to which handle. Descriptors are Linux'; a handle outlives its descriptor until mcctrl notices
 * (CLEANUP_FD). Guarded by the owner's lock.
 */
final class SignalFiles {
    private final Map<Long, Long> masks = new LinkedHashMap<>();

    void set(long handle, long signals) {
        masks.put(handle, signals & ~SignalNumber.UNBLOCKABLE);
    }

    void remove(long handle) {
        masks.remove(handle);
    }

    /** The handle of one that wants this signal, or 0. */
    long wanting(int signal) {
        for (Map.Entry<Long, Long> entry : masks.entrySet()) {
            if ((entry.getValue() & SignalNumber.mask(signal)) != 0) {
                return entry.getKey();
            }
        }
        return 0;
    }
}
