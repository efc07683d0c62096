// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
//
// Checks that QEMU leaves out where it translates: reserved bits, addresses that are not canonical, MSRs.

#include "kit.h"

static uint64_t cr2_before;

int main(void) {
    cr2_before = READ_CR(2);
    TRY("mov 0x0000900000000000, %%rax", : : : "rax",);
    print_caught("load, not canonical");
    print("CR2 kept: %d\n", READ_CR(2) == cr2_before);
    last.vector = -1;
    asm volatile("push %%rbp; lea 9f(%%rip), %%r15; mov %%r15, recover; mov %0, %%rbp; mov (%%rbp), %%rax\n"
                 "9: pop %%rbp; movq $0, recover" : : "r"(0x0000900000000000UL) : "rax", "r15", "memory");
    print_caught("through RBP, not canonical");
    TRY("jmp *%0", : : "r"(0x0000900000000000UL) :);
    print_caught("jump, not canonical");
    print("RIP is that of the jump: %d\n", last.rip < 0x1000000);
    TRY("wrmsr", : : "c"(0xC0000101), "a"(0), "d"(0x00009000) :);
    print_caught("GS base, not canonical");
    TRY("rdmsr", : : "c"(0x12345678) : "rax", "rdx",);
    print_caught("MSR that does not exist");
    TRY("wrmsr", : : "c"(0xC0000080), "a"(0x10000 | 0xD00), "d"(0) :);
    print_caught("EFER reserved bit");
    TRY("wrmsr", : : "c"(0xC0000080), "a"(0xC00), "d"(0) :);
    print_caught("LME off in long mode");
    TRY("mov %0, %%cr0", : : "r"(0x80000000UL) :);
    print_caught("CR0 PG without PE");
    TRY("mov %0, %%cr0", : : "r"(0x1UL << 32 | READ_CR(0)) :);
    print_caught("CR0 upper half");
    TRY("mov %0, %%cr0", : : "r"((READ_CR(0) | 0x20000000) & ~0x40000000UL) :);
    print_caught("NW without CD");
    TRY("mov %0, %%cr4", : : "r"(READ_CR(4) & ~0x20UL) :);
    print_caught("PAE off in long mode");
    TRY("mov %0, %%cr4", : : "r"(READ_CR(4) | 1UL << 31) :);
    print_caught("CR4 reserved bit");
    TRY("mov %0, %%cr8", : : "r"(0x10UL) :);
    print_caught("CR8 too large");
    TRY(".byte 0x0F, 0x20, 0xC8", : : : "rax",);
    print_caught("CR1");
    TRY("mov %0, %%cr3", : : "r"(1UL << 60) :);
    print_caught("CR3 reserved bit");
    return 0;
}
