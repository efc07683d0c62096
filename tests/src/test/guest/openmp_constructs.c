// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// What openmp.c leaves out: nested teams, threadprivate data, task dependences and loops, doacross loops, nested locks, cancellation, own
// reductions. A line per construct; all results independent of order and of the number of threads, which is OMP_NUM_THREADS (1 to 8).
#include <omp.h>
#include <stdio.h>
#include <string.h>

#define COUNT 4000
#define ROUNDS 20

static int own;
#pragma omp threadprivate(own)

struct range {
    int low, high;
};

#pragma omp declare reduction(widen:struct range \
                              : omp_out.low = omp_in.low < omp_out.low ? omp_in.low : omp_out.low, \
                                omp_out.high = omp_in.high > omp_out.high ? omp_in.high : omp_out.high) \
    initializer(omp_priv = {1 << 30, -1})

static long fibonacci(int n) {
    long a, b;
    if (n < 2) {
        return n;
    }
#pragma omp task shared(a)
    a = fibonacci(n - 1);
    b = fibonacci(n - 2);
#pragma omp taskwait
    return a + b;
}

static void loops(void) {
    static char seen[COUNT];
    omp_sched_t kinds[] = {omp_sched_static, omp_sched_dynamic, omp_sched_guided, omp_sched_auto};
    for (int kind = 0; kind < 4; kind++) {
        for (int chunk = 0; chunk < 20; chunk += 7) {
            int wrong = 0;
            memset(seen, 0, sizeof seen);
            omp_set_schedule(kinds[kind], chunk);
#pragma omp parallel for schedule(runtime)
            for (int i = 0; i < COUNT; i++) {
                seen[i]++;
            }
            for (int i = 0; i < COUNT; i++) {
                wrong += seen[i] != 1;
            }
            printf("schedule %d,%d: %d wrong\n", kind, chunk, wrong);
        }
    }
    int last = 0, first = 5;
    long cells = 0, products = 1;
    struct range range = {1 << 30, -1};
#pragma omp parallel for firstprivate(first) lastprivate(last)
    for (int i = 0; i < COUNT; i++) {
        last = i + first;
    }
#pragma omp parallel for collapse(3) reduction(+ : cells) reduction(* : products) schedule(dynamic, 3)
    for (int i = 0; i < 7; i++) {
        for (int j = 0; j < 11; j++) {
            for (int k = 0; k < 13; k++) {
                cells += i * j * k;
                products *= i == 3 && j == 5 && k % 4 == 1 ? k : 1;
            }
        }
    }
#pragma omp parallel for reduction(widen : range) schedule(guided)
    for (int i = 0; i < COUNT; i++) {
        int value = (i * 7919) % 10007;
        range.low = value < range.low ? value : range.low;
        range.high = value > range.high ? value : range.high;
    }
    printf("lastprivate %d, collapse %ld %ld, own reduction %d to %d\n", last, cells, products, range.low, range.high);
}

/** Each cell waits for the cell above and the one to the left. */
static void doacross(void) {
    static long table[24][24];
#pragma omp parallel for ordered(2) schedule(static, 1)
    for (int i = 0; i < 24; i++) {
        for (int j = 0; j < 24; j++) {
#pragma omp ordered depend(sink : i - 1, j) depend(sink : i, j - 1)
            table[i][j] = i && j ? (table[i - 1][j] + table[i][j - 1]) % 1000003 : 1;
#pragma omp ordered depend(source)
        }
    }
    printf("doacross %ld\n", table[23][23]);
}

static void tasks(void) {
    long answer, chain = 1, looped = 0, grouped = 0;
#pragma omp parallel
#pragma omp single
    answer = fibonacci(13);
#pragma omp parallel
#pragma omp single
    for (int i = 0; i < 40; i++) {
#pragma omp task depend(inout : chain) firstprivate(i)
        chain = (chain * 3 + i) % 1000003;
    }
#pragma omp parallel
#pragma omp single
#pragma omp taskloop grainsize(50)
    for (int i = 0; i < COUNT; i++) {
#pragma omp atomic
        looped += i;
    }
#pragma omp parallel
#pragma omp single
    {
#pragma omp taskgroup
        for (int i = 0; i < 10; i++) {
#pragma omp task untied
            {
#pragma omp task
#pragma omp atomic
                grouped++;
#pragma omp taskyield
            }
        }
        printf("taskgroup ended with %ld\n", grouped);
    }
    printf("tasks %ld, depend %ld, taskloop %ld\n", answer, chain, looped);
}

static void teams(void) {
    int inner = 0, levels = 0, missing = 0, copied = 0, kept = 0;
    omp_set_max_active_levels(2);
    for (int round = 0; round < ROUNDS; round++) {
#pragma omp parallel num_threads(3) reduction(+ : inner) reduction(max : levels)
        {
            int outer = omp_get_thread_num();
#pragma omp parallel num_threads(2) reduction(+ : inner) reduction(max : levels)
            {
                inner += 10 * outer + omp_get_thread_num() + (omp_get_ancestor_thread_num(1) == outer ? 0 : 1000);
                levels = omp_get_level();
            }
        }
    }
    omp_set_max_active_levels(1);
    own = 7;
#pragma omp parallel copyin(own) reduction(+ : copied)
    {
        copied += own != 7;
        own = omp_get_thread_num() + 100;
    }
#pragma omp parallel reduction(+ : kept)
    kept += own != omp_get_thread_num() + 100;
#pragma omp parallel reduction(+ : missing)
    {
        int value = -1;
#pragma omp single copyprivate(value)
        value = 42;
        missing += value != 42;
#pragma omp masked
        value = 0;
    }
    printf("nested %d, levels %d, copyin %d, threadprivate %d, copyprivate %d\n", inner, levels, copied, kept, missing);
}

static void locks(void) {
    int steps = 0, named[2] = {0, 0}, taken = 0, newest = 0;
    omp_nest_lock_t lock;
    omp_lock_t tried;
    omp_init_nest_lock(&lock);
    omp_init_lock(&tried);
#pragma omp parallel for schedule(dynamic)
    for (int i = 0; i < 600; i++) {
        omp_set_nest_lock(&lock);
        omp_set_nest_lock(&lock);
        steps++;
        omp_unset_nest_lock(&lock);
        omp_unset_nest_lock(&lock);
        if (i % 2 == 0) {
#pragma omp critical(even)
            named[0]++;
        } else {
#pragma omp critical(odd)
            named[1]++;
        }
        while (!omp_test_lock(&tried)) {
#pragma omp taskyield
        }
        taken++;
        omp_unset_lock(&tried);
        int before;
#pragma omp atomic capture
        before = newest++;
    }
    omp_destroy_nest_lock(&lock);
    omp_destroy_lock(&tried);
    printf("nested lock %d, critical %d %d, test lock %d, capture %d\n", steps, named[0], named[1], taken, newest);
}

/** Each round every thread must see what all others wrote in the one before. */
static void barriers(void) {
    int slots[2][8] = {{0}}, wrong = 0;
#pragma omp parallel num_threads(omp_get_max_threads()) reduction(+ : wrong)
    for (int round = 1; round <= 10 * ROUNDS; round++) {
        slots[round & 1][omp_get_thread_num()] = round;
#pragma omp barrier
        for (int i = 0; i < omp_get_num_threads(); i++) {
            wrong += slots[round & 1][i] != round;
        }
    }
    printf("barriers: %d wrong\n", wrong);
}

/** With OMP_CANCELLATION=true a loop ends early; without it is complete. */
static void cancelling(void) {
    int done = 0;
#pragma omp parallel for schedule(static)
    for (int i = 0; i < COUNT; i++) {
#pragma omp cancel for if (i == 0)
#pragma omp cancellation point for
#pragma omp atomic
        done++;
    }
    printf("cancel %d: %s\n", omp_get_cancellation(), done == COUNT ? "complete" : "ended early");
}

int main(void) {
    loops();
    doacross();
    tasks();
    teams();
    locks();
    barriers();
    cancelling();
    return 0;
}
