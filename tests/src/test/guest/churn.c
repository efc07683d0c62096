// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers

/* Code that is written, run until it is hot, changed, moved, unmapped and mapped again where other code was, by two threads, while a timer's signals
   arrive anywhere. What it prints depends on none of this. Argument: rounds (default 60). */

#define _GNU_SOURCE
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>

enum { PAGE = 4096, SLOTS = 6, HOT = 30000 };

typedef uint64_t function(uint64_t value, uint64_t count, const uint8_t *table);

static volatile sig_atomic_t ticks;
static pthread_mutex_t holes = PTHREAD_MUTEX_INITIALIZER; /* held while something may not be mapped where there is a hole */
static __thread sigjmp_buf fault;
static __thread volatile int expecting;

static uint64_t next(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    return *state ^= *state << 17;
}

static uint8_t *bytes(uint8_t *at, const void *code, size_t length) {
    return (uint8_t *)memcpy(at, code, length) + length;
}

static uint8_t *immediate(uint8_t *at, uint32_t value) {
    return bytes(at, &value, sizeof value);
}

/* A loop: rdi is changed by random operations, rsi times; rdx points to 256 bytes that are added by the lowest byte of rdi. */
static void generate(uint8_t *at, uint64_t *random) {
    uint8_t *loop = at;
    int operations = 3 + next(random) % 12;
    for (int i = 0; i < operations; i++) {
        uint32_t number = next(random);
        switch (next(random) % 7) {
        case 0:
            at = immediate(bytes(at, "\x48\x81\xc7", 3), number); /* add rdi, number */
            break;
        case 1:
            at = immediate(bytes(at, "\x48\x81\xf7", 3), number); /* xor rdi, number */
            break;
        case 2:
            at = immediate(bytes(at, "\x48\x69\xff", 3), number | 1); /* imul rdi, rdi, number */
            break;
        case 3:
            at = bytes(at, "\x48\xc1\xc7", 3); /* rol rdi, number */
            *at++ = number % 63 + 1;
            break;
        case 4:
            at = bytes(at, "\x40\x0f\xb6\xc7\x0f\xb6\x04\x02\x48\x01\xc7", 11); /* movzx eax, dil; movzx eax, [rdx+rax]; add rdi, rax */
            break;
        case 5:
            at = bytes(at, "\x48\xf7\xd7\x48\x0f\xcf", 6); /* not rdi; bswap rdi */
            break;
        default:
            at = bytes(at, "\x40\xf6\xc7\x01\x74\x03\x48\xff\xc7", 9); /* test dil, 1; jz over; inc rdi */
            break;
        }
    }
    at = bytes(at, "\x48\xff\xce\x0f\x85", 5); /* dec rsi; jnz loop */
    at = immediate(at, loop - (at + 4));
    bytes(at, "\x48\x89\xf8\xc3", 4); /* mov rax, rdi; ret */
}

static void tick(int signal) {
    (void)signal;
    ticks++;
}

static void segv(int signal) {
    (void)signal;
    if (expecting) {
        expecting = 0;
        siglongjmp(fault, 1);
    }
    abort();
}

static uint8_t *map(uint8_t *at) {
    uint8_t *mapped = mmap(at, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS | (at ? MAP_FIXED : 0), -1, 0);
    if (mapped == MAP_FAILED) {
        perror("mmap");
        exit(1);
    }
    return mapped;
}

static uint64_t call(uint8_t *code, uint64_t value, uint64_t count, const uint8_t *table) {
    return ((function *)(uintptr_t)code)(value, count, table);
}

/* 1 if calling it faults. */
static int is_gone(uint8_t *code, const uint8_t *table) {
    expecting = 1;
    if (sigsetjmp(fault, 1)) {
        return 1;
    }
    call(code, 1, 1, table);
    expecting = 0;
    return 0;
}

struct work {
    int number;
    int rounds;
    uint64_t sum;
    int faults;
};

static void *churn(void *argument) {
    struct work *work = argument;
    uint64_t random = 88172645463325252ull + work->number;
    uint8_t table[256];
    uint8_t *slots[SLOTS];
    for (int i = 0; i < 256; i++) {
        table[i] = next(&random);
    }
    for (int i = 0; i < SLOTS; i++) {
        slots[i] = map(NULL);
        generate(slots[i], &random);
    }
    for (int round = 0; round < work->rounds; round++) {
        int slot = next(&random) % SLOTS;
        int other = next(&random) % SLOTS;
        switch (next(&random) % 6) {
        case 0: /* overwritten in place */
            generate(slots[slot], &random);
            break;
        case 1: /* gone, then something else there */
            pthread_mutex_lock(&holes);
            munmap(slots[slot], PAGE);
            work->faults += is_gone(slots[slot], table);
            map(slots[slot]);
            pthread_mutex_unlock(&holes);
            generate(slots[slot], &random);
            break;
        case 2: { /* moved */
            pthread_mutex_lock(&holes);
            uint8_t *moved = mremap(slots[slot], PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, map(NULL));
            work->faults += is_gone(slots[slot], table);
            pthread_mutex_unlock(&holes);
            slots[slot] = moved;
            break;
        }
        case 3: /* not executable for a moment */
            mprotect(slots[slot], PAGE, PROT_READ);
            work->faults += is_gone(slots[slot], table);
            mprotect(slots[slot], PAGE, PROT_READ | PROT_WRITE | PROT_EXEC);
            break;
        case 4: /* dropped: zeros, then a copy of another one */
            madvise(slots[slot], PAGE, MADV_DONTNEED);
            if (slot != other) {
                memcpy(slots[slot], slots[other], PAGE);
            } else {
                generate(slots[slot], &random);
            }
            break;
        default: { /* two change places */
            uint8_t *kept = slots[slot];
            slots[slot] = slots[other];
            slots[other] = kept;
            break;
        }
        }
        work->sum = call(slots[slot], work->sum + round, HOT + next(&random) % HOT, table);
        work->sum += call(slots[other], work->sum, 1 + next(&random) % 100, table);
    }
    return NULL;
}

int main(int count, char **arguments) {
    int rounds = count > 1 ? atoi(arguments[1]) : 60;
    struct sigaction action = {.sa_handler = tick, .sa_flags = SA_RESTART};
    sigaction(SIGALRM, &action, NULL);
    action.sa_handler = segv;
    action.sa_flags = SA_NODEFER;
    sigaction(SIGSEGV, &action, NULL);
    struct itimerval interval = {{0, 1000}, {0, 1000}};
    setitimer(ITIMER_REAL, &interval, NULL);

    struct work works[2] = {{.number = 0, .rounds = rounds}, {.number = 1, .rounds = rounds}};
    pthread_t thread;
    pthread_create(&thread, NULL, churn, &works[1]);
    churn(&works[0]);
    pthread_join(thread, NULL);
    for (int i = 0; i < 2; i++) {
        printf("%d: %016llx, %d faults\n", i, (unsigned long long)works[i].sum, works[i].faults);
    }
    return 0;
}
