// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.signal;

import java.util.Set;
import mckernelj.ihk.Errno;

/**
 * Results by which an interrupted system call says how it wants to go on; never seen by programs (Linux:
 * linux/errno.h).
 */
public final class Restart {
    /** Again if the handler has SA_RESTART or there is none. */
    public static final int ERESTARTSYS = 512;
    /** Again always. */
    public static final int ERESTARTNOINTR = 513;
    /** Again only if no handler was entered. */
    public static final int ERESTARTNOHAND = 514;

    /**
     * Calls that end with EINTR whatever SA_RESTART says (signal(7)): poll, select, epoll, SysV and POSIX queues,
     * sleeps.
     */
    private static final Set<Integer> NOT_AFTER_HANDLER =
            Set.of(7, 23, 34, 35, 65, 70, 69, 128, 130, 208, 220, 230, 232, 270, 271, 281, 333, 441);

    /** close must never be repeated: the descriptor is gone. */
    private static final int CLOSE = 3;

    private Restart() {}

    /** What a delegated call that ended with EINTR turns into. */
    public static long afterDelegated(int number) {
        if (number == CLOSE) {
            return -Errno.EINTR;
        }
        return NOT_AFTER_HANDLER.contains(number) ? -ERESTARTNOHAND : -ERESTARTSYS;
    }

    /** Calls that wait with a signal mask of their own: a signal that the mask lets through must end them. */
    private static final Set<Integer> WITH_MASK = Set.of(270, 271, 281, 441);

    /**
     * What a delegated call turns into that was cancelled before it began: as if the signal had come before the call.
     */
    public static long beforeDelegated(int number) {
        return WITH_MASK.contains(number) ? -ERESTARTNOHAND : -ERESTARTNOINTR;
    }

    /** True for the codes above. */
    public static boolean isRestart(long result) {
        return result >= -ERESTARTNOHAND && result <= -ERESTARTSYS;
    }
}
