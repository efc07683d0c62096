// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
//
// The 8259s and the 8254: initialization, masks, priorities, cascade, spurious interrupts, modes of the counters.

#include "kit.h"

static volatile int ticks, irqs[16], order[8], ordered;

static void on_irq(struct frame *frame) {
    int irq = frame->vector - 0x20;
    irqs[irq]++;
    ticks += irq == 0;
    if (ordered < 8)
        order[ordered++] = irq;
    if (irq >= 8)
        outb(0xA0, 0x20);
    outb(0x20, 0x20);
}

static void on_irq_without_end(struct frame *frame) { irqs[frame->vector - 0x20]++; }

static void initialize(int automatic) {
    outb(0x20, 0x11);
    outb(0x21, 0x20);
    outb(0x21, 4);
    outb(0x21, automatic ? 3 : 1);
    outb(0xA0, 0x11);
    outb(0xA1, 0x28);
    outb(0xA1, 2);
    outb(0xA1, 1);
    outb(0x21, 0xFF);
    outb(0xA1, 0xFF);
}

static void timer(int mode, int count) {
    outb(0x43, 0x30 | mode << 1);
    outb(0x40, count);
    outb(0x40, count >> 8);
}

static int requests(int port) {
    outb(port, 0x0A);
    return inb(port);
}

static int in_service(int port) {
    outb(port, 0x0B);
    return inb(port);
}

static int read_counter(void) {
    outb(0x43, 0x00);
    int low = inb(0x40);
    return low | inb(0x40) << 8;
}

static void wait_for_ticks(int wanted) {
    disable();
    while (ticks < wanted)
        asm volatile("sti; hlt; cli" : : : "memory");
}

int main(void) {
    for (int irq = 0; irq < 16; irq++)
        handlers[0x20 + irq] = on_irq;
    apic_write(0x350, 0x700);  // LINT0: ExtINT
    initialize(0);
    print("masks %x %x\n", inb(0x21), inb(0xA1));

    outb(0x21, 0xFE);
    timer(2, 5966);
    wait_for_ticks(5);
    print("rate generator: %d\n", ticks >= 5);
    timer(3, 5966);
    ticks = 0;
    wait_for_ticks(3);
    print("square wave: %d\n", ticks >= 3);
    timer(0, 2000);
    ticks = 0;
    wait_for_ticks(1);
    int first = ticks;
    enable();
    wait_ms(5);
    disable();
    print("terminal count: %d, then %d\n", first, ticks - first);

    timer(2, 50000);
    int a = read_counter();
    wait_ms(1);
    int b = read_counter();
    check("counts down by itself", (a - b > 1000 && a - b < 20000) || a < b);
    outb(0x43, 0xE2);  // read back the status of channel 0
    print("status: %x\n", inb(0x40) & 0x3F);

    outb(0x21, 0xFF);
    initialize(0);
    timer(0, 100);
    wait_ms(1);
    print("masked: request %x\n", requests(0x20) & 1);
    ticks = 0;
    enable();
    outb(0x21, 0xFE);
    wait_ms(1);
    disable();
    print("unmasked: %d, request %x\n", ticks, requests(0x20) & 1);

    // no end of interrupt: the same level and lower ones wait
    handlers[0x20] = on_irq_without_end;
    irqs[0] = 0;
    timer(0, 100);
    enable();
    wait_ms(1);
    disable();
    print("in service %x\n", in_service(0x20));
    timer(0, 100);
    enable();
    wait_ms(1);
    disable();
    print("without end: %d, request %x\n", irqs[0], requests(0x20) & 1);
    outb(0x20, 0x60);  // specific end of level 0
    enable();
    wait_ms(1);
    disable();
    print("after the end: %d\n", irqs[0]);
    outb(0x20, 0x20);
    print("in service %x\n", in_service(0x20));

    // automatic end of interrupt
    initialize(1);
    outb(0x21, 0xFE);
    irqs[0] = 0;
    for (int i = 0; i < 3; i++) {
        timer(0, 100);
        enable();
        wait_ms(1);
        disable();
    }
    print("automatic end: %d, in service %x\n", irqs[0], in_service(0x20));

    // slave: real-time clock, periodic
    initialize(0);
    handlers[0x20] = on_irq;
    outb(0x70, 0x0A);
    outb(0x71, 0x26);
    outb(0x70, 0x0C);
    inb(0x71);
    outb(0x70, 0x0B);
    outb(0x71, (inb(0x71) & 0x0F) | 0x40);
    irqs[8] = 0;
    outb(0x21, 0xFB);
    outb(0xA1, 0xFE);
    disable();
    for (int i = 0; i < 3; i++) {
        while (irqs[8] <= i)
            asm volatile("sti; hlt; cli" : : : "memory");
        outb(0x70, 0x0C);
        inb(0x71);
    }
    print("slave: %d\n", irqs[8]);
    outb(0x70, 0x0B);
    outb(0x71, inb(0x71) & 0x0F);
    outb(0x70, 0x0C);
    inb(0x71);

    // both pending: the timer comes first, or last after rotation
    outb(0x21, 0xFF);
    outb(0x70, 0x0B);
    outb(0x71, (inb(0x71) & 0x0F) | 0x40);
    outb(0x70, 0x0C);
    inb(0x71);
    timer(0, 100);
    wait_ms(3);
    for (int rotated = 0; rotated < 2; rotated++) {
        ordered = 0;
        outb(0x20, rotated ? 0xC0 : 0xC7);  // lowest: 0 or 7
        outb(0x21, 0xFF);
        outb(0x70, 0x0C);
        inb(0x71);
        timer(0, 100);
        wait_ms(3);
        outb(0x21, 0xFA);
        enable();
        wait_ms(1);
        disable();
        print("order: %d %d\n", order[0], order[1]);
    }
    outb(0x20, 0xC7);
    outb(0x70, 0x0B);
    outb(0x71, inb(0x71) & 0x0F);

    // ELCR and an unused port
    outb(0x4D1, 0x0C);
    print("level-triggered: %x\n", inb(0x4D1));
    outb(0x4D1, 0);
    return 0;
}
