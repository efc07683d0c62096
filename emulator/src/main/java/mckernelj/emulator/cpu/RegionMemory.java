// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.cpu;

import jdk.internal.misc.Unsafe;

/**
 * Memory accesses of a {@link RegionCode}: what the TLB has happens here, everything else (a walk, a fault, a device, a store to code, an access
 * that crosses a page) leaves the region before the instruction has done anything. Loads are sign-extended. Loads are acquires and stores are
 * releases, which is the order of x86.
 */
public final class RegionMemory {
    private static final Unsafe U = Unsafe.getUnsafe();

    private RegionMemory() {}

    /**
     * Host address of an access.
     *
     * @param tlb {@link Cpu#readTlb} or {@link Cpu#writeTlb}
     * @param last the access's size in bytes minus 1
     */
    public static long host(long linear, long[] tlb, int last) {
        long tag = Cpu.tag(linear);
        if (U.getLong(tlb, tag) != (linear + last & Cpu.PAGE)) {
            throw LeaveRegion.INSTANCE;
        }
        return linear + U.getLong(tlb, tag + Cpu.ADDENDS);
    }

    public static long get8(long host) {
        return U.getByte(null, host);
    }

    public static long get16(long host) {
        return U.getShortAcquire(null, host);
    }

    public static long get32(long host) {
        return U.getIntAcquire(null, host);
    }

    public static long get64(long host) {
        return U.getLongAcquire(null, host);
    }

    public static void put8(long host, long value) {
        U.putByte(null, host, (byte) value);
    }

    public static void put16(long host, long value) {
        U.putShortRelease(null, host, (short) value);
    }

    public static void put32(long host, long value) {
        U.putIntRelease(null, host, (int) value);
    }

    public static void put64(long host, long value) {
        U.putLongRelease(null, host, value);
    }
}
