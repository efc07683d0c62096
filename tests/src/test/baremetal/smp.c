// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
//
// Start of processors by INIT and SIPI, interprocessor interrupts of all kinds, shared memory.

#include "kit.h"

#define VECTOR 0x60

static volatile int interrupts[16], nmis[16];
static volatile uint32_t counter, ids;
static volatile uint64_t flag, data;

static int self(void) { return apic_read(0x20) >> 24; }

static void on_interrupt(struct frame *frame) {
    interrupts[self()]++;
    end_of_interrupt();
}

static void on_nmi(struct frame *frame) { nmis[self()]++; }

static void count(long times) {
    __atomic_fetch_or(&ids, 1u << self(), __ATOMIC_SEQ_CST);
    for (long i = 0; i < times; i++)
        __atomic_fetch_add(&counter, 1, __ATOMIC_SEQ_CST);
}

static void wait_for_interrupt(long wanted) {
    enable();
    while (interrupts[self()] < wanted)
        pause();
    disable();
}

static void halt_for_interrupt(long wanted) {
    disable();
    while (interrupts[self()] < wanted)
        asm volatile("sti; hlt; cli" : : : "memory");
}

static void wait_for_nmi(long wanted) {
    while (nmis[self()] < wanted)
        pause();
}

static void answer(long rounds) {
    for (long i = 1; i <= rounds; i++) {
        while (flag != (uint64_t)i * 2 - 1)
            pause();
        data += i;
        flag = i * 2;
    }
}

static void all(int count, void (*work)(long), long argument) {
    for (int i = 1; i < count; i++)
        run_on(i, work, argument);
}

static void wait_all(int count) {
    for (int i = 1; i < count; i++)
        wait_for(i);
}

static int sum(volatile int *numbers) {
    int total = 0;
    for (int i = 0; i < 16; i++)
        total += numbers[i];
    return total;
}

int main(void) {
    handlers[VECTOR] = on_interrupt;
    handlers[2] = on_nmi;
    int n = start_others();
    print("processors %d\n", n);
    all(n, count, 20000);
    count(20000);
    wait_all(n);
    print("identifiers %x counter %u\n", ids, counter);

    all(n, wait_for_interrupt, 1);
    for (int id = 1; id < n; id++)
        send_ipi(id, 0x4000 | VECTOR);
    wait_all(n);
    print("fixed, physical: %d %d %d %d\n", interrupts[0], interrupts[1], interrupts[2], interrupts[3]);

    all(n, halt_for_interrupt, 2);
    wait_ms(1);
    send_ipi(0, 0xC4000 | VECTOR);
    wait_all(n);
    print("all others, halted: %d in all, self %d\n", sum(interrupts), interrupts[0]);

    all(n, wait_for_interrupt, 3);
    enable();
    send_ipi(0, 0x84000 | VECTOR);
    wait_all(n);
    while (!interrupts[0])
        pause();
    send_ipi(0, 0x44000 | VECTOR);
    while (interrupts[0] < 2)
        pause();
    disable();
    print("all and self: %d in all, self %d\n", sum(interrupts), interrupts[0]);

    all(n, wait_for_interrupt, 4);
    send_ipi(0xFF, 0x4000 | VECTOR);
    wait_all(n);
    enable();
    while (interrupts[0] < 3)
        pause();
    disable();
    print("physical broadcast: %d in all\n", sum(interrupts));

    for (int i = 0; i < n; i++)
        interrupts[i] = 0;
    all(n, wait_for_nmi, 1);
    send_ipi(0, 0xC4400);
    wait_all(n);
    print("NMI to all others: %d %d %d %d\n", nmis[0], nmis[1], nmis[2], nmis[3]);

    // one is reset while it spins with interrupts off, and started again
    uint32_t before = started;
    int id = apic_id_of(1);
    run_on(1, wait_for_nmi, 1000);
    wait_ms(1);
    send_ipi(id, 0x4500);
    wait_ms(1);
    send_ipi(id, 0x4608);
    while (started == before)
        pause();
    interrupts[id] = 0;
    run_on(before, halt_for_interrupt, 1);
    wait_ms(1);
    send_ipi(id, 0x4000 | VECTOR);
    wait_for(before);
    print("started again: %d\n", interrupts[id]);

    run_on(2, answer, 100);
    for (int i = 1; i <= 100; i++) {
        flag = i * 2 - 1;
        while (flag != (uint64_t)i * 2)
            pause();
    }
    wait_for(2);
    print("ping-pong: %lu\n", data);
    return 0;
}
