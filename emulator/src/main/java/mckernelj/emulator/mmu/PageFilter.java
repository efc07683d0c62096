// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.mmu;

import java.util.Arrays;

/** A set of addresses that may seem to contain one that was not added. */
final class PageFilter {
    private static final int BITS = 1 << 14;

    private final long[] words = new long[BITS / Long.SIZE];
    private final int shift;

    /** Addresses that differ only in their lowest {@code shift} bits are the same. */
    PageFilter(int shift) {
        this.shift = shift;
    }

    void add(long linear) {
        int bit = bit(linear);
        words[bit >>> 6] |= 1L << bit;
    }

    boolean mayContain(long linear) {
        int bit = bit(linear);
        return (words[bit >>> 6] & 1L << bit) != 0;
    }

    void clear() {
        Arrays.fill(words, 0);
    }

    private int bit(long linear) {
        long number = linear >>> shift;
        return (int) (number ^ number >>> 14) & BITS - 1;
    }
}
