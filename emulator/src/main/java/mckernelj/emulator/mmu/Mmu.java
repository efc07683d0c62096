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
     * Translates for instruction fetch.
     *
     * @return physical address of {@code linear}
     */
    long translateFetch(long linear);
}
