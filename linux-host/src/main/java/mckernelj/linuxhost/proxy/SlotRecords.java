// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.proxy;

import static mckernelj.ihk.launch.MailboxLayout.MAX_RECORDS;
import static mckernelj.ihk.launch.MailboxLayout.RECORDS;
import static mckernelj.ihk.launch.MailboxLayout.RECORD_BYTES;

import mckernelj.linuxhost.libc.RawMemory;

/** The list under construction; it is kept in the node until it is submitted. */
final class SlotRecords implements RecordList {
    private static final int WORDS = 7;

    private final long[] words = new long[MAX_RECORDS * WORDS];
    private int size;

    void clear() {
        size = 0;
    }

    @Override
    public int add(int number, long a, long b, long c, long d, long e, long f) {
        if (size == MAX_RECORDS) {
            throw new IllegalStateException("more than " + MAX_RECORDS + " records");
        }
        int at = size * WORDS;
        words[at] = number;
        words[at + 1] = a;
        words[at + 2] = b;
        words[at + 3] = c;
        words[at + 4] = d;
        words[at + 5] = e;
        words[at + 6] = f;
        return size++;
    }

    @Override
    public int size() {
        return size;
    }

    void copyTo(RawMemory slot) {
        for (int record = 0; record < size; record++) {
            for (int word = 0; word < WORDS; word++) {
                slot.putLong(RECORDS + (long) record * RECORD_BYTES + 8L * word, words[record * WORDS + word]);
            }
        }
    }
}
