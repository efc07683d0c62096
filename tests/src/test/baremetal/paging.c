// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
//
// Paging: pages of all sizes, accessed and dirty, NX, WP, user and supervisor, reserved bits, INVLPG, page tables seen through.

#include "kit.h"

#define P 1UL
#define W 2UL
#define U 4UL
#define A 0x20UL
#define D 0x40UL
#define LARGE 0x80UL
#define NX (1UL << 63)
#define WINDOW 0x8000000000UL  // the second entry of the top table

static uint64_t window_pointers[512] __attribute__((aligned(4096)));
static uint64_t window_directory[512] __attribute__((aligned(4096)));
static uint64_t window_table[512] __attribute__((aligned(4096)));
static volatile uint64_t one[512] __attribute__((aligned(4096)));
static volatile uint64_t two[512] __attribute__((aligned(4096)));
static uint8_t code[4096] __attribute__((aligned(4096)));
static uint8_t user_stack[4096] __attribute__((aligned(4096)));

static volatile uint64_t *const page0 = (uint64_t *)WINDOW;
static volatile uint64_t *const page1 = (uint64_t *)(WINDOW + 4096);

static void flush(void) { WRITE_CR(3, READ_CR(3)); }

static void set(int i, uint64_t entry) {
    window_table[i] = entry;
    invlpg((void *)(WINDOW + 4096UL * i));
}

static void try_read(const char *name, volatile void *at) {
    TRY("mov (%0), %%rax", : : "r"(at) : "rax",);
    print_caught(name);
}

static void try_write(const char *name, volatile void *at) {
    TRY("movq $7, (%0)", : : "r"(at) :);
    print_caught(name);
}

static void try_jump(const char *name, uint64_t at) {
    TRY("jmp *%0", : : "r"(at) :);
    print_caught(name);
}

static void used(const char *name, uint64_t entry) { print("%s: A %d D %d\n", name, !!(entry & A), !!(entry & D)); }

static volatile int user_vector, user_error;

static void on_user(struct frame *frame) {
    user_vector = frame->vector;
    user_error = frame->error;
    leave_user();
}

/** Runs these bytes at WINDOW + 4096 (page 1) in user mode; RSI is WINDOW (page 0). */
static void user(const char *name, const uint8_t *bytes, int count) {
    for (int i = 0; i < count; i++)
        code[i] = bytes[i];
    code[count] = 0xCD;
    code[count + 1] = 0x80;
    asm volatile("cpuid" : : "a"(0), "c"(0) : "rbx", "rdx", "memory");
    user_vector = -1;
    enter_user(WINDOW + 4096, WINDOW + 3 * 4096);
    print("%s: vector %d error %x\n", name, user_vector, user_vector == 0x80 ? 0 : user_error);
}

static const uint8_t load[] = {0x48, 0xBE, 0, 0, 0, 0, 0x80, 0, 0, 0, 0x48, 0x8B, 0x06};   // mov $WINDOW, %rsi; mov (%rsi), %rax
static const uint8_t store[] = {0x48, 0xBE, 0, 0, 0, 0, 0x80, 0, 0, 0, 0x48, 0x89, 0x06};

static void sizes(void) {
    set(0, (uint64_t)one | P | W);
    set(1, (uint64_t)two | P | W);
    one[0] = 0x1111;
    two[0] = 0x2222;
    print("4 KiB: %lx %lx\n", page0[0], page1[0]);
    window_directory[1] = ((uint64_t)one & -0x200000L) | P | W | LARGE;
    volatile uint64_t *large = (uint64_t *)(WINDOW + 0x200000 + ((uint64_t)one & 0x1FFFFF));
    print("2 MiB: %lx\n", large[0]);
    window_pointers[1] = P | W | LARGE;
    volatile uint64_t *huge = (uint64_t *)(WINDOW + 0x40000000 + (uint64_t)one);
    uint32_t leaf[4];
    cpuid(0x80000001, 0, leaf);
    print("1 GiB: %lx\n", leaf[3] >> 26 & 1 ? huge[0] : 0x1111);
    // swapped; large pages replaced by small ones
    set(0, (uint64_t)two | P | W);
    print("swapped: %lx %lx\n", page0[0], page1[0]);
    window_directory[1] = (uint64_t)window_table | P | W;
    invlpg((void *)(WINDOW + 0x200000));
    flush();
    print("2 MiB split: %lx\n", *(volatile uint64_t *)(WINDOW + 0x200000));
    set(0, (uint64_t)one | P | W);
}

static void flags(void) {
    set(0, (uint64_t)one | P | W);
    window_directory[0] &= ~A;
    tables[WINDOW >> 39] &= ~A;
    flush();
    used("untouched", window_table[0]);
    (void)page0[0];
    used("read", window_table[0]);
    used("its directory", window_directory[0]);
    page0[0] = 1;
    used("written", window_table[0]);
    window_table[0] &= ~D;
    invlpg(page0);
    page0[0] = 2;
    used("written again", window_table[0]);
    window_table[0] &= ~(A | D);
    invlpg(page0);
    asm volatile("lock cmpxchgq %1, (%0)" : : "r"(page0), "r"(3UL), "a"(77UL) : "memory");
    used("failing CMPXCHG", window_table[0]);
    set(0, (uint64_t)one | P);
    try_write("write to a read-only page", page0);
    used("after the fault", window_table[0]);
    set(0, (uint64_t)one | P | W | NX);
    try_jump("execute NX", WINDOW);
    used("after that fault", window_table[0]);
}

static void faults(void) {
    set(0, 0);
    try_read("absent", page0);
    print("CR2 %lx\n", last.cr2);
    try_write("absent, write", (char *)page0 + 0x123);
    print("CR2 %lx\n", last.cr2);
    try_jump("absent, execute", WINDOW + 8);
    set(0, (uint64_t)one | P | W | 1UL << 51);
    try_read("reserved bit in a page's entry", page0);
    try_write("the same, write", page0);
    window_directory[2] = 0x2000 | P | W | LARGE;
    try_read("reserved bit in a large page's entry", (void *)(WINDOW + 0x400000));
    window_pointers[2] = 0x200000 | P | W | LARGE;
    try_read("reserved bit in a 1 GiB entry", (void *)(WINDOW + 0x80000000));
    uint64_t top = tables[WINDOW >> 39];
    tables[WINDOW >> 39] = top | LARGE;
    flush();
    try_read("page size bit in the top table", page0);
    tables[WINDOW >> 39] = top;
    flush();
    set(0, (uint64_t)one | P | W);
    set(1, 0);
    TRY("mov (%0), %%rax", : : "r"(WINDOW + 4096 - 4) : "rax",);
    print_caught("across pages, second absent");
    print("CR2 %lx\n", last.cr2);
    one[511] = 0x5555;
    TRY("movq $-1, (%0)", : : "r"(WINDOW + 4096 - 4) :);
    print_caught("write across, second absent");
    print("CR2 %lx, nothing written: %lx\n", last.cr2, one[511]);
    TRY("mov (%0), %%rax", : : "r"(0x0000800000000000UL) : "rax",);
    print_caught("not canonical");
    TRY("mov (%0), %%rax", : : "r"(0x00007FFFFFFFFFFCUL) : "rax",);
    print_caught("into the hole");
}

static void protection(void) {
    set(0, (uint64_t)one | P);
    try_write("WP on", page0);
    WRITE_CR(0, READ_CR(0) & ~0x10000UL);
    try_write("WP off", page0);
    WRITE_CR(0, READ_CR(0) | 0x10000);
    try_write("WP on again", page0);
    // stale translations: an entry that was made more permissive needs no INVLPG after a fault
    window_table[0] = (uint64_t)one | P | W;
    try_write("made writable", page0);
    wrmsr(0xC0000080, rdmsr(0xC0000080) & ~0x800UL);
    set(0, (uint64_t)one | P | W | NX);
    try_read("NX bit with NXE off", page0);
    wrmsr(0xC0000080, rdmsr(0xC0000080) | 0x800);
    try_read("NXE on", page0);
}

static void user_mode(void) {
    handlers[14] = on_user;
    handlers[13] = on_user;
    handlers[0x80] = on_user;
    set_gate(0x80, (uint64_t)stubs + 16 * 0x80, 0xEE, 0);
    tables[WINDOW >> 39] |= U;
    window_pointers[0] |= U;
    window_directory[0] |= U;
    flush();
    set(1, (uint64_t)code | P | W | U);
    set(2, (uint64_t)user_stack | P | W | U);
    set(0, (uint64_t)one | P | W | U);
    user("user page, load", load, sizeof load);
    user("user page, store", store, sizeof store);
    set(0, (uint64_t)one | P | U);
    user("read-only, load", load, sizeof load);
    user("read-only, store", store, sizeof store);
    set(0, (uint64_t)one | P | W);
    user("supervisor, load", load, sizeof load);
    user("supervisor, store", store, sizeof store);
    set(0, 0);
    user("absent, load", load, sizeof load);
    user("absent, store", store, sizeof store);
    set(0, (uint64_t)one | P | W | U | 1UL << 51);
    user("reserved, load", load, sizeof load);
    set(0, (uint64_t)one | P | W | U);
    set(1, (uint64_t)code | P | W | U | NX);
    user("execute NX", load, sizeof load);
    set(1, (uint64_t)code | P | W);
    user("execute supervisor", load, sizeof load);
    set(1, (uint64_t)code | P | U);
    window_directory[0] &= ~U;
    flush();
    user("supervisor directory", load, sizeof load);
    window_directory[0] |= U;
    window_directory[0] &= ~W;
    flush();
    set(0, (uint64_t)one | P | W | U);
    user("read-only directory, store", store, sizeof store);
    window_directory[0] |= W;
    flush();
    handlers[14] = handlers[13] = NULL;
}

/** A page table that maps itself: a store to its window changes translations. */
static void recursive(void) {
    set(3, (uint64_t)window_table | P | W);
    volatile uint64_t *through = (uint64_t *)(WINDOW + 3 * 4096);
    set(0, (uint64_t)one | P | W);
    one[0] = 0xAAAA;
    two[0] = 0xBBBB;
    uint64_t before = page0[0];
    through[0] = (uint64_t)two | P | W;
    invlpg(page0);
    print("through itself: %lx %lx\n", before, page0[0]);
}

static void global_pages(void) {
    WRITE_CR(4, READ_CR(4) | 0x80);
    window_table[0] = (uint64_t)one | P | W | 0x100;
    flush();
    invlpg(page0);
    (void)page0[0];
    window_table[0] = (uint64_t)two | P | W | 0x100;
    WRITE_CR(4, READ_CR(4) & ~0x80UL);
    print("global page after CR4.PGE: %lx\n", page0[0]);
}

int main(void) {
    tables[WINDOW >> 39] = (uint64_t)window_pointers | P | W;
    window_pointers[0] = (uint64_t)window_directory | P | W;
    window_directory[0] = (uint64_t)window_table | P | W;
    sizes();
    flags();
    faults();
    protection();
    user_mode();
    recursive();
    global_pages();
    return 0;
}
