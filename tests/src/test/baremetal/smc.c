// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
//
// Code that changes: by the processor that runs it, through another address, by another processor, by a repeated store.

#include "kit.h"

#define PAGE 4096
#define WINDOW 0x8000000000UL

static uint64_t window_pointers[512] __attribute__((aligned(4096)));
static uint64_t window_directory[512] __attribute__((aligned(4096)));
static uint64_t window_table[512] __attribute__((aligned(4096)));
static uint8_t code[4 * PAGE] __attribute__((aligned(4096)));
static volatile int ready, seen, stop;

typedef int function(void);

static void serialize(void) {
    uint32_t leaf[4];
    cpuid(0, 0, leaf);
}

/** mov $value, %eax; ret */
static void write_function(volatile uint8_t *at, int value) {
    at[0] = 0xB8;
    *(volatile int *)(at + 1) = value;
    at[5] = 0xC3;
}

static void read_until_stopped(long from) {
    int last = (int)from;
    while (!stop) {
        int now = ((function *)code)();
        if (now < last)
            seen = -1000;
        if (now != last)
            seen++;
        last = now;
        ready = now;
    }
}

static void patch(long value) {
    write_function(code, value);
    ready = value;
}

int main(void) {
    function *f = (function *)code;
    write_function(code, 1);
    serialize();
    int sum = 0;
    for (int i = 1; i <= 1000; i++) {
        write_function(code, i);
        sum += f();
    }
    print("1000 versions: %d\n", sum);

    // an instruction that changes the next one
    int got;
    asm volatile("movb $42, 1f + 1(%%rip); 1: mov $7, %%al; movzbl %%al, %0" : "=r"(got) : : "rax", "memory");
    print("the next instruction: %d\n", got);
    int total = 0;
    for (int i = 0; i < 10; i++) {
        asm volatile("movb %b1, 1f + 1(%%rip); nop; 1: mov $99, %%al; movzbl %%al, %0" : "=r"(got) : "q"(i) : "rax", "memory");
        total += got;
    }
    print("ten times: %d\n", total);
    asm volatile("lea 1f(%%rip), %%rdi; mov $0x90, %%al; mov $3, %%ecx; xor %%edx, %%edx; rep stosb\n"
                 "1: inc %%edx; nop; mov %%edx, %0" : "=r"(got) : : "rax", "rcx", "rdx", "rdi", "memory");
    print("overwritten by REP STOSB: %d\n", got);

    // code across a page's end, whose second page changes
    write_function(code + PAGE - 3, 0x11223344);
    function *g = (function *)(code + PAGE - 3);
    got = g();
    code[PAGE] = 0x55;
    print("across pages: %x %x\n", got, g());

    // written through another address; the page behind an address exchanged
    tables[WINDOW >> 39] = (uint64_t)window_pointers | 3;
    window_pointers[0] = (uint64_t)window_directory | 3;
    window_directory[0] = (uint64_t)window_table | 3;
    window_table[0] = (uint64_t)code | 3;
    write_function(code, 5);
    int before = f();
    write_function((uint8_t *)WINDOW, 6);
    print("through another address: %d %d\n", before, f());
    function *h = (function *)WINDOW;
    write_function(code + 2 * PAGE, 77);
    before = h();
    window_table[0] = (uint64_t)(code + 2 * PAGE) | 3;
    invlpg((void *)WINDOW);
    print("another page: %d %d\n", before, h());

    int n = start_others();
    write_function(code, 100);
    ready = 0;
    run_on(1, read_until_stopped, 100);
    for (int i = 101; i <= 120; i++) {
        *(volatile int *)(code + 1) = i;
        while (ready != i)
            pause();
    }
    stop = 1;
    wait_for(1);
    print("changed under another processor: %d\n", seen);
    for (int i = 1; i <= 20; i++) {
        run_on(1 + i % (n - 1), patch, i);
        while (ready != i)
            pause();
        serialize();
        got = f();
        if (got != i)
            print("version %d instead of %d\n", got, i);
        wait_for(1 + i % (n - 1));
    }
    print("changed by others: %d\n", got);
    return 0;
}
