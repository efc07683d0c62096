// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.proxy;

/** A list of system calls for one trip to a servant, filled in place in the slot's memory. */
public interface RecordList {
    /** Appends a call and returns its index. At most {@link #capacity()} records; more is an error of the caller. */
    int add(int number, long a, long b, long c, long d, long e, long f);

    int size();

    default int capacity() {
        return mckernelj.ihk.launch.MailboxLayout.MAX_RECORDS;
    }

    default int room() {
        return capacity() - size();
    }

    default int add(int number) {
        return add(number, 0, 0, 0, 0, 0, 0);
    }

    default int add(int number, long a) {
        return add(number, a, 0, 0, 0, 0, 0);
    }

    default int add(int number, long a, long b) {
        return add(number, a, b, 0, 0, 0, 0);
    }

    default int add(int number, long a, long b, long c) {
        return add(number, a, b, c, 0, 0, 0);
    }

    default int add(int number, long a, long b, long c, long d) {
        return add(number, a, b, c, d, 0, 0);
    }

    default int add(int number, long a, long b, long c, long d, long e) {
        return add(number, a, b, c, d, e, 0);
    }
}
