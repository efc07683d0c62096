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
     * moves by {@code stride}. What leads from linear to host addresses is then in {@link Cpu#runAddend}. A page to be read is brought into
     * the TLB: streams that compete for the same entry would never be there together.
     *
     * @param most not more than so many
     * @return 0 if not even the first one
     */
    public static int iterations(Cpu cpu, long low, long size, long stride, boolean write, int most) {
        long start = stride < 0 ? low + size - 1 : low;
        long page = start & Cpu.PAGE;
        long[] tlb = write ? cpu.writeTlb : cpu.readTlb;
        long tag = Cpu.tag(page);
        if (U.getLong(tlb, tag) != page && (write || !touch(cpu, start) || U.getLong(tlb, tag) != page)) {
            return 0;
        }
        long addend = U.getLong(tlb, tag + Cpu.ADDENDS);
        cpu.runAddend = addend;
        return stride < 0
                ? downwards(low, stride, page, tlb, addend, most)
                : upwards(low + size, stride, page + 4096, tlb, addend, most);
    }

    private static int downwards(long low, long stride, long start, long[] tlb, long addend, int most) {
        long lowest = low + (most - 1) * stride;
        long page = start;
        while (page > lowest && isContiguous(page - 4096, tlb, addend)) {
            page -= 4096;
        }
        return page <= lowest ? most : page > low ? 0 : (int) ((low - page) / -stride) + 1;
    }

    private static int upwards(long high, long stride, long start, long[] tlb, long addend, int most) {
        long highest = high + (most - 1) * stride;
        long page = start;
        while (page < highest && isContiguous(page, tlb, addend)) {
            page += 4096;
        }
        if (page >= highest) {
            return most;
        }
        return page < high || stride == 0 ? 0 : (int) ((page - high) / stride) + 1;
    }

    /** Brings a page into the TLB as a speculative read would: false if it cannot be read. */
    private static boolean touch(Cpu cpu, long linear) {
        try {
            cpu.load8(linear);
            return true;
        } catch (X86Fault | LeaveRegion e) {
            return false;
        }
    }

    private static boolean isContiguous(long page, long[] tlb, long addend) {
        long tag = Cpu.tag(page);
        return U.getLong(tlb, tag) == page && U.getLong(tlb, tag + Cpu.ADDENDS) == addend;
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
