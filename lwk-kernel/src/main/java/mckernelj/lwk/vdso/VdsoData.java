// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.vdso;

import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.lwk.time.KernelClock;

/** Layout of the data page, which lies one page before the image. Nothing in it changes after boot. */
final class VdsoData {
    static final int TSC_HZ = 0;
    static final int BOOT_TSC = 8;
    static final int BOOT_SECONDS = 16;
    static final int BOOT_NANOS = 24;

    private VdsoData() {}

    static void write(PhysicalMemory memory, long physical, KernelClock clock) {
        memory.putLong(physical + TSC_HZ, clock.tscHz());
        memory.putLong(physical + BOOT_TSC, clock.bootTsc());
        memory.putLong(physical + BOOT_SECONDS, clock.bootEpochNanos() / 1_000_000_000L);
        memory.putLong(physical + BOOT_NANOS, clock.bootEpochNanos() % 1_000_000_000L);
    }
}
