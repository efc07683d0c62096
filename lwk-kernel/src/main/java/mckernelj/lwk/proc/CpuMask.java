// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.proc;

import java.util.BitSet;

/** A set of LWK processors. Immutable. */
public final class CpuMask {
    private final BitSet bits;

    private CpuMask(BitSet bits) {
        this.bits = bits;
    }

    /** Bit n of word n / 64. */
    public static CpuMask of(long[] words) {
        return new CpuMask(BitSet.valueOf(words));
    }

    public static CpuMask all(int cpuCount) {
        BitSet bits = new BitSet();
        bits.set(0, cpuCount);
        return new CpuMask(bits);
    }

    public boolean contains(int cpu) {
        return bits.get(cpu);
    }

    public boolean isEmpty() {
        return bits.isEmpty();
    }

    public CpuMask and(CpuMask other) {
        BitSet both = (BitSet) bits.clone();
        both.and(other.bits);
        return new CpuMask(both);
    }

    public int size() {
        return bits.cardinality();
    }

    /** The lowest member at or above {@code from}, or -1. */
    public int next(int from) {
        return bits.nextSetBit(from);
    }

    /** At least {@code minimum} words. */
    public long[] words(int minimum) {
        long[] words = bits.toLongArray();
        return words.length >= minimum ? words : java.util.Arrays.copyOf(words, minimum);
    }
}
