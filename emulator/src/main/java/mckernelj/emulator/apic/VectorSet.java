// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.apic;

import java.util.concurrent.atomic.AtomicLongArray;

/** 256 interrupt vectors, one bit each (IRR, ISR). Any thread may set, clear or look. */
final class VectorSet {
    private final AtomicLongArray words = new AtomicLongArray(4);

    void set(int vector) {
        long bit = 1L << vector;
        words.getAndUpdate(vector >> 6, w -> w | bit); // always: it orders the sender's data before the bit
    }

    void clear(int vector) {
        long bit = 1L << vector;
        words.getAndUpdate(vector >> 6, w -> w & ~bit);
    }

    boolean has(int vector) {
        return (words.get(vector >> 6) & 1L << vector) != 0;
    }

    void clearAll() {
        for (int i = 0; i < 4; i++) {
            words.set(i, 0);
        }
    }

    /** The highest vector in the set, or -1. */
    int highest() {
        for (int i = 3; i >= 0; i--) {
            long word = words.get(i);
            if (word != 0) {
                return i * 64 + 63 - Long.numberOfLeadingZeros(word);
            }
        }
        return -1;
    }

    /** Bits 32 * {@code index} and up, as an APIC register shows them. */
    int register(int index) {
        return (int) (words.get(index >> 1) >>> 32 * (index & 1));
    }
}
