// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Unusual control flow: longjmp, contexts, variable arguments, deep recursion, callbacks, exit handlers.
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

static jmp_buf place;
static ucontext_t main_context, other;
static char stack[65536];

static int descend(int depth) {
    volatile char frame[48];
    frame[0] = (char)depth;
    if (depth == 0)
        longjmp(place, 5);
    return descend(depth - 1) + frame[0];
}

static void coroutine(void) {
    for (int i = 0; i < 3; i++) {
        printf("other %d\n", i);
        swapcontext(&other, &main_context);
    }
}

static double sum(int count, ...) {
    va_list list;
    va_start(list, count);
    double total = 0;
    for (int i = 0; i < count; i++)
        total += i % 2 ? va_arg(list, double) : va_arg(list, int);
    va_end(list);
    return total;
}

static int descending(const void *a, const void *b) {
    return *(const int *)b - *(const int *)a;
}

static void last(void) {
    puts("exit handler 1");
}

static void first(void) {
    puts("exit handler 2");
}

static long ackermann(long m, long n) {
    return m == 0 ? n + 1 : n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1));
}

int main(void) {
    int came = setjmp(place);
    if (came == 0)
        descend(20000);
    printf("longjmp %d\n", came);
    getcontext(&other);
    other.uc_stack.ss_sp = stack;
    other.uc_stack.ss_size = sizeof stack;
    other.uc_link = &main_context;
    makecontext(&other, coroutine, 0);
    for (int i = 0; i < 4; i++) {
        printf("main %d\n", i);
        swapcontext(&main_context, &other);
    }
    printf("varargs %g\n", sum(6, 1, 2.5, 3, 4.5, 5, 6.5));
    int numbers[1000];
    for (int i = 0; i < 1000; i++)
        numbers[i] = i * 7919 % 1009;
    qsort(numbers, 1000, sizeof *numbers, descending);
    printf("qsort %d %d %d\n", numbers[0], numbers[500], numbers[999]);
    printf("ackermann %ld\n", ackermann(2, 300));
    atexit(last);
    atexit(first);
    exit(17);
}
