// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.mmu;

import java.util.Arrays;
import jdk.internal.misc.Unsafe;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.Mmu;
import mckernelj.emulator.memory.CodePages;
import mckernelj.emulator.memory.MmioRegion;
import mckernelj.emulator.memory.Ram;

/**
 * Address translation of one processor: page walks behind direct-mapped TLBs, one pair for user and one for supervisor
 * privilege. A write TLB holds only pages whose dirty flag is set and that hold neither device registers nor decoded
 * code.
 *
 * <p>All translations are 4 KiB; global pages are dropped like others, which software cannot observe.
 */
public final class PagingMmu implements Mmu {
    private static final Unsafe U = Unsafe.getUnsafe();
    private static final int N = Cpu.TLB_ENTRIES;
    private static final int FETCH_N = 64;
    private static final long PAGE = -4096L;
    private static final long INVALID = 1;

    private final Cpu cpu;
    private final Ram ram;
    private final CodePages codePages;
    private final MmioRegion device;
    private final Object busLock;
    private final PageWalker walker;
    private final long hostBase;

    private final long[] userRead;
    private final long[] userWrite;
    private final long[] systemRead = new long[2 * N];
    private final long[] systemWrite = new long[2 * N];
    private final long[] userFetch = new long[2 * FETCH_N];
    private final long[] systemFetch = new long[2 * FETCH_N];
    private boolean largePagesSeen;

    /** @param busLock one per machine: taken for locked accesses that host instructions cannot do atomically */
    public PagingMmu(Cpu cpu, Ram ram, CodePages codePages, MmioRegion device, Object busLock) {
        this.cpu = cpu;
        this.ram = ram;
        this.codePages = codePages;
        this.device = device;
        this.busLock = busLock;
        walker = new PageWalker(cpu, ram);
        hostBase = ram.hostBase();
        userRead = cpu.readTlb;
        userWrite = cpu.writeTlb;
        flush();
        privilegeChanged();
    }

    // ---- translation ---------------------------------------------------------------------------------------------

    private int user() {
        return cpu.cpl == 3 ? PageWalker.USER : 0;
    }

    private long[] readTlb(int access) {
        return (access & PageWalker.USER) != 0 ? userRead : systemRead;
    }

    private long[] writeTlb(int access) {
        return (access & PageWalker.USER) != 0 ? userWrite : systemWrite;
    }

    /** Physical address of {@code linear}; fills the TLBs. */
    private long translate(long linear, int access) {
        long page = linear & PAGE;
        int i = (int) (linear >>> 12) & N - 1;
        boolean write = (access & PageWalker.WRITE) != 0;
        long[] hit = write ? writeTlb(access) : readTlb(access);
        if (hit[i] == page) {
            return linear + hit[i + N] - hostBase;
        }
        long physical = walker.translate(linear, access);
        largePagesSeen |= walker.pageShift > 12;
        long frame = physical & PAGE;
        if (frame != device.page() && ram.isRam(frame, 4096)) {
            long addend = hostBase + frame - page;
            fill(readTlb(access), i, page, addend);
            if (write && !codePages.isCode(frame)) {
                fill(writeTlb(access), i, page, addend);
            }
        }
        return physical;
    }

    private static void fill(long[] tlb, int i, long page, long addend) {
        tlb[i] = page;
        tlb[i + N] = addend;
    }

    @Override
    public long translateFetch(long linear) {
        long[] tlb = cpu.cpl == 3 ? userFetch : systemFetch;
        long page = linear & PAGE;
        int i = (int) (linear >>> 12) & FETCH_N - 1;
        if (tlb[i] != page) {
            long physical = walker.translate(linear, PageWalker.FETCH | user());
            largePagesSeen |= walker.pageShift > 12;
            tlb[i] = page;
            tlb[i + FETCH_N] = (physical & PAGE) - page;
        }
        return linear + tlb[i + FETCH_N];
    }

    @Override
    public long hostAddress(long linear, boolean write) {
        long frame = translate(linear, user() | (write ? PageWalker.WRITE : 0)) & PAGE;
        boolean plain = frame != device.page() && ram.isRam(frame, 4096) && !(write && codePages.isCode(frame));
        return plain ? hostBase + frame + (linear & ~PAGE) : 0;
    }

    // ---- accesses
    // ------------------------------------------------------------------------------------------------------

    @Override
    public long load(long linear, int bytes) {
        return load(linear, bytes, user());
    }

    @Override
    public long loadSystem(long linear, int bytes) {
        return load(linear, bytes, 0);
    }

    private long load(long linear, int bytes, int access) {
        if (((linear ^ linear + bytes - 1) & PAGE) == 0) {
            return loadPhysical(translate(linear, access), bytes);
        }
        int first = (int) (-linear & ~PAGE);
        long low = loadBytes(translate(linear, access), first);
        long high = loadBytes(translate(next(linear + first), access), bytes - first);
        return low | high << 8 * first;
    }

    /** The start of the second page of a crossing access: linear addresses wrap at 4 GiB outside 64-bit mode. */
    private long next(long linear) {
        return cpu.long64 ? linear : linear & 0xFFFFFFFFL;
    }

    private long loadPhysical(long physical, int bytes) {
        if ((physical & PAGE) == device.page()) {
            return device.load((int) (physical & ~PAGE), bytes);
        }
        switch (bytes) {
            case 1:
                return ram.getByte(physical) & 0xFFL;
            case 2:
                return ram.getShort(physical) & 0xFFFFL;
            case 4:
                return ram.getInt(physical) & 0xFFFFFFFFL;
            default:
                return ram.getLong(physical);
        }
    }

    private long loadBytes(long physical, int bytes) {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= loadPhysical(physical + i, 1) << 8 * i;
        }
        return value;
    }

    @Override
    public void store(long linear, int bytes, long value) {
        store(linear, bytes, value, PageWalker.WRITE | user());
    }

    @Override
    public void storeSystem(long linear, int bytes, long value) {
        store(linear, bytes, value, PageWalker.WRITE);
    }

    private void store(long linear, int bytes, long value, int access) {
        if (((linear ^ linear + bytes - 1) & PAGE) == 0) {
            storePhysical(translate(linear, access), bytes, value);
            return;
        }
        int first = (int) (-linear & ~PAGE);
        long low = translate(linear, access);
        long high = translate(next(linear + first), access);
        storeBytes(low, first, value);
        storeBytes(high, bytes - first, value >>> 8 * first);
    }

    private void storePhysical(long physical, int bytes, long value) {
        if ((physical & PAGE) == device.page()) {
            device.store((int) (physical & ~PAGE), bytes, value);
            return;
        }
        switch (bytes) {
            case 1:
                ram.putByte(physical, (byte) value);
                break;
            case 2:
                ram.putShort(physical, (short) value);
                break;
            case 4:
                ram.putInt(physical, (int) value);
                break;
            default:
                ram.putLong(physical, value);
                break;
        }
    }

    private void storeBytes(long physical, int bytes, long value) {
        for (int i = 0; i < bytes; i++) {
            storePhysical(physical + i, 1, value >>> 8 * i);
        }
    }

    @Override
    public void checkWrite(long linear, int bytes) {
        translate(linear, PageWalker.WRITE | user());
        long last = next(linear + bytes - 1);
        if (((linear ^ last) & PAGE) != 0) {
            translate(last & PAGE, PageWalker.WRITE | user());
        }
    }

    // ---- atomic accesses
    // -----------------------------------------------------------------------------------------------

    @Override
    public boolean compareAndSwap(int width, long linear, long expected, long value) {
        int bytes = width >> 3;
        boolean inWord = ((linear ^ linear + bytes - 1) & -8L) == 0;
        long physical = translate(linear, PageWalker.WRITE | user());
        if (!inWord || (physical & PAGE) == device.page() || !ram.isRam(physical, bytes)) {
            return swapUnderBusLock(bytes, linear, expected, value);
        }
        boolean swapped = swapInWord(hostBase + physical, width, expected, value);
        if (swapped && codePages.isCode(physical)) {
            codePages.written(physical, bytes);
        }
        return swapped;
    }

    private static boolean swapInWord(long host, int width, long expected, long value) {
        if (width == 64) {
            return U.compareAndSetLong(null, host, expected, value);
        }
        if (width == 32 && (host & 3) == 0) {
            return U.compareAndSetInt(null, host, (int) expected, (int) value);
        }
        int shift = (int) (host & 7) * 8;
        long mask = (1L << width) - 1 << shift;
        long word = host & -8L;
        for (; ; ) {
            long old = U.getLongVolatile(null, word);
            if (((old ^ expected << shift) & mask) != 0) {
                return false;
            }
            if (U.compareAndSetLong(null, word, old, old & ~mask | value << shift & mask)) {
                return true;
            }
        }
    }

    /** Split locks and devices: atomic among themselves only. */
    private boolean swapUnderBusLock(int bytes, long linear, long expected, long value) {
        checkWrite(linear, bytes);
        long mask = bytes == 8 ? -1L : (1L << 8 * bytes) - 1;
        synchronized (busLock) {
            if (((load(linear, bytes) ^ expected) & mask) != 0) {
                return false;
            }
            store(linear, bytes, value);
            return true;
        }
    }

    @Override
    public boolean compareAndSwap128(long linear, long expectedLow, long expectedHigh, long low, long high) {
        synchronized (busLock) {
            return Mmu.super.compareAndSwap128(linear, expectedLow, expectedHigh, low, high);
        }
    }

    // ---- keeping the TLBs right
    // ----------------------------------------------------------------------------------------

    @Override
    public void privilegeChanged() {
        boolean user = cpu.cpl == 3;
        cpu.readTlb = user ? userRead : systemRead;
        cpu.writeTlb = user ? userWrite : systemWrite;
    }

    @Override
    public void invalidatePage(long linear) {
        if (largePagesSeen) {
            flush(); // the 4 KiB fragments of a large page are not linked to each other
            return;
        }
        int i = (int) (linear >>> 12) & N - 1;
        userRead[i] = INVALID;
        userWrite[i] = INVALID;
        systemRead[i] = INVALID;
        systemWrite[i] = INVALID;
        userFetch[i & FETCH_N - 1] = INVALID;
        systemFetch[i & FETCH_N - 1] = INVALID;
        cpu.translationEpoch++;
    }

    @Override
    public void flush() {
        Arrays.fill(userRead, 0, N, INVALID);
        Arrays.fill(userWrite, 0, N, INVALID);
        Arrays.fill(systemRead, 0, N, INVALID);
        Arrays.fill(systemWrite, 0, N, INVALID);
        Arrays.fill(userFetch, 0, FETCH_N, INVALID);
        Arrays.fill(systemFetch, 0, FETCH_N, INVALID);
        largePagesSeen = false;
        cpu.translationEpoch++;
    }

    @Override
    public void purgeCodePages() {
        purgeCodePages(userWrite);
        purgeCodePages(systemWrite);
    }

    private void purgeCodePages(long[] tlb) {
        for (int i = 0; i < N; i++) {
            if (tlb[i] != INVALID && codePages.isCode(tlb[i] + tlb[i + N] - hostBase)) {
                tlb[i] = INVALID;
            }
        }
    }
}
