// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.mcctrl;

/** Mappings that are on their way to a servant in the list of one call, and what became of them. */
final class MappedRuns {
    /** A list has room for this many (two records each) and the call. */
    static final int CAPACITY = 60;

    final long[] users = new long[CAPACITY];
    final long[] physicals = new long[CAPACITY];
    final long[] lengths = new long[CAPACITY];
    final boolean[] writables = new boolean[CAPACITY];
    final int[] records = new int[CAPACITY];

    /** Somebody removed pages of the run while it was on its way. */
    final boolean[] overtaken = new boolean[CAPACITY];

    int count;

    boolean full() {
        return count == CAPACITY;
    }

    void add(long user, long physical, long length, boolean writable, int record) {
        users[count] = user;
        physicals[count] = physical;
        lengths[count] = length;
        writables[count] = writable;
        overtaken[count] = false;
        records[count++] = record;
    }

    void overtake(long start, long end) {
        for (int i = 0; i < count; i++) {
            overtaken[i] |= users[i] < end && start < users[i] + lengths[i];
        }
    }
}
