// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.lwk.mm.UserAccess;

/** struct timespec and struct timeval of user memory as nanoseconds. */
final class TimeValues {
    static final long NANOS_PER_SECOND = 1_000_000_000L;

    private TimeValues() {}

    /** Nanoseconds (saturated), or -EFAULT, -EINVAL. */
    static long readTimespec(UserAccess user, long pointer) {
        long[] words = user.readLongs(pointer, 2);
        if (words == null) {
            return -Errno.EFAULT;
        }
        if (words[0] < 0 || words[1] < 0 || words[1] >= NANOS_PER_SECOND) {
            return -Errno.EINVAL;
        }
        return nanos(words[0], words[1]);
    }

    static long nanos(long seconds, long nanos) {
        if (seconds >= Long.MAX_VALUE / NANOS_PER_SECOND - 1) {
            return Long.MAX_VALUE;
        }
        return seconds * NANOS_PER_SECOND + nanos;
    }

    static long writeTimespec(UserAccess user, long pointer, long nanos) {
        boolean ok = user.writeLongs(pointer, nanos / NANOS_PER_SECOND, nanos % NANOS_PER_SECOND);
        return ok ? 0 : -Errno.EFAULT;
    }

    /** The two words of a struct timeval. */
    static long[] timeval(long nanos) {
        return new long[] {nanos / NANOS_PER_SECOND, nanos % NANOS_PER_SECOND / 1000};
    }
}
