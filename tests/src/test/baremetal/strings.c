// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
//
// Repeated string instructions across pages, with a page fault in the middle and resumed after it; INS and OUTS.

#include "kit.h"

#define PAGE 4096
#define WINDOW 0x8000000000UL  // pages 0, 1, 2: memory; 3 absent
#define COPY (WINDOW + 8 * PAGE)

static uint64_t window_pointers[512] __attribute__((aligned(4096)));
static uint64_t window_directory[512] __attribute__((aligned(4096)));
static uint64_t window_table[512] __attribute__((aligned(4096)));
static uint8_t memory[16 * PAGE] __attribute__((aligned(4096)));

static struct {
    uint64_t rsi, rdi, rcx, rax, flags, address;
    int faults;
} at;

/** Records the first fault and makes all pages present. */
static void on_fault(struct frame *frame) {
    if (!at.faults++) {
        at.rsi = frame->rsi;
        at.rdi = frame->rdi;
        at.rcx = frame->rcx;
        at.rax = frame->rax;
        at.address = READ_CR(2);
    }
    for (int i = 0; i < 16; i++)
        window_table[i] = (uint64_t)(memory + PAGE * i) | 3;
    WRITE_CR(3, READ_CR(3));
}

static void prepare(int absent) {
    at.faults = 0;
    for (int i = 0; i < 16; i++)
        window_table[i] = i == absent ? 0 : (uint64_t)(memory + PAGE * i) | 3;
    WRITE_CR(3, READ_CR(3));
}

static void fill(void) {
    for (unsigned i = 0; i < sizeof memory; i++)
        memory[i] = i * 7 + (i >> 8);
}

static uint32_t sum(uint64_t from, int bytes) {
    uint32_t total = 1;
    for (int i = 0; i < bytes; i++)
        total = total * 31 + memory[from - WINDOW + i];
    return total;
}

static void show(const char *name, uint64_t rsi, uint64_t rdi, uint64_t rcx) {
    print("%s: faults %d", name, at.faults);
    if (at.faults)
        print(" at %lx with rsi %lx rdi %lx rcx %lx", at.address, at.rsi, at.rdi, at.rcx);
    print(", then rsi %lx rdi %lx rcx %lx\n", rsi, rdi, rcx);
}

#define STRING(name, text, source, target, count, value)                                                   \
    do {                                                                                                   \
        uint64_t s_ = source, d_ = target, c_ = count, a_ = value;                                         \
        asm volatile(text : "+S"(s_), "+D"(d_), "+c"(c_), "+a"(a_) : : "rdx", "memory", "cc");             \
        show(name, s_, d_, c_);                                                                            \
    } while (0)

static const char output[] = "written by outs\n";

int main(void) {
    tables[WINDOW >> 39] = (uint64_t)window_pointers | 3;
    window_pointers[0] = (uint64_t)window_directory | 3;
    window_directory[0] = (uint64_t)window_table | 3;
    handlers[14] = on_fault;

    fill();
    prepare(3);
    STRING("movsb, source absent", "rep movsb", WINDOW + 2 * PAGE + 10, COPY, 2 * PAGE, 0);
    print("sum %x\n", sum(COPY, 2 * PAGE));
    fill();
    prepare(9);
    STRING("movsb, target absent", "rep movsb", WINDOW + 5, COPY + 3, 2 * PAGE, 0);
    print("sum %x\n", sum(COPY, 2 * PAGE));
    fill();
    prepare(3);
    STRING("movsq across, source absent", "rep movsq", WINDOW + 3 * PAGE - 20, COPY + 4, 5, 0);
    print("sum %x\n", sum(COPY, 100));
    fill();
    prepare(9);
    STRING("movsl, target absent", "rep movsl", WINDOW, COPY + PAGE - 6, 4, 0);
    print("sum %x\n", sum(COPY, 2 * PAGE));
    fill();
    prepare(2);
    STRING("movsb backwards, source absent", "std; rep movsb; cld", WINDOW + 3 * PAGE + 5, COPY + 2 * PAGE, 100, 0);
    print("sum %x\n", sum(COPY, 3 * PAGE));
    fill();
    prepare(-1);
    STRING("movsb overlapping", "rep movsb", WINDOW, WINDOW + 1, 5000, 0);
    print("sum %x\n", sum(WINDOW, 6000));
    fill();
    STRING("movsw overlapping backwards", "std; rep movsw; cld", WINDOW + 5000, WINDOW + 5001, 100, 0);
    print("sum %x\n", sum(WINDOW, 6000));

    fill();
    prepare(3);
    STRING("stosb", "rep stosb", 0, WINDOW + 2 * PAGE + 4000, 200, 0x5A);
    print("sum %x\n", sum(WINDOW + 2 * PAGE, 2 * PAGE));
    fill();
    prepare(3);
    STRING("stosq across", "rep stosq", 0, WINDOW + 3 * PAGE - 12, 3, 0x1122334455667788);
    print("sum %x\n", sum(WINDOW + 2 * PAGE, 2 * PAGE));
    prepare(3);
    STRING("lodsb", "rep lodsb", WINDOW + 3 * PAGE - 2, 0, 4, 0);
    prepare(3);
    STRING("lodsl once, across", "lodsl", WINDOW + 3 * PAGE - 2, 0, 0, 0);

    for (unsigned i = 0; i < sizeof memory; i++)
        memory[i] = 0;
    memory[3 * PAGE + 17] = 1;
    prepare(3);
    STRING("scasb", "repe scasb", 0, WINDOW + 2 * PAGE + 4000, 1000, 0);
    prepare(3);
    STRING("cmpsb", "repe cmpsb", WINDOW + 2 * PAGE + 4000, COPY, 1000, 0);
    prepare(10);
    STRING("cmpsq, target absent", "repe cmpsq", WINDOW, COPY + 2 * PAGE - 24, 10, 0);
    prepare(3);
    STRING("nothing to do", "rep movsb", WINDOW + 3 * PAGE, COPY, 0, 0);
    prepare(3);
    STRING("32-bit count", "mov $0xF00000002, %%rcx; addr32 rep stosb", 0, 0x200000, 0, 0);

    for (unsigned i = 0; i < sizeof output; i++)
        memory[i] = output[i];
    memory[105] = '?';
    prepare(-1);
    outb(0x3F8 + 7, 0x5A);
    STRING("insb", "mov $0x3FF, %%dx; rep insb", 0, WINDOW + 100, 5, 0);
    print("%x %x %c\n", memory[100], memory[104], memory[105]);
    STRING("outsb", "mov $0x3F8, %%dx; rep outsb", WINDOW, 0, sizeof output - 1, 0);
    prepare(3);
    STRING("insb, target absent", "mov $0x3FF, %%dx; rep insb", 0, WINDOW + 3 * PAGE - 2, 4, 0);
    print("%x %x\n", memory[3 * PAGE - 1], memory[3 * PAGE + 1]);
    prepare(3);
    STRING("outsb, source absent", "mov $0x3FF, %%dx; rep outsb", WINDOW + 3 * PAGE - 2, 0, 4, 0);
    STRING("outsl backwards", "mov $0x80, %%dx; std; rep outsl; cld", WINDOW + 64, 0, 3, 0);
    return 0;
}
