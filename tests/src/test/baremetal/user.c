// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
//
// What user mode may not do.

#include "kit.h"

static volatile int user_vector;
static volatile uint64_t user_error;

static void on_user(struct frame *frame) {
    user_vector = frame->vector;
    user_error = frame->error;
    leave_user();
}

static void user(const char *name, void (*work)(void)) {
    static uint8_t stack[4096] __attribute__((aligned(16)));
    user_vector = -1;
    enter_user((uint64_t)work, (uint64_t)stack + sizeof stack - 8);
    print("user %s: exception %d error %lx\n", name, user_vector, user_vector == 0x80 ? 0 : user_error);
}

#define USER(name, text)                              \
    static void name(void) {                          \
        asm volatile(text "\n\tint $0x80" : : : "memory"); \
        for (;;)                                      \
            ;                                         \
    }

USER(user_hlt, "hlt")
USER(user_cr, "mov %%cr0, %%rax")
USER(user_msr, "xor %%ecx, %%ecx; rdmsr")
USER(user_int, "int $0x81")
USER(user_int3, "int3")
USER(user_ok, "nop")
USER(user_lgdt, "lgdt gdt_pointer")
USER(user_null, "xor %%eax, %%eax; mov %%eax, %%ss")
USER(user_kernel, "mov $0x10, %%eax; mov %%eax, %%ds")
USER(user_swapgs, "swapgs")
USER(user_ud, "ud2")
USER(user_div, "xor %%ecx, %%ecx; div %%ecx")

static void make_user(void) {
    tables[0] |= 4;
    for (int i = 0; i < 4; i++)
        pointers[i] |= 4;
    for (int i = 0; i < 2048; i++)
        directories[i] |= 4;
    WRITE_CR(3, READ_CR(3));
    set_gate(0x80, (uint64_t)stubs + 16 * 0x80, 0xEE, 0);
    set_gate(3, (uint64_t)stubs + 16 * 3, 0xEE, 0);
    for (int i = 0; i < 32; i++)
        handlers[i] = on_user;
    handlers[0x80] = on_user;
}

int main(void) {
    make_user();
    user("nothing", user_ok);
    user("hlt", user_hlt);
    user("cr0", user_cr);
    user("rdmsr", user_msr);
    user("int 0x81", user_int);
    user("int3", user_int3);
    user("lgdt", user_lgdt);
    user("ss null", user_null);
    user("ds kernel", user_kernel);
    user("swapgs", user_swapgs);
    user("ud2", user_ud);
    user("divide", user_div);
    return 0;
}
