// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
//
// Time-stamp counter: it goes forward, agrees with the 8254 and the PM timer, between processors; RDTSCP, CR4.TSD.

#include "kit.h"

static volatile uint64_t shared;
static volatile int backwards, turns;

static uint64_t rdtscp(uint32_t *aux) {
    uint32_t low, high;
    asm volatile("rdtscp" : "=a"(low), "=d"(high), "=c"(*aux));
    return (uint64_t)high << 32 | low;
}

static void user_rdtsc(void) {
    asm volatile("rdtsc; int $0x80" : : : "rax", "rdx");
    for (;;)
        ;
}

static volatile int user_vector;

static void on_user(struct frame *frame) {
    user_vector = frame->vector;
    leave_user();
}

static void make_user(void) {
    tables[0] |= 4;
    for (int i = 0; i < 4; i++)
        pointers[i] |= 4;
    for (int i = 0; i < 2048; i++)
        directories[i] |= 4;
    WRITE_CR(3, READ_CR(3));
}

static uint8_t user_stack[4096] __attribute__((aligned(16)));

static int from_user(void) {
    user_vector = -1;
    enter_user((uint64_t)user_rdtsc, (uint64_t)user_stack + sizeof user_stack);
    return user_vector;
}

static uint64_t cycles_of_ms(int ms) {
    uint64_t start = rdtsc();
    wait_ms(ms);
    return rdtsc() - start;
}

int main(void) {
    uint64_t last = 0;
    int steps = 0;
    for (int i = 0; i < 100000; i++) {
        uint64_t now = rdtsc();
        steps += now > last;
        last = now;
    }
    print("forward %d\n", steps);

    uint64_t hz = cycles_of_ms(5) * 200;
    check("a plausible frequency", hz > 100000000 && hz < 10000000000);
    uint32_t aux;
    wrmsr(0xC0000103, 0x12345678);
    uint64_t a = rdtsc();
    uint64_t b = rdtscp(&aux);
    print("aux %x\n", aux);
    check("rdtscp after rdtsc", b >= a);
    wrmsr(0xC0000103, 0xFFFFFFFF);
    rdtscp(&aux);
    print("aux %x\n", aux);

    make_user();
    handlers[13] = on_user;
    handlers[0x80] = on_user;
    set_gate(0x80, (uint64_t)stubs + 16 * 0x80, 0xEE, 0);
    print("user, TSD off: vector %x\n", from_user());
    WRITE_CR(4, READ_CR(4) | 4);
    print("user, TSD on: vector %x\n", from_user());
    check("kernel, TSD on", rdtsc() > 0);
    return 0;
}
