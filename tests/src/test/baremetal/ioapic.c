// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
//
// I/O APIC: registers, edge- and level-triggered interrupts, masks, destinations, remote IRR.

#include "kit.h"

#define EDGE 0x70
#define LEVEL 0x71
#define RTC_INPUT 8
#define TIMER_INPUT 2

static volatile int edges[4], levels[4];
static volatile int remote_irr_seen, read_clock;

static uint32_t io_read(int index) {
    *(volatile uint32_t *)IOAPIC = index;
    return *(volatile uint32_t *)(IOAPIC + 0x10);
}

static void io_write(int index, uint32_t value) {
    *(volatile uint32_t *)IOAPIC = index;
    *(volatile uint32_t *)(IOAPIC + 0x10) = value;
}

static void entry(int input, uint32_t low, uint32_t destination) {
    io_write(0x10 + 2 * input, 0x10000);
    io_write(0x11 + 2 * input, destination << 24);
    io_write(0x10 + 2 * input, low);
}

static int self(void) { return apic_read(0x20) >> 24; }

static void on_edge(struct frame *frame) {
    edges[self()]++;
    end_of_interrupt();
}

static int clock_flags(void) {
    outb(0x70, 0x0C);
    return inb(0x71);
}

static void on_level(struct frame *frame) {
    levels[self()]++;
    remote_irr_seen |= io_read(0x10 + 2 * RTC_INPUT) >> 14 & 1;
    if (levels[self()] >= read_clock)
        clock_flags();
    end_of_interrupt();
}

/** One rising edge of channel 0's output. */
static void tick(void) {
    outb(0x43, 0x30);
    outb(0x40, 50);
    outb(0x40, 0);
    wait_ms(1);
}

static void periodic(int on) {
    outb(0x70, 0x0B);
    int value = inb(0x71) & 0x0F;
    outb(0x70, 0x0B);
    outb(0x71, value | (on ? 0x40 : 0));
}

static void listen(long wanted) {
    disable();
    while (edges[self()] < wanted)
        asm volatile("sti; hlt; cli" : : : "memory");
}

int main(void) {
    handlers[EDGE] = on_edge;
    handlers[LEVEL] = on_level;
    print("inputs %u\n", (io_read(1) >> 16 & 0xFF) + 1);
    int masked = 0;
    for (int i = 0; i < 24; i++)
        masked += io_read(0x10 + 2 * i) >> 16 & 1;
    print("masked after reset: %d\n", masked >= 22);
    io_write(0, 0x05000000);
    print("identifier %x\n", io_read(0) >> 24);
    io_write(0, 0);
    entry(23, 0x1A9FF, 0xAB);
    print("entry %x %x\n", io_read(0x10 + 46), io_read(0x11 + 46) >> 24);
    entry(23, 0x10000, 0);

    int n = start_others();
    entry(TIMER_INPUT, EDGE, 0);
    enable();
    tick();
    tick();
    print("edge: %d\n", edges[0]);
    entry(TIMER_INPUT, 0x10000 | EDGE, 0);
    tick();
    print("masked: %d\n", edges[0]);
    disable();

    entry(TIMER_INPUT, EDGE, apic_id_of(1));
    int id = apic_id_of(1);
    run_on(1, listen, 1);
    tick();
    wait_for(1);
    print("other processor: %d %d\n", edges[0], edges[id]);

    for (int i = 0; i < 4; i++)
        edges[i] = 0;
    entry(TIMER_INPUT, EDGE, 0xFF);
    for (int i = 1; i < n; i++)
        run_on(i, listen, 1);
    enable();
    tick();
    for (int i = 1; i < n; i++)
        wait_for(i);
    disable();
    print("all: %d %d\n", edges[0], edges[1]);

    apic_write(0xD0, 0x40000000);  // logical identifier, flat
    entry(TIMER_INPUT, 0x800 | EDGE, 0x40);
    enable();
    tick();
    disable();
    print("logical: %d %d\n", edges[0], edges[1]);
    entry(TIMER_INPUT, 0x900 | EDGE, 0x40);
    enable();
    tick();
    disable();
    print("lowest priority: %d %d\n", edges[0], edges[1]);
    edges[0] = 0;
    entry(TIMER_INPUT, 0x10000, 0);

    // the real-time clock's line stays up until register C is read
    outb(0x70, 0x0A);
    outb(0x71, 0x26);
    clock_flags();
    read_clock = 3;
    periodic(1);
    entry(RTC_INPUT, 0x8000 | LEVEL, 0);
    disable();
    while (levels[0] < 3)
        asm volatile("sti; hlt; cli" : : : "memory");
    periodic(0);
    clock_flags();
    print("level, until the line falls: %d, remote IRR %d\n", levels[0] >= 3, remote_irr_seen);
    enable();
    wait_ms(3);
    disable();
    int before = levels[0];
    wait_ms(2);
    print("then no more: %d, remote IRR %d\n", levels[0] - before, io_read(0x10 + 2 * RTC_INPUT) >> 14 & 1);
    entry(RTC_INPUT, 0x10000, 0);
    return 0;
}
