// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Ends by the signal that the argument names.
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int overflow(volatile int depth) {
    volatile char frame[4096];
    frame[0] = (char)depth;
    return overflow(depth + 1) + frame[0];
}

int main(int argc, char **argv) {
    const char *how = argc > 1 ? argv[1] : "";
    volatile int zero = 0;
    puts("before");
    fflush(stdout);
    if (!strcmp(how, "segv"))
        *(volatile int *)8 = 1;
    else if (!strcmp(how, "fpe"))
        printf("%d\n", 10 / zero);
    else if (!strcmp(how, "ill"))
        __asm__ volatile("ud2");
    else if (!strcmp(how, "trap"))
        __asm__ volatile("int3");
    else if (!strcmp(how, "bus")) {
        FILE *empty = tmpfile();
        volatile char *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fileno(empty), 0);
        printf("%d\n", page[0]);
    } else if (!strcmp(how, "hlt"))
        __asm__ volatile("hlt");
    else if (!strcmp(how, "out"))
        __asm__ volatile("outb %al, $0x80");
    else if (!strcmp(how, "cr"))
        __asm__ volatile("mov %%cr3, %%rax" ::: "rax");
    else if (!strcmp(how, "msr"))
        __asm__ volatile("wrmsr");
    else if (!strcmp(how, "int"))
        __asm__ volatile("int $0x21");
    else if (!strcmp(how, "abrt"))
        abort();
    else if (!strcmp(how, "stack"))
        printf("%d\n", overflow(0));
    else if (!strcmp(how, "nx"))
        ((void (*)(void))memset(malloc(64), 0xC3, 64))();
    else if (!strcmp(how, "kernel"))
        ((void (*)(void))0xffffffff80000000ul)();
    else if (!strcmp(how, "far"))
        ((void (*)(void))0x8000000000000000ul)();
    else
        raise(atoi(how));
    puts("after");
    return 1;
}
