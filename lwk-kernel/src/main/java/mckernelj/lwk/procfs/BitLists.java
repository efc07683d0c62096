// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.procfs;

import java.util.BitSet;
import java.util.Locale;
import java.util.StringJoiner;

/** Sets of processors and nodes as Linux prints them: "0-2,5" (%*pbl) and "00000001,000000ff" (%*pb). */
final class BitLists {
    private BitLists() {}

    static BitSet first(int count) {
        BitSet set = new BitSet();
        set.set(0, count);
        return set;
    }

    static BitSet only(int bit) {
        BitSet set = new BitSet();
        set.set(bit);
        return set;
    }

    static String list(long bits) {
        return list(BitSet.valueOf(new long[] {bits}));
    }

    static String list(BitSet set) {
        StringJoiner list = new StringJoiner(",");
        for (int from = set.nextSetBit(0); from >= 0; ) {
            int to = set.nextClearBit(from);
            list.add(to == from + 1 ? String.valueOf(from) : from + "-" + (to - 1));
            from = set.nextSetBit(to);
        }
        return list.toString();
    }

    /** {@code width}: bits in the mask, members or not. */
    static String mask(BitSet set, int width) {
        long[] words = java.util.Arrays.copyOf(set.toLongArray(), Math.max(1, (width + 63) / 64));
        StringJoiner mask = new StringJoiner(",");
        for (int word = (width - 1) / 32; word >= 0; word--) {
            int digits = word == (width - 1) / 32 ? Math.max(1, ((width - 1) % 32 + 4) / 4) : 8;
            mask.add(String.format(Locale.ROOT, "%0" + digits + "x", (int) (words[word / 2] >>> word % 2 * 32)));
        }
        return mask.toString();
    }
}
