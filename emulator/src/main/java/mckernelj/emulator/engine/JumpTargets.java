// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where a jump to an address known at run time has gone, as distances from its block's start; the most frequent ones of what was seen lately.
 * Written by all processors without care: only speed depends on it.
 */
final class JumpTargets {
    private static final int MOST = 12;

    private final long[] distances = new long[MOST];
    private final int[] counts = new int[MOST];

    void observe(long distance) {
        int least = 0;
        for (int i = 0; i < MOST; i++) {
            if (counts[i] == 0 || distances[i] == distance) {
                distances[i] = distance;
                counts[i]++;
                return;
            }
            if (counts[i] < counts[least]) {
                least = i;
            }
        }
        if (--counts[least] <= 0) {
            distances[least] = distance;
            counts[least] = 1;
        }
    }

    /** The most frequent one first; rare ones are left out. */
    List<Long> frequent() {
        long all = IntStream.of(counts).asLongStream().sum();
        List<Integer> order = new ArrayList<>(IntStream.range(0, MOST)
                .filter(i -> counts[i] * 64L > all)
                .boxed()
                .toList());
        order.sort(Comparator.comparingInt(i -> -counts[i]));
        return order.stream().map(i -> distances[i]).toList();
    }
}
