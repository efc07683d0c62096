// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.proc;

/** Resource limits of a process: 16 pairs of soft and hard limits, -1 for none. Any thread. */
public final class Rlimits {
    public static final int COUNT = 16;
    public static final int RLIMIT_CPU = 0;
    public static final int RLIMIT_FSIZE = 1;
    public static final int RLIMIT_DATA = 2;
    public static final int RLIMIT_STACK = 3;
    public static final int RLIMIT_CORE = 4;
    public static final int RLIMIT_RSS = 5;
    public static final int RLIMIT_NPROC = 6;
    public static final int RLIMIT_NOFILE = 7;
    public static final int RLIMIT_MEMLOCK = 8;
    public static final int RLIMIT_AS = 9;
    public static final int RLIMIT_SIGPENDING = 11;
    public static final int RLIMIT_RTPRIO = 14;

    private final long[] values;

    /** Pairs soft, hard. */
    public Rlimits(long[] pairs) {
        values = pairs.clone();
    }

    public synchronized long soft(int resource) {
        return values[2 * resource];
    }

    public synchronized long hard(int resource) {
        return values[2 * resource + 1];
    }

    public synchronized void set(int resource, long soft, long hard) {
        values[2 * resource] = soft;
        values[2 * resource + 1] = hard;
    }

    public synchronized Rlimits copy() {
        return new Rlimits(values);
    }
}
