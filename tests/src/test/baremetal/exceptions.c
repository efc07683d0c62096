// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
//
// Exceptions of all kinds with their error codes, and what they leave behind.

#include "kit.h"

/** #GP in the delivery of an interrupt whose gate is bad: error codes with the IDT and EXT bits. */
static void gates(void) {
    uint32_t *gate = (uint32_t *)(idt + 16 * 0x70);
    uint32_t type = gate[1];
    gate[1] = type & ~0x8000u;
    TRY("int $0x70", : : :);
    print_caught("gate not present");
    gate[1] = (type & ~0xF00u) | 0x500;
    TRY("int $0x70", : : :);
    print_caught("task gate");
    gate[1] = type;
    uint32_t selector = gate[0];
    gate[0] = (selector & 0xFFFF) | 0x100000;
    TRY("int $0x70", : : :);
    print_caught("gate to data segment");
    gate[0] = (selector & 0xFFFF) | 0x180000;
    TRY("int $0x70", : : :);
    print_caught("gate to 32-bit code");
    gate[0] = selector & 0xFFFF;
    TRY("int $0x70", : : :);
    print_caught("gate to null");
    gate[0] = (selector & 0xFFFF) | 0x1000000;
    TRY("int $0x70", : : :);
    print_caught("gate beyond the GDT");
    gate[0] = selector;
    struct {
        uint16_t limit;
        uint64_t base;
    } __attribute__((packed)) shorter = {16 * 0x70 - 1, (uint64_t)idt};
    asm volatile("lidt %0" : : "m"(shorter));
    TRY("int $0x70", : : :);
    print_caught("beyond the IDT");
    asm volatile("lidt idt_pointer");
}

static void selectors(void) {
    TRY("mov %0, %%ds", : : "r"(0x500) :);
    print_caught("DS beyond the GDT");
    TRY("mov %0, %%ds", : : "r"(0x50) :);
    print_caught("DS not present");
    TRY("mov %0, %%ss", : : "r"(0x50) :);
    print_caught("SS not present");
    TRY("mov %0, %%ss", : : "r"(0x08) :);
    print_caught("SS code");
    TRY("mov %0, %%ss", : : "r"(0x23) :);
    print_caught("SS of another privilege");
    TRY("mov %0, %%ds", : : "r"(0x30) :);
    print_caught("DS a TSS");
    TRY("mov %0, %%ss", : : "r"(0) :);
    print_caught("SS null");
    asm volatile("mov %0, %%ss" : : "r"(0x10));
    TRY("ltr %w0", : : "r"(0x30) :);
    print_caught("LTR of a busy TSS");
    TRY("ltr %w0", : : "r"(0) :);
    print_caught("LTR null");
    TRY("lldt %w0", : : "r"(0x10) :);
    print_caught("LLDT of data");
}

int main(void) {
    TRY("xor %%ecx, %%ecx; mov $1, %%eax; xor %%edx, %%edx; div %%ecx", : : : "rax", "rcx", "rdx",);
    print_caught("divide by 0");
    TRY("mov $1, %%ecx; xor %%eax, %%eax; mov $1, %%edx; div %%ecx", : : : "rax", "rcx", "rdx",);
    print_caught("quotient too large");
    TRY("mov $-1, %%ecx; mov $0x80000000, %%eax; cltd; idiv %%ecx", : : : "rax", "rcx", "rdx",);
    print_caught("smallest by -1");
    TRY("ud2", : : :);
    print_caught("ud2");
    TRY("lock; .byte 0x90", : : :);
    print_caught("lock nop");
    TRY(".byte 0xF0, 0x01, 0xC0", : : :);
    print_caught("lock add of registers");
    TRY(".byte 0x06", : : :);
    print_caught("push es");
    TRY(".byte 0x37", : : :);
    print_caught("aaa");
    TRY(".byte 0x9A", : : :);
    print_caught("far call immediate");
    TRY(".fill 14, 1, 0x66; .byte 0x90", : : :);
    print_caught("15 bytes");
    TRY(".fill 15, 1, 0x66; .byte 0x90", : : :);
    print_caught("16 bytes");

    TRY("fninit; fldcw %0; fld1; fldz; fdivrp; fwait", : : "m"((uint16_t){0x37B}) :);
    print_caught("x87 divide by 0");
    asm volatile("fnclex; fninit");
    WRITE_CR(0, READ_CR(0) | 8);
    TRY("fld1", : : :);
    print_caught("x87 with TS");
    asm volatile("clts");
    WRITE_CR(0, READ_CR(0) | 4);
    TRY("fld1", : : :);
    print_caught("x87 with EM");
    WRITE_CR(0, READ_CR(0) & ~4UL);
    uint32_t mxcsr = 0x1D80;
    asm volatile("ldmxcsr %0" : : "m"(mxcsr));
    TRY("xorps %%xmm0, %%xmm0; mov $0x3F800000, %%eax; movd %%eax, %%xmm1; divss %%xmm0, %%xmm1", : : : "rax",);
    print_caught("SSE divide by 0");
    mxcsr = 0x10000;
    TRY("ldmxcsr %0", : : "m"(mxcsr) :);
    print_caught("MXCSR reserved bit");
    static uint8_t bytes[32] __attribute__((aligned(16)));
    TRY("movaps %0, %%xmm0", : : "m"(bytes[1]) :);
    print_caught("MOVAPS misaligned");

    selectors();
    gates();
    return 0;
}
