// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
//
// Prints what depends on how the processors are interleaved. In a deterministic machine it is the same each time.

#include "kit.h"

static volatile uint32_t word;
static volatile int changes, ticks;

static void on_tick(struct frame *frame) {
    ticks++;
    end_of_interrupt();
}

static void fight(long self) {
    for (int i = 0; i < 20000; i++)
        if (__atomic_exchange_n(&word, self, __ATOMIC_SEQ_CST) != self)
            __atomic_fetch_add(&changes, 1, __ATOMIC_SEQ_CST);
}

int main(void) {
    handlers[0x40] = on_tick;
    *(volatile uint32_t *)IOAPIC = 0x14;
    *(volatile uint32_t *)(IOAPIC + 0x10) = 0x40;
    outb(0x43, 0x34);
    outb(0x40, 100);
    outb(0x40, 0);
    int n = start_others();
    enable();
    for (int i = 1; i < n; i++)
        run_on(i, fight, i);
    fight(0);
    for (int i = 1; i < n; i++)
        wait_for(i);
    disable();
    print("%d changes, %d ticks, %lu cycles\n", changes, ticks, rdtsc());
    return 0;
}
