// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
//
// Real-time clock: date, formats, setting, alarm, periodic and update interrupts, CMOS RAM.

#include "kit.h"

static int get(int index) {
    outb(0x70, index);
    return inb(0x71);
}

static void put(int index, int value) {
    outb(0x70, index);
    outb(0x71, value);
}

static int stable(int index) {
    int a, b;
    do {
        while (get(0x0A) & 0x80)
            ;
        a = get(index);
        while (get(0x0A) & 0x80)
            ;
        b = get(index);
    } while (a != b);
    return a;
}

static volatile int flags;

static void on_clock(struct frame *frame) {
    flags |= get(0x0C);
    end_of_interrupt();
}

/** Halts until the interrupt that these bits of register B enable. */
static int interrupt(int bits) {
    get(0x0C);
    flags = 0;
    put(0x0B, get(0x0B) | bits);
    disable();
    while (!(flags & bits))
        asm volatile("sti; hlt; cli" : : : "memory");
    put(0x0B, get(0x0B) & ~bits);
    get(0x0C);
    return flags & (bits | 0x80);
}

static void set_time(int hour, int minute, int second) {
    put(0x0B, get(0x0B) | 0x80);
    put(4, hour);
    put(2, minute);
    put(0, second);
    put(0x0B, get(0x0B) & ~0x80);
}

int main(void) {
    handlers[0x60] = on_clock;
    *(volatile uint32_t *)IOAPIC = 0x10 + 2 * 8;
    *(volatile uint32_t *)(IOAPIC + 0x10) = 0x60;
    print("valid %x\n", get(0x0D) & 0x80);
    put(0x0B, 0x02);
    int year = stable(9), month = stable(8), day = stable(7), hour = stable(4);
    check("BCD", (year & 15) < 10 && (month & 15) < 10 && (day & 15) < 10 && (hour & 15) < 10);
    check("in this century", stable(0x32) == 0x20 && year >= 0x24);
    check("month and day", month >= 1 && month <= 0x12 && day >= 1 && day <= 0x31);

    set_time(0x13, 0x59, 0x30);
    print("set: %x:%x\n", stable(4), stable(2));
    put(0x0B, 0x06);
    print("binary: %d:%d\n", stable(4), stable(2));
    put(0x0B, 0x00);
    print("12 hours: %x\n", stable(4));
    put(0x0B, 0x02);
    set_time(0x23, 0x59, 0x59);
    print("update ended: %x\n", interrupt(0x10));
    print("midnight: %x:%x\n", stable(4), stable(2));
    set_time(0x11, 0x58, 0x58);
    put(5, 0x11);
    put(3, 0x58);
    put(1, 0x59);
    print("alarm: %x\n", interrupt(0x20));
    print("at %x:%x:%x\n", stable(4), stable(2), stable(0));
    put(0x0A, 0x26);
    print("periodic: %x %x\n", interrupt(0x40), interrupt(0x40));
    put(0x0A, 0x20);
    get(0x0C);
    wait_ms(3);
    print("periodic off: %d\n", get(0x0C) >> 6 & 1);

    put(0x0B, 0x82);
    int frozen = get(0);
    put(0x0B, 0x02);
    check("seconds are BCD", (frozen & 15) < 10);
    put(0x40, 0x5A);
    put(0x41, 0xA5);
    print("memory %x %x\n", get(0x40), get(0x41));
    return 0;
}
