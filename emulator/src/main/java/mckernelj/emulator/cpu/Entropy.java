// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.cpu;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The machine's source of random numbers, shared by its processors: SplitMix64 over a counter. The same seed gives the
 * same numbers in the same order of requests; this is no cryptographic generator.
 */
public final class Entropy {
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

    private final AtomicLong counter;

    public Entropy(long seed) {
        counter = new AtomicLong(seed);
    }

    public long next() {
        long z = counter.addAndGet(GOLDEN_RATIO);
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
