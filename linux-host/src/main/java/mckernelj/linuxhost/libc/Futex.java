// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.libc;

import mckernelj.ihk.SystemCallNumber;

/** Futexes in memory that is shared with other processes (not private ones). Addresses are aligned to 4. */
public final class Futex {
    private static final int FUTEX_WAIT = 0;
    private static final int FUTEX_WAKE = 1;

    private Futex() {}

    /** Sleeps while the word equals {@code expected}; a wake-up can be spurious. No time limit. */
    public static long waitWhile(long address, int expected) {
        return LibC.call(SystemCallNumber.FUTEX, address, FUTEX_WAIT, expected, 0);
    }

    /** The same, at most until the relative {@code struct timespec} at this address is over. */
    public static long waitWhile(long address, int expected, long timespec) {
        return LibC.call(SystemCallNumber.FUTEX, address, FUTEX_WAIT, expected, timespec);
    }

    public static void wake(long address, int waiters) {
        LibC.call(SystemCallNumber.FUTEX, address, FUTEX_WAKE, waiters);
    }
}
