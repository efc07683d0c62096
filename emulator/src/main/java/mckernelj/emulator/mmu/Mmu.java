// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.mmu;

/** Slow paths of memory access by linear address: page walk, TLB fill, devices, page-crossing, code pages. Faults are thrown. */
public interface Mmu {
    /** Loads {@code bytes} (1, 2, 4, 8), zero-extended. */
    long load(long linear, int bytes);

    void store(long linear, int bytes, long value);

    void checkWrite(long linear, int bytes);

    boolean compareAndSwap(int width, long linear, long expected, long value);

    /**
     * Compare-and-swap of 16 bytes at a writable multiple of 16. An implementation for several processors makes it exclusive with
     * their 16-byte swaps; single halves are swapped atomically in any case.
     */
    default boolean compareAndSwap128(long linear, long expectedLow, long expectedHigh, long low, long high) {
        if (!compareAndSwap(64, linear, expectedLow, low)) {
            return false;
        }
        if (!compareAndSwap(64, linear + 8, expectedHigh, high)) {
            compareAndSwap(64, linear, low, expectedLow);
            return false;
        }
        return true;
    }

    /**
     * Translates for instruction fetch.
     *
     * @return physical address of {@code linear}
     */
    long translateFetch(long linear);
}
