// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.mcctrl;

import static mckernelj.ihk.layout.PageTableEntry.ADDRESS;
import static mckernelj.ihk.layout.PageTableEntry.PRESENT;
import static mckernelj.ihk.layout.PageTableEntry.USER;
import static mckernelj.ihk.layout.PageTableEntry.WRITABLE;

import mckernelj.emulator.hw.PhysicalMemory;

/** A page table in guest memory, as an LWK would have it; frames and tables are taken from {@code next} upward. */
final class GuestSpace {
    static final long PAGE = 4096;

    private final PhysicalMemory memory;
    private final long top;
    private long next;

    GuestSpace(PhysicalMemory memory, long from) {
        this.memory = memory;
        top = from;
        next = from + PAGE;
    }

    long top() {
        return top;
    }

    GuestPageTable pages() {
        return new GuestPageTable(memory, top);
    }

    /** Maps pages to new contiguous frames; returns the first. */
    long map(long user, int count, long bits) {
        for (int i = 0; i < count; i++) {
            slot(user + i * PAGE);
        }
        long first = next;
        next += count * PAGE;
        for (int i = 0; i < count; i++) {
            set(user + i * PAGE, first + i * PAGE, bits);
        }
        return first;
    }

    void set(long user, long frame, long bits) {
        memory.putLong(slot(user), frame == 0 ? 0 : frame | PRESENT | USER | bits);
    }

    long entry(long user) {
        return memory.getLong(slot(user));
    }

    void write(long user, byte... bytes) {
        for (int i = 0; i < bytes.length; i++) {
            memory.putByte(pages().physical(user + i), bytes[i]);
        }
    }

    void writeLong(long user, long value) {
        memory.putLong(pages().physical(user), value);
    }

    private long slot(long user) {
        long table = top;
        for (int shift = 39; shift > 12; shift -= 9) {
            long slot = table + (user >>> shift & 511) * 8;
            if ((memory.getLong(slot) & PRESENT) == 0) {
                memory.putLong(slot, next | PRESENT | USER | WRITABLE);
                next += PAGE;
            }
            table = memory.getLong(slot) & ADDRESS;
        }
        return table + (user >>> 12 & 511) * 8;
    }
}
