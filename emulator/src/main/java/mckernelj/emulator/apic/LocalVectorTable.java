// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.apic;

import java.util.Arrays;

/** The local vector table (SDM vol. 3, 11.5.1): timer, thermal sensor, performance counters, LINT0, LINT1, error. */
final class LocalVectorTable {
    static final int TIMER = 0;
    static final int LINT0 = 3;
    static final int ERROR = 5;
    static final int ENTRIES = 6;

    static final int MASKED = 1 << 16;
    static final int EXTINT = 7;

    private static final int VECTOR = 0xFF;
    private static final int MODE = 0x700;

    /** Bits that software can write, by entry. */
    private static final int[] WRITABLE = {
        VECTOR | MASKED | 3 << 17,
        VECTOR | MODE | MASKED,
        VECTOR | MODE | MASKED,
        VECTOR | MODE | MASKED | 1 << 13 | 1 << 15,
        VECTOR | MODE | MASKED | 1 << 13 | 1 << 15,
        VECTOR | MASKED
    };

    private final int[] entries = new int[ENTRIES];

    void reset() {
        Arrays.fill(entries, MASKED);
    }

    int get(int entry) {
        return entries[entry];
    }

    /** {@code enabled}: the APIC is; else all entries stay masked. */
    void set(int entry, int value, boolean enabled) {
        entries[entry] = value & WRITABLE[entry] | (enabled ? 0 : MASKED);
    }

    static boolean isLegal(int entry, int value) {
        return (value & ~(WRITABLE[entry] | 1 << 12 | 1 << 14)) == 0;
    }

    void maskAll() {
        for (int i = 0; i < ENTRIES; i++) {
            entries[i] |= MASKED;
        }
    }

    boolean masked(int entry) {
        return (entries[entry] & MASKED) != 0;
    }

    int vector(int entry) {
        return entries[entry] & VECTOR;
    }

    int deliveryMode(int entry) {
        return entries[entry] >> 8 & 7;
    }

    int timerMode() {
        return entries[TIMER] >> 17 & 3;
    }
}
