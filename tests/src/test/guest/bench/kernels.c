// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Small pieces of work for mckernelj.tests.benchmarks: kernels NAME COUNT runs one COUNT times and prints how far the time stamp counter went. Under
// McKernel/J that is the number of instructions.
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <x86intrin.h>

static volatile uint64_t sink;

static void delegated(long count) {
    uint64_t sum = 0;
    for (long i = 0; i < count; i++)
        sum += (uint64_t)syscall(SYS_getppid);
    sink = sum;
}

static void local(long count) {
    uint64_t sum = 0;
    for (long i = 0; i < count; i++)
        sum += (uint64_t)syscall(SYS_getpid);
    sink = sum;
}

static void integer(long count) {
    uint64_t x = 88172645463325252ull, sum = 0;
    for (long i = 0; i < count; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        sum += x;
    }
    sink = sum;
}

static int compare(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static void sort(long count) {
    static uint32_t numbers[4096];
    for (long i = 0; i < count; i++) {
        uint32_t x = (uint32_t)i + 2463534242u;
        for (int k = 0; k < 4096; k++) {
            x ^= x << 13;
            x ^= x >> 17;
            numbers[k] = x ^= x << 5;
        }
        qsort(numbers, 4096, sizeof numbers[0], compare);
        sink = numbers[17];
    }
}

// An interpreter of a little stack machine: indirect jumps that depend on data.
static void bytecode(long count) {
    static const unsigned char program[] = {0, 1, 4, 2, 5, 3, 4, 0, 6, 1, 2, 5, 6, 3, 0, 4, 7};
    uint64_t a = 1, b = 2, sum = 0;
    for (long i = 0; i < count; i++) {
        for (const unsigned char *at = program;; at++) {
            switch (*at ^ (sum & 1)) {
                case 0: a += b; break;
                case 1: b ^= a << 3; break;
                case 2: a -= sum; break;
                case 3: sum += a; break;
                case 4: b = b * 31 + 7; break;
                case 5: sum ^= b >> 5; break;
                case 6: a = a >> 1 | a << 63; break;
                default: goto next;
            }
            if (at == program + sizeof program - 1)
                break;
        }
    next:;
    }
    sink = a + b + sum;
}

#define N 64

static void matrix(long count) {
    static double a[N][N], b[N][N], c[N][N];
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            a[i][j] = i + j;
            b[i][j] = i - j;
        }
    for (long n = 0; n < count; n++)
        for (int i = 0; i < N; i++)
            for (int k = 0; k < N; k++)
                for (int j = 0; j < N; j++)
                    c[i][j] += a[i][k] * b[k][j];
    sink = (uint64_t)c[3][5];
}

static void copy(long count) {
    enum { SIZE = 1 << 20 };
    static char from[SIZE], to[SIZE];
    for (long i = 0; i < count; i++) {
        from[i & 4095] = (char)i;
        memcpy(to, from, SIZE);
        sink += (uint64_t)to[17] + strlen(to + 5000) + (memchr(to, 'x', SIZE) != NULL);
    }
}

static void faults(long count) {
    for (long done = 0; done < count; done += 1000) {
        long pages = count - done < 1000 ? count - done : 1000;
        char *at = mmap(NULL, (size_t)pages << 12, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        for (long i = 0; i < pages; i++)
            at[i << 12] = 1;
        munmap(at, (size_t)pages << 12);
    }
}

static const struct {
    const char *name;
    void (*run)(long);
} kernels[] = {{"delegated", delegated}, {"local", local}, {"integer", integer}, {"sort", sort}, {"bytecode", bytecode}, {"matrix", matrix},
               {"copy", copy}, {"faults", faults}};

int main(int argc, char **argv) {
    for (size_t i = 0; argc == 3 && i < sizeof kernels / sizeof kernels[0]; i++)
        if (strcmp(kernels[i].name, argv[1]) == 0) {
            uint64_t start = __rdtsc();
            kernels[i].run(atol(argv[2]));
            printf("%llu\n", (unsigned long long)(__rdtsc() - start));
            return 0;
        }
    fprintf(stderr, "usage: kernels NAME COUNT\n");
    return 2;
}
