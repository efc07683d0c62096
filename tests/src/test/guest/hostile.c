// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Does what no program should: the first argument says what.
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static void allocate(void) {
    // until memory ends, or until somebody ends us
    for (size_t total = 0;; total += 16 << 20) {
        char *block = mmap(NULL, 16 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (block == MAP_FAILED)
            return;
        memset(block, 1, 16 << 20);
    }
}

// Pseudo-random bytes without SYSCALL, SYSENTER and INT: this program runs as whoever runs the tests.
static void fill(unsigned char *code, size_t size, uint64_t seed) {
    for (size_t i = 0; i < size; i++) {
        seed = seed * 6364136223846793005ull + 1442695040888963407ull;
        code[i] = (unsigned char)(seed >> 40);
        if (code[i] == 0x05 || code[i] == 0x34 || code[i] == 0xCD)
            code[i] = 0x90;
    }
}

static int garbage(uint64_t first, int count) {
    unsigned char *code = mmap(NULL, 65536, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int ended = 0, status;
    for (int i = 0; i < count; i++) {
        fill(code, 65536, first + (uint64_t)i);
        if (fork() == 0) {
            struct itimerval timer = {.it_value.tv_usec = 300000};
            setitimer(ITIMER_REAL, &timer, NULL);
            ((void (*)(void))(code + 32768))();
            _exit(0);
        }
        ended += wait(&status) > 0;
    }
    printf("%d ended\n", ended);
    return 0;
}

static void *spin(void *argument) {
    for (volatile long i = 0;; i++) {
    }
    return argument;
}

static int abandon(void) {
    // ends with a thread and a child that would run for ever
    pthread_t thread;
    pthread_create(&thread, NULL, spin, NULL);
    if (fork() == 0) {
        struct itimerval timer = {.it_value.tv_usec = 50000};
        setitimer(ITIMER_REAL, &timer, NULL);
        spin(NULL);
    }
    usleep(10000);
    _exit(3);
}

static int forks(int most) {
    // all at once
    int made = 0, ended = 0;
    for (int i = 0; i < most; i++) {
        pid_t child = fork();
        if (child == 0) {
            usleep(100000);
            _exit(0);
        }
        made += child > 0;
    }
    while (wait(NULL) > 0)
        ended++;
    printf("%s\n", made == ended ? "all ended" : "some are lost");
    return 0;
}

int main(int argc, char **argv) {
    const char *how = argc > 1 ? argv[1] : "";
    if (!strcmp(how, "allocate"))
        allocate();
    else if (!strcmp(how, "garbage"))
        return garbage(strtoull(argv[2], NULL, 0), atoi(argv[3]));
    else if (!strcmp(how, "abandon"))
        return abandon();
    else if (!strcmp(how, "forks"))
        return forks(atoi(argv[2]));
    else if (!strcmp(how, "spin"))
        spin(NULL);
    else if (!strcmp(how, "unmap")) {
        // pulls its own code away
        munmap((void *)((uintptr_t)main & -4096ul), 1 << 20);
        return 1;
    } else if (!strcmp(how, "signals")) {
        // a fault inside the handler of the same fault, on a stack that is not there
        signal(SIGSEGV, (void (*)(int))16);
        __asm__ volatile("mov $16, %rsp; push %rax");
    } else if (!strcmp(how, "frame")) {
        // a signal frame full of nonsense
        __asm__ volatile("lea page(%%rip), %%rsp; mov $15, %%eax; syscall; .pushsection .bss; .fill 4096; page: .fill 4096; .popsection" ::: "memory");
    }
    return 0;
}
