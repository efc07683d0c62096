// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.vdso;

import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.lwk.time.KernelClock;

/**
 * Layout of the data page, which lies one page before the image: words of 64 bits. Only {@link #BOOT_EPOCH_NANOS} changes after boot, when the
 * wall clock is set ({@link KernelClock#advanceTo}): a single word, which readers need not guard.
 */
final class VdsoData {
    static final int TSC_HZ = 0;
    static final int BOOT_TSC = 8;
    static final int BOOT_EPOCH_NANOS = 16;

    private VdsoData() {}

    static void write(PhysicalMemory memory, long physical, KernelClock clock) {
        memory.putLong(physical + TSC_HZ, clock.tscHz());
        memory.putLong(physical + BOOT_TSC, clock.bootTsc());
        memory.putLong(physical + BOOT_EPOCH_NANOS, clock.bootEpochNanos());
    }
}
