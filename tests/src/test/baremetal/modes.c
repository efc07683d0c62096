// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
//
// From 64-bit mode to compatibility mode, 32-bit protected mode, 16-bit protected mode, real mode, and back.

#include "kit.h"

#define RESULTS ((volatile uint32_t *)0x6000)

void trip(void);
extern char blob[], blob_end[];

asm(".globl trip, blob, blob_end\n"
    ".set AT, 0x7000\n"
    "trip: push %rbx; push %rbp; push %r12; push %r13; push %r14; push %r15; pushfq\n"
    "  mov %rsp, 0x6F00\n"
    "  push $0x18; push $compatibility; rex.w lret\n"

    ".code32\n"
    "compatibility:\n"
    "  mov $41, %eax; .byte 0x40; mov %eax, 0x6000\n"  // INC here, REX in 64-bit mode
    "  mov %cs, %eax; mov %eax, 0x6004\n"
    "  mov $0xFFFFFFF0, %ebx; lea 0x20(%ebx), %eax; mov %eax, 0x6008\n"
    "  mov %cr0, %eax; and $0x7FFFFFFF, %eax; mov %eax, %cr0\n"  // no paging: long mode ends
    "  mov $0xC0000080, %ecx; rdmsr; mov %eax, 0x600C\n"
    "  and $0xFFFFFEFF, %eax; wrmsr\n"
    "  mov $0x0B, %eax; aaa; movzwl %ax, %eax; mov %eax, 0x6010\n"
    "  mov $0x10, %eax; push %eax; pop %es; push %es; pop %eax; mov %eax, 0x6014\n"
    "  mov $0x6F00, %esp; pusha; mov %esp, %eax; mov %eax, 0x6018; popa\n"
    "  ljmp $0x40, $AT\n"

    ".code16\n"
    "blob:\n"
    "  mov $0x48, %ax; mov %ax, %ds; mov %ax, %ss; mov %ax, %es\n"
    "  mov $0x6E00, %sp\n"
    "  mov $0x1FFFF, %eax; inc %ax; mov %eax, 0x601C\n"  // 16-bit operations keep the upper half
    "  mov %cr0, %eax; and $0xFE, %al; mov %eax, %cr0\n"
    "  ljmp $0x0, $AT + 1f - blob\n"
    "1: xor %ax, %ax; mov %ax, %ds; mov %ax, %es; mov %ax, %ss\n"
    "  mov $0x6E00, %sp\n"
    "  lidt AT + ivt - blob\n"
    "  movw $AT + handler - blob, 0x60 * 4; movw $0, 0x60 * 4 + 2\n"
    "  movw $AT + divide - blob, 0; movw $0, 2\n"
    "  mov $5, %bx; int $0x60; mov %bx, 0x6020; movw $0, 0x6022\n"
    "  mov $0xFFFF, %ax; mov %ax, %fs; mov %fs:0x10, %eax; mov %eax, 0x6024\n"  // 1 MiB: the Multiboot header
    "  xor %cx, %cx; mov $1, %ax; div %cl\n"
    "2: mov %cx, 0x6028; movw $0, 0x602A\n"
    "  lcall $0x700, $far - blob\n"
    "  mov %eax, 0x602C\n"
    "  mov $3, %cx; xor %ax, %ax; 3: add $2, %ax; loop 3b; movzx %ax, %eax; mov %eax, 0x6030\n"
    "  pushf; pop %ax; and $0x200, %ax; movzx %ax, %eax; mov %eax, 0x6034\n"
    "  smsw %ax; and $1, %ax; movzx %ax, %eax; mov %eax, 0x6038\n"
    "  lgdtl AT + descriptors - blob\n"
    "  mov %cr0, %eax; or $1, %al; mov %eax, %cr0\n"
    "  ljmpl $0x18, $back32\n"
    "handler: add $7, %bx; iret\n"
    "divide: mov $0x77, %cx; push %bp; mov %sp, %bp; addw $2, 2(%bp); pop %bp; iret\n"
    "far: mov %cs, %ax; shl $16, %eax; mov $0xFA, %ax; lret\n"
    "ivt: .word 0x3FF; .long 0\n"
    "descriptors: .word 0x57; .long gdt\n"
    "blob_end:\n"

    ".code32\n"
    "back32: mov $0x10, %eax; mov %eax, %ds; mov %eax, %es; mov %eax, %ss\n"
    "  mov $0x6E00, %esp\n"
    "  call enter_long\n"
    "  ljmp $0x08, $back64\n"
    ".code64\n"
    "back64: mov 0x6F00, %rsp\n"
    "  lidt idt_pointer\n"
    "  xor %eax, %eax; mov %eax, %fs\n"
    "  popfq; pop %r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx; ret\n");

int main(void) {
    char *to = (char *)0x7000;
    for (char *from = blob; from < blob_end;)
        *to++ = *from++;
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 16; i++)
            RESULTS[i] = 0xDEAD;
        trip();
        print("compatibility mode: %d, CS %x, wrapped %x\n", RESULTS[0], RESULTS[1], RESULTS[2]);
        print("EFER after paging is off: LME %d LMA %d\n", RESULTS[3] >> 8 & 1, RESULTS[3] >> 10 & 1);
        print("32-bit: AAA %x, ES %x, PUSHA %x\n", RESULTS[4], RESULTS[5], RESULTS[6]);
        print("16-bit: %x\n", RESULTS[7]);
        print("real: interrupt %d, 1 MiB %x, divide %x, far %x, loop %d\n", RESULTS[8], RESULTS[9], RESULTS[10], RESULTS[11],
              RESULTS[12]);
        print("IF %x, PE %x\n", RESULTS[13], RESULTS[14]);
    }
    print("EFER again: %x\n", (int)(rdmsr(0xC0000080) & 0x500));
    TRY("ud2", : : :);
    print_caught("still");
    return 0;
}
