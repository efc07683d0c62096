// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Loops over memory that run long enough to be translated: strides, directions, overlap, streams that compete for TLB entries, faults in the
// middle of a run, floating-point exceptions that appear late.
#define _GNU_SOURCE
#include <fenv.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define KEEP __attribute__((noinline, noclone, optimize("no-tree-vectorize,no-tree-loop-distribute-patterns")))
#define SPAN (4l << 20)

static char *area;
static sigjmp_buf back;
static volatile uintptr_t where;

static void on_fault(int signal, siginfo_t *info, void *context) {
    where = (uintptr_t)info->si_addr - (uintptr_t)area;
    siglongjmp(back, signal);
}

KEEP static uint64_t sum(const uint64_t *p, long count, long step) {
    uint64_t s = 0;
    for (long i = 0; i != count; i++, p += step)
        s = s * 31 + *p;
    return s;
}

KEEP static void fill(uint32_t *p, long count, uint32_t x) {
    for (long i = 0; i < count; i++)
        p[i] = x += 0x9E3779B9;
}

/* With to = from + distance elements: what was stored is loaded again. */
KEEP static void copy(uint16_t *to, const uint16_t *from, long count) {
    for (long i = 0; i < count; i++)
        to[i] = from[i] + 1;
}

KEEP static void add3(uint64_t *a, const uint64_t *b, const uint64_t *c, long count) {
    for (long i = 0; i < count; i++)
        a[i] = b[i] + 3 * c[i];
}

KEEP static void axpy(double *y, const double *x, double a, long count) {
    for (long i = 0; i < count; i++)
        y[i] += a * x[i];
}

KEEP static long length(const char *p) {
    long n = 0;
    while (p[n] != 0)
        n++;
    return n;
}

KEEP static uint64_t table(const uint8_t *p, long count, const uint32_t *t) {
    uint32_t c = ~0u;
    for (long i = 0; i < count; i++)
        c = t[(c ^ p[i]) & 255] ^ c >> 8;
    return c;
}

static void faults(void) {
    char *end = area + 64 * 4096;
    mprotect(end, 4096, PROT_NONE);
    for (int round = 0; round < 40; round++) {
        int sig = sigsetjmp(back, 1);
        if (sig == 0)
            fill((uint32_t *)(area + 4 * round), 1 << 20, round);
        if (round % 13 == 0)
            printf("store: signal %d at %lx last %x\n", sig, (unsigned long)where, ((uint32_t *)end)[-1]);
        sig = sigsetjmp(back, 1);
        if (sig == 0)
            sum((uint64_t *)(end - 8 * round - 40000), 1 << 20, 3);
        if (round % 13 == 0)
            printf("load: signal %d at %lx\n", sig, (unsigned long)where);
    }
    mprotect(end, 4096, PROT_READ);
    int sig = sigsetjmp(back, 1);
    if (sig == 0)
        copy((uint16_t *)(end - 8000), (uint16_t *)area, 1 << 20);
    printf("read-only: signal %d at %lx\n", sig, (unsigned long)where);
    mprotect(end, 4096, PROT_READ | PROT_WRITE);
}

static void integers(void) {
    static uint32_t t[256];
    for (int i = 0; i < 256; i++)
        t[i] = i * 0x01010193u;
    for (int round = 0; round < 8; round++) {
        fill((uint32_t *)area, SPAN / 4, round);
        uint64_t *w = (uint64_t *)area;
        long n = SPAN / 8;
        printf("%lx %lx %lx\n", sum(w, n, 1), sum(w + n - 1, n, -1), sum((uint64_t *)(area + 4094), n / 161, 160));
        copy((uint16_t *)(area + 2), (uint16_t *)area, 300000);
        copy((uint16_t *)area, (uint16_t *)(area + 6), 300000);
        copy((uint16_t *)(area + 4095), (uint16_t *)(area + 8191), 300000);
        printf("%lx\n", sum(w, n, 1));
        add3((uint64_t *)(area + SPAN), (uint64_t *)area, (uint64_t *)(area + 2 * SPAN), n);
        add3((uint64_t *)(area + 2 * SPAN), (uint64_t *)(area + SPAN), (uint64_t *)area, n);
        printf("%lx\n", sum((uint64_t *)(area + 2 * SPAN), n, 1));
        memset(area, 'x', 200000 + round);
        area[200000 + round] = 0;
        printf("%ld %lx\n", length(area + round), table((uint8_t *)area, 300000, t));
    }
}

static void exceptions(void) {
    double *x = (double *)area, *y = (double *)(area + SPAN);
    long n = 40000;
    for (int round = 0; round < 12; round++) {
        for (long i = 0; i < n; i++) {
            x[i] = i;
            y[i] = 2 * i;
        }
        if (round >= 6)
            x[n - 3] = round == 6 ? 0.1 : round == 7 ? 1e308 : round == 8 ? 5e-324 : round == 9 ? 0.0 / (y[0] - y[0]) : round == 10 ? -0.0 : 1e-300;
        feclearexcept(FE_ALL_EXCEPT);
        axpy(y, x, round == 7 ? 1e10 : 0.5, n);
        int flags = fetestexcept(FE_ALL_EXCEPT);
        uint64_t bits;
        memcpy(&bits, &y[n - 3], 8);
        printf("flags %x %lx %lx\n", flags, bits, sum((uint64_t *)y, n, 1));
    }
}

int main(void) {
    area = mmap(NULL, 4 * SPAN, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &action, NULL);
    faults();
    integers();
    exceptions();
    return 0;
}
