// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.mmu;

import java.util.function.Consumer;
import jdk.internal.misc.Unsafe;
import mckernelj.emulator.cpu.ControlRegisters;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.DeviceStore;
import mckernelj.emulator.cpu.LeaveRegion;
import mckernelj.emulator.cpu.Mmu;
import mckernelj.emulator.cpu.X86Fault;
import mckernelj.emulator.memory.CodePages;
import mckernelj.emulator.memory.MmioRegion;
import mckernelj.emulator.memory.Ram;

/**
 * Address translation of one processor: page walks behind direct-mapped TLBs, one pair for user and one for supervisor
 * privilege, and one for a supervisor that SMAP lets use user pages. A write TLB holds only pages whose dirty flag is
 * set and that hold neither device registers nor decoded code. While every access must be looked at (alignment checks),
 * the fast paths see an empty TLB; pages with a watched address are in none.
 *
 * <p>All translations are 4 KiB. Process-context identifiers are not kept: a change of CR3 drops all but global pages.
 */
public final class PagingMmu implements Mmu {
    private static final Unsafe U = Unsafe.getUnsafe();
    private static final int N = Cpu.TLB_ENTRIES;
    private static final int FETCH_N = 512;
    private static final long PAGE = -4096L;

    private final Cpu cpu;
    private final Ram ram;
    private final CodePages codePages;
    private final MmioRegion device;
    private final Object busLock;
    private final PageWalker walker;
    private final long hostBase;

    private final Tlb userRead = new Tlb(N);
    private final Tlb userWrite = new Tlb(N);
    private final Tlb systemRead = new Tlb(N);
    private final Tlb systemWrite = new Tlb(N);
    private final Tlb userFetch = new Tlb(FETCH_N);
    private final Tlb systemFetch = new Tlb(FETCH_N);
    private final Tlb nothing = new Tlb(N);

    /** Made when SMAP is first used. */
    private Tlb exemptRead;

    private Tlb exemptWrite;

    /** What {@link PageWalker} is told about ordinary accesses at the current privilege. */
    private int explicit;

    private boolean alignmentChecked;

    /** 4 MiB that hold a part of a large page which is in a TLB. */
    private final PageFilter largePages = new PageFilter(22);

    /** A page of 1 GiB is in a TLB. */
    private boolean hugePages;

    /** What fetches have been told the translation of since {@link Cpu#translationEpoch}. */
    private final PageFilter fetched = new PageFilter(12);

    /** @param busLock one per machine: taken for locked accesses that host instructions cannot do atomically */
    public PagingMmu(Cpu cpu, Ram ram, CodePages codePages, MmioRegion device, Object busLock) {
        this.cpu = cpu;
        this.ram = ram;
        this.codePages = codePages;
        this.device = device;
        this.busLock = busLock;
        walker = new PageWalker(cpu, ram);
        hostBase = ram.hostBase();
        privilegeChanged();
    }

    // ---- translation ---------------------------------------------------------------------------------------------

    private Tlb readTlb(int access) {
        return (access & PageWalker.USER) != 0
                ? userRead
                : (access & PageWalker.SMAP_EXEMPT) != 0 ? exemptRead : systemRead;
    }

    private Tlb writeTlb(int access) {
        return (access & PageWalker.USER) != 0
                ? userWrite
                : (access & PageWalker.SMAP_EXEMPT) != 0 ? exemptWrite : systemWrite;
    }

    /** Physical address of {@code linear}; fills the TLBs. */
    private long translate(long linear, int access) {
        long page = linear & PAGE;
        boolean write = (access & PageWalker.WRITE) != 0;
        Tlb tlb = write ? writeTlb(access) : readTlb(access);
        if (tlb.hits(page)) {
            return linear + tlb.addend(page) - hostBase;
        }
        long physical = walker.translate(linear, access);
        noteLargePage(linear);
        long frame = physical & PAGE;
        if (frame != device.page() && ram.isRam(frame, 4096) && !cpu.breakpoints.watchesPage(page)) {
            long addend = hostBase + frame - page;
            readTlb(access).fill(page, addend, walker.global);
            if (write && !codePages.isCode(frame)) {
                tlb.fill(page, addend, walker.global);
                return physical;
            }
            if (!write) {
                return physical;
            }
        }
        if (cpu.inRegion) {
            throw LeaveRegion.INSTANCE;
        }
        return physical;
    }

    @Override
    public long translateFetch(long linear) {
        Tlb tlb = cpu.cpl == 3 ? userFetch : systemFetch;
        long page = linear & PAGE;
        fetched.add(page);
        if (!tlb.hits(page)) {
            long physical = walker.translate(linear, PageWalker.FETCH | explicit & PageWalker.USER);
            noteLargePage(linear);
            tlb.fill(page, (physical & PAGE) - page, walker.global);
        }
        return linear + tlb.addend(page);
    }

    /** Alignment checks and data breakpoints: what only accesses without the TLB see. */
    private void examine(long linear, int bytes, int access) {
        boolean misaligned = bytes <= 8 && (linear & bytes - 1) != 0;
        if (alignmentChecked && misaligned && (access & PageWalker.USER) != 0 && !cpu.alignmentExempt) {
            throw cpu.raise(X86Fault.AC, 0);
        }
        if (cpu.breakpoints.watching()) {
            cpu.breakpoints.dataAccess(linear, bytes, (access & PageWalker.WRITE) != 0);
        }
    }

    @Override
    public long readPhysical(long physical) {
        return ram.getLong(physical);
    }

    // ---- accesses
    // ------------------------------------------------------------------------------------------------------

    @Override
    public long load(long linear, int bytes) {
        return load(linear, bytes, explicit);
    }

    @Override
    public long loadSystem(long linear, int bytes) {
        return load(linear, bytes, 0);
    }

    private long load(long linear, int bytes, int access) {
        examine(linear, bytes, access);
        if (((linear ^ linear + bytes - 1) & PAGE) == 0) {
            return loadPhysical(translate(linear, access), bytes);
        }
        int first = (int) (-linear & ~PAGE);
        long second = next(linear + first);
        long low = loadBytes(translate(linear, access), first);
        long high = loadBytes(translate(second, access), bytes - first);
        return low | high << 8 * first;
    }

    /**
     * The start of the second page of a crossing access: linear addresses wrap at 4 GiB outside 64-bit mode. To be asked for before the first
     * page is translated: whether an address is canonical comes before page faults.
     */
    private long next(long linear) {
        if (!cpu.long64) {
            return linear & 0xFFFFFFFFL;
        }
        if (linear << 16 >> 16 != linear) {
            throw cpu.raiseNonCanonical(linear);
        }
        return linear;
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
        store(linear, bytes, value, PageWalker.WRITE | explicit);
    }

    @Override
    public void storeSystem(long linear, int bytes, long value) {
        store(linear, bytes, value, PageWalker.WRITE);
    }

    private void store(long linear, int bytes, long value, int access) {
        examine(linear, bytes, access);
        if (((linear ^ linear + bytes - 1) & PAGE) == 0) {
            storePhysical(translate(linear, access), bytes, value);
            return;
        }
        int first = (int) (-linear & ~PAGE);
        long second = next(linear + first);
        long low = translate(linear, access);
        long high = translate(second, access);
        storeBytes(low, first, value);
        storeBytes(high, bytes - first, value >>> 8 * first);
    }

    /** A store to a device waits until its instruction runs alone; before it has changed anything. */
    private void checkAlone(long physical) {
        if (cpu.inBlock && !ram.isRam(physical, 1)) {
            throw DeviceStore.INSTANCE;
        }
    }

    private void storePhysical(long physical, int bytes, long value) {
        checkAlone(physical);
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
        examine(linear, bytes, PageWalker.WRITE | explicit);
        long last = next(linear + bytes - 1);
        checkAlone(translate(linear, PageWalker.WRITE | explicit));
        if (((linear ^ last) & PAGE) != 0) {
            checkAlone(translate(last & PAGE, PageWalker.WRITE | explicit));
        }
    }

    // ---- atomic accesses
    // -----------------------------------------------------------------------------------------------

    @Override
    public boolean compareAndSwap(int width, long linear, long expected, long value) {
        int bytes = width >> 3;
        boolean inWord = ((linear ^ linear + bytes - 1) & -8L) == 0;
        long physical = translate(linear, PageWalker.WRITE | explicit);
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
        boolean flag = (cpu.systemFlags & Cpu.AC) != 0;
        boolean exempt = flag && !user && (cpu.cr4 & ControlRegisters.CR4_SMAP) != 0;
        if (exempt && exemptRead == null) {
            exemptRead = new Tlb(N);
            exemptWrite = new Tlb(N);
        }
        alignmentChecked = flag && user && (cpu.cr0 & ControlRegisters.CR0_AM) != 0;
        explicit = user ? PageWalker.USER : exempt ? PageWalker.SMAP_EXEMPT : 0;
        cpu.readTlb = (alignmentChecked ? nothing : readTlb(explicit)).entries;
        cpu.writeTlb = (alignmentChecked ? nothing : writeTlb(explicit)).entries;
    }

    @Override
    public void invalidatePage(long linear) {
        if (hugePages || largePages.mayContain(linear)) {
            flush(); // the 4 KiB fragments of a large page are not linked to each other
            return;
        }
        forEach(tlb -> tlb.invalidate(linear));
        if (fetched.mayContain(linear)) {
            fetchesChanged();
        }
    }

    /** What was told about fetches need not be true any more. */
    private void fetchesChanged() {
        cpu.translationEpoch++;
        fetched.clear();
    }

    private void noteLargePage(long linear) {
        if (walker.pageShift > 12) {
            largePages.add(linear);
            hugePages |= walker.pageShift > 22;
        }
    }

    @Override
    public void flush() {
        forEach(Tlb::flush);
        largePages.clear();
        hugePages = false;
        fetchesChanged();
    }

    @Override
    public void addressSpaceChanged() {
        forEach(Tlb::flushLocal);
        fetchesChanged();
    }

    private void forEach(Consumer<Tlb> change) {
        change.accept(userRead);
        change.accept(userWrite);
        change.accept(systemRead);
        change.accept(systemWrite);
        change.accept(userFetch);
        change.accept(systemFetch);
        if (exemptRead != null) {
            change.accept(exemptRead);
            change.accept(exemptWrite);
        }
    }

    @Override
    public void purgeCodePages() {
        purgeCodePages(userWrite.entries);
        purgeCodePages(systemWrite.entries);
        if (exemptWrite != null) {
            purgeCodePages(exemptWrite.entries);
        }
    }

    private void purgeCodePages(long[] tlb) {
        for (int i = 0; i < N; i++) {
            if (tlb[i] != Tlb.INVALID && codePages.isCode(tlb[i] + tlb[i + N] - hostBase)) {
                tlb[i] = Tlb.INVALID;
            }
        }
    }
}
