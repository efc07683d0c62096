// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
//
// x2APIC: switching, registers as MSRs, self-IPI, physical and logical destinations, what faults.

#include "kit.h"

#define VECTOR 0x60

static volatile int interrupts[8];

static int self(void) { return x2apic ? (int)rdmsr(0x802) : (int)(apic_read(0x20) >> 24); }

static void on_interrupt(struct frame *frame) {
    interrupts[self()]++;
    end_of_interrupt();
}

static void enter(long unused) { wrmsr(0x1B, rdmsr(0x1B) | 0xC00); }

static void listen(long wanted) {
    disable();
    while (interrupts[self()] < wanted)
        asm volatile("sti; hlt; cli" : : : "memory");
}

static void try_read(const char *name, uint32_t msr) {
    TRY("rdmsr", : : "c"(msr) : "rax", "rdx",);
    print_caught(name);
}

static void try_write(const char *name, uint32_t msr, uint64_t value) {
    TRY("wrmsr", : : "c"(msr), "a"((uint32_t)value), "d"((uint32_t)(value >> 32)) :);
    print_caught(name);
}

int main(void) {
    uint32_t leaf[4];
    cpuid(1, 0, leaf);
    handlers[VECTOR] = on_interrupt;
    int n = start_others();
    print("processors %d, x2APIC %u\n", n, leaf[2] >> 21 & 1);
    try_read("MSR in xAPIC mode", 0x802);
    for (int i = 1; i < n; i++) {
        run_on(i, enter, 0);
        wait_for(i);
    }
    enter(0);
    x2apic = 1;
    print("base %lx\n", rdmsr(0x1B));
    print("identifier %lx, version %lx\n", rdmsr(0x802), rdmsr(0x803) & 0xFF & 0xF0);
    print("logical %lx\n", rdmsr(0x80D));
    print("spurious %lx\n", rdmsr(0x80F));

    enable();
    wrmsr(0x83F, VECTOR);
    while (interrupts[0] < 1)
        pause();
    print("self: %d\n", interrupts[0]);
    for (int i = 1; i < n; i++)
        run_on(i, listen, 1);
    for (int i = 1; i < n; i++)
        wrmsr(0x830, (uint64_t)i << 32 | 0x4000 | VECTOR);
    for (int i = 1; i < n; i++)
        wait_for(i);
    print("physical: %d %d %d %d\n", interrupts[0], interrupts[1], interrupts[2], interrupts[3]);
    for (int i = 1; i < n; i++)
        run_on(i, listen, apic_id_of(i) < 3 ? 2 : 1);
    wrmsr(0x830, 0x6UL << 32 | 0x4800 | VECTOR);  // members 1 and 2 of cluster 0
    for (int i = 1; i < n; i++)
        wait_for(i);
    print("logical: %d %d %d %d\n", interrupts[0], interrupts[1], interrupts[2], interrupts[3]);
    for (int i = 1; i < n; i++)
        run_on(i, listen, interrupts[apic_id_of(i)] + 1);
    wrmsr(0x830, 0xFFFFFFFFUL << 32 | 0x4000 | VECTOR);
    for (int i = 1; i < n; i++)
        wait_for(i);
    while (interrupts[0] < 2)
        pause();
    print("broadcast: %d %d %d %d\n", interrupts[0], interrupts[1], interrupts[2], interrupts[3]);
    disable();

    wrmsr(0x808, 0x60);  // task priority: class 6 waits
    wrmsr(0x83F, VECTOR);
    print("requested %lx, in service %lx\n", rdmsr(0x823), rdmsr(0x813));
    enable();
    for (int i = 0; i < 100; i++)
        pause();
    print("held by TPR: %d, PPR %lx, CR8 %lx\n", interrupts[0], rdmsr(0x80A), READ_CR(8));
    wrmsr(0x808, 0x50);
    for (int i = 0; i < 1000000 && interrupts[0] < 3; i++)
        pause();
    print("let go: %d, CR8 %lx\n", interrupts[0], READ_CR(8));
    WRITE_CR(8, 2);
    print("TPR %lx\n", rdmsr(0x808));
    WRITE_CR(8, 0);
    disable();

    try_read("EOI, read", 0x80B);
    try_read("self-IPI, read", 0x83F);
    try_write("identifier, write", 0x802, 0);
    try_write("logical, write", 0x80D, 0);
    try_read("DFR", 0x80E);
    try_read("ICR high", 0x831);
    try_write("ESR, not 0", 0x828, 1);
    try_write("back to xAPIC", 0x1B, (rdmsr(0x1B) & ~0x400UL));
    return 0;
}
