// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
//
// Single-step, INT3, NMI and their fine print: shadows, POPF, IRET, repetition.

#include "kit.h"

static volatile int steps, breakpoints, nmis, depth;
static volatile uint64_t rips[64];
static volatile uint64_t dr6;

static uint64_t read_dr6(void) {
    uint64_t value;
    asm volatile("mov %%dr6, %0" : "=r"(value));
    return value;
}

static void clear_dr6(void) { asm volatile("mov %0, %%dr6" : : "r"(0xFFFF0FF0UL)); }

static void on_step(struct frame *frame) {
    if (steps < 64)
        rips[steps] = frame->rip;
    steps++;
    dr6 = read_dr6();
    clear_dr6();
}

static void on_breakpoint(struct frame *frame) {
    breakpoints++;
    rips[0] = frame->rip;
}

static void on_nmi(struct frame *frame) {
    if (++nmis == 1) {
        apic_write(0x300, 0x44400);  // a second one must wait for IRET
        for (int i = 0; i < 1000; i++)
            pause();
        depth = nmis;
    }
}

#define STEP(code)                                                                              \
    ({                                                                                          \
        steps = 0;                                                                              \
        asm volatile("pushfq; orl $0x100, (%%rsp); popfq\n\t" code "\n\tpushfq; andl $~0x100, (%%rsp); popfq" \
                     : : : "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "memory", "cc");           \
        steps;                                                                                  \
    })

uint8_t buffer[64];
extern char after_int3[], after_cd3[];

int main(void) {
    handlers[1] = on_step;
    handlers[3] = on_breakpoint;
    handlers[2] = on_nmi;
    clear_dr6();

    // POPF that sets TF does not trap itself; the PUSHF, AND and POPF at the end do
    int empty = STEP("");
    print("nothing: %d steps, BS %d\n", empty, (int)(dr6 >> 14 & 1));
    print("three nops: %d\n", STEP("nop; nop; nop") - empty);
    print("jump: %d\n", STEP("jmp 1f; nop; 1: nop") - empty);
    print("mov ss: %d\n", STEP("mov %%ss, %%eax; mov %%eax, %%ss; nop; nop") - empty);
    print("rep stosb, 5 times: %d\n", STEP("lea buffer, %%edi; mov $5, %%ecx; rep stosb") - empty);
    print("rep stosb, 0 times: %d\n", STEP("lea buffer, %%edi; xor %%ecx, %%ecx; rep stosb") - empty);
    print("cpuid: %d\n", STEP("xor %%eax, %%eax; cpuid") - empty);
    print("in: %d\n", STEP("mov $0x61, %%dx; in %%dx, %%al") - empty);
    print("sti, cli: %d\n", STEP("sti; nop; cli") - empty);
    print("int3: %d", STEP("int3; nop") - empty);
    print(", breakpoints %d\n", breakpoints);
    print("pushf keeps TF: %d\n", STEP("pushfq; popq %%rax; testl $0x100, %%eax; jnz 1f; nop; nop; nop; 1:") - empty);

    breakpoints = 0;
    asm volatile("int3; .globl after_int3; after_int3:" : : : "memory");
    print("int3: %d, after it %d\n", breakpoints, rips[0] == (uint64_t)after_int3);
    asm volatile(".byte 0xCD, 3; .globl after_cd3; after_cd3:" : : : "memory");
    print("int 3: %d, after it %d\n", breakpoints, rips[0] == (uint64_t)after_cd3);

    apic_write(0x300, 0x44400);
    while (nmis < 2)
        pause();
    print("NMI: %d, inside the first %d\n", nmis, depth);
    asm volatile("cli");
    nmis = 10;
    apic_write(0x300, 0x44400);
    while (nmis < 11)
        pause();
    print("NMI without IF: %d\n", nmis);

    TRY("into_is_gone: .byte 0xCE", : : :);
    print_caught("INTO in 64-bit mode");
    TRY("ud2", : : :);
    print_caught("UD2");
    return 0;
}
