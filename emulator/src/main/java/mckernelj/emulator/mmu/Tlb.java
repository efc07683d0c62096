// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.mmu;

import java.util.Arrays;

/**
 * Translations of 4 KiB pages, direct-mapped: tags in [0, n), what to add to a linear address in [n, 2n). The array is
 * what the fast paths in {@code Cpu} look at.
 */
final class Tlb {
    static final long INVALID = 1;

    final long[] entries;
    private final int size;
    private final boolean[] global;
    private boolean anyGlobal;

    /** For {@code size} pages, a power of two. */
    Tlb(int size) {
        this.size = size;
        entries = new long[2 * size];
        global = new boolean[size];
        flush();
    }

    private int index(long page) {
        return (int) (page >>> 12) & size - 1;
    }

    boolean hits(long page) {
        return entries[index(page)] == page;
    }

    /** Of a page that {@link #hits}. */
    long addend(long page) {
        return entries[index(page) + size];
    }

    void fill(long page, long addend, boolean isGlobal) {
        int i = index(page);
        entries[i] = page;
        entries[i + size] = addend;
        global[i] = isGlobal;
        anyGlobal |= isGlobal;
    }

    void invalidate(long page) {
        entries[index(page)] = INVALID;
    }

    void flush() {
        Arrays.fill(entries, 0, size, INVALID);
        anyGlobal = false;
    }

    /** Keeps global pages. */
    void flushLocal() {
        if (!anyGlobal) {
            flush();
            return;
        }
        for (int i = 0; i < size; i++) {
            if (!global[i]) {
                entries[i] = INVALID;
            }
        }
    }
}
