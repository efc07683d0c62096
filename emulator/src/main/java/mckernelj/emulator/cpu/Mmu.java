// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.cpu;

/**
 * Slow paths of memory access by linear address: page walk, TLB fill, devices, page-crossing, code pages. Faults are
 * thrown.
 */
public interface Mmu {
    /** Loads {@code bytes} (1, 2, 4, 8), zero-extended. */
    long load(long linear, int bytes);

    void store(long linear, int bytes, long value);

    void checkWrite(long linear, int bytes);

    boolean compareAndSwap(int width, long linear, long expected, long value);

    /**
     * Compare-and-swap of 16 bytes at a writable multiple of 16. An implementation for several processors makes it
     * exclusive with their 16-byte swaps; single halves are swapped atomically in any case.
     */
    default boolean compareAndSwap128(long linear, long expectedLow, long expectedHigh, long low, long high) {
        if (!compareAndSwap(64, linear, expectedLow, low)) {
            return false;
        }
        if (!compareAndSwap(64, linear + 8, expectedHigh, high)) {
            compareAndSwap(64, linear, low, expectedLow);
            return false;
        }
        return true;
    }

    /**
     * Translates for instruction fetch.
     *
     * @return physical address of {@code linear}
     */
    long translateFetch(long linear);

    /** As {@link #translateFetch}, without a fault: -1 if nothing can be fetched there. */
    default long probeFetch(long linear) {
        try {
            return translateFetch(linear);
        } catch (X86Fault fault) {
            return -1;
        }
    }

    /** Access with supervisor privilege whatever the CPL: descriptor tables and TSS. */
    long loadSystem(long linear, int bytes);

    void storeSystem(long linear, int bytes, long value);

    /** After a change of CPL, RFLAGS.AC, CR0.AM or CR4.SMAP: chooses the translations that the fast paths use. */
    void privilegeChanged();

    /** INVLPG. */
    void invalidatePage(long linear);

    /** After changes of paging bits in CR0, CR4, EFER, and of data breakpoints: drops all translations. */
    void flush();

    /** After MOV CR3: drops all translations but those of global pages. */
    void addressSpaceChanged();

    /** 8 bytes at a physical address: page-directory-pointer entries, which MOV CR3 loads with PAE paging. */
    long readPhysical(long physical);

    /** Drops write translations of pages that hold decoded code. Only while nothing executes on this processor. */
    void purgeCodePages();
}
