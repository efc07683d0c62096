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

    /**
     * How many iterations of a loop access only memory that is in the TLB and contiguous at the host: in each, [{@code low}, {@code low + size})
     * moves by {@code stride}.
     *
     * @param most not more than so many
     * @return 0 if not even the first one
     */
    public static int iterations(long low, long size, long stride, long[] tlb, int most) {
        long lowest = stride < 0 ? low + (most - 1) * stride : low;
        long highest = low + size + (stride > 0 ? (most - 1) * stride : 0);
        long start = stride < 0 ? low + size - 1 : low;
        long page = start & Cpu.PAGE;
        long tag = Cpu.tag(page);
        if (U.getLong(tlb, tag) != page) {
            return 0;
        }
        long addend = U.getLong(tlb, tag + Cpu.ADDENDS);
        if (stride < 0) {
            while (page > lowest && isContiguous(page - 4096, tlb, addend)) {
                page -= 4096;
            }
            return page <= lowest ? most : page > low ? 0 : (int) ((low - page) / -stride) + 1;
        }
        page += 4096;
        while (page < highest && isContiguous(page, tlb, addend)) {
            page += 4096;
        }
        if (page >= highest) {
            return most;
        }
        long room = page - (low + size);
        return room < 0 || stride == 0 ? 0 : (int) (room / stride) + 1;
    }

    private static boolean isContiguous(long page, long[] tlb, long addend) {
        long tag = Cpu.tag(page);
        return U.getLong(tlb, tag) == page && U.getLong(tlb, tag + Cpu.ADDENDS) == addend;
    }

    /** From linear to host address, for a page that is in the TLB. */
    public static long addend(long linear, long[] tlb) {
        return U.getLong(tlb, Cpu.tag(linear) + Cpu.ADDENDS);
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
