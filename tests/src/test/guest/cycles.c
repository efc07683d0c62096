// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Two threads, 1000 readings of the time stamp counter each, with page faults and delegated calls between.
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { READINGS = 1000 };

static uint64_t readings[2][READINGS];
static atomic_int started, shared;

/* Often enough to be translated. */
static uint64_t work(uint64_t x) {
    for (int i = 0; i < 200; i++)
        x = x % 3 ? x * 6364136223846793005u + (x >> 33) : x / 3 + readings[i & 1][i];
    return x;
}

static void *measure(void *argument) {
    uint64_t *mine = argument;
    char *memory = mmap(NULL, READINGS * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    atomic_fetch_add(&started, 1);
    while (atomic_load(&started) < 2) {
    }
    for (int i = 0; i < READINGS; i++) {
        mine[i] = __builtin_ia32_rdtsc();
        atomic_fetch_add(&shared, (int)work(i) & 1023);
        if (i % 3 == 0)
            memory[i * 4096] = 1;
        if (i % 50 == 0)
            access("/", R_OK);
    }
    return NULL;
}

int main(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, measure, readings[1]);
    measure(readings[0]);
    pthread_join(thread, NULL);
    for (int t = 0; t < 2; t++)
        for (int i = 0; i < READINGS; i++)
            printf("%d %llu\n", t, (unsigned long long)readings[t][i]);
    printf("%d\n", shared);
    return 0;
}
