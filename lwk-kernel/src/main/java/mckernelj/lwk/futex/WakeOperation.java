// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.futex;

import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.ihk.Errno;

/** The operation encoded in the last argument of FUTEX_WAKE_OP: {op, cmp, oparg, cmparg}. */
final class WakeOperation {
    private static final int OP_ARG_SHIFT = 8;

    private WakeOperation() {}

    /** Applies it to an aligned word; returns the old value, zero-extended, or -ENOSYS. */
    static long apply(PhysicalMemory memory, long physical, int encoded) {
        int operation = encoded >>> 28 & 0xF;
        int argument = encoded << 8 >> 20;
        if ((operation & OP_ARG_SHIFT) != 0) {
            argument = 1 << (argument & 31);
        }
        if ((operation & 7) > 4) {
            return -Errno.ENOSYS;
        }
        while (true) {
            int old = memory.getInt(physical);
            int changed =
                    switch (operation & 7) {
                        case 0 -> argument;
                        case 1 -> old + argument;
                        case 2 -> old | argument;
                        case 3 -> old & ~argument;
                        default -> old ^ argument;
                    };
            if (memory.compareAndSetInt(physical, old, changed)) {
                return old & 0xFFFF_FFFFL;
            }
        }
    }

    static boolean compares(int old, int encoded) {
        int argument = encoded << 20 >> 20;
        return switch (encoded >>> 24 & 0xF) {
            case 0 -> old == argument;
            case 1 -> old != argument;
            case 2 -> old < argument;
            case 3 -> old <= argument;
            case 4 -> old > argument;
            case 5 -> old >= argument;
            default -> false;
        };
    }
}
