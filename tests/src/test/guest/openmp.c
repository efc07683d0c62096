// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Loops with all schedules, reductions, tasks, sections, ordered parts, locks and barriers of OpenMP; all results independent of order.
#include <omp.h>
#include <stdio.h>

#define COUNT 20000

static double values[COUNT];

int main(void) {
    long sum = 0;
    double total = 0;
    int visits[8] = {0};
    int locked = 0;
#pragma omp parallel for reduction(+ : sum)
    for (int i = 0; i < COUNT; i++) {
        sum += i;
    }
#pragma omp parallel for schedule(dynamic, 100)
    for (int i = 0; i < COUNT; i++) {
        values[i] = i * 0.5;
    }
#pragma omp parallel for reduction(+ : total) schedule(guided)
    for (int i = 0; i < COUNT; i++) {
        total += values[i];
    }
#pragma omp parallel
    {
#pragma omp critical
        visits[omp_get_thread_num()]++;
#pragma omp barrier
#pragma omp single
        for (int i = 0; i < 10; i++) {
#pragma omp task
#pragma omp atomic
            sum += i;
        }
#pragma omp taskwait
#pragma omp for ordered
        for (int i = 0; i < 5; i++) {
#pragma omp ordered
            printf("%d ", i);
        }
#pragma omp sections
        {
#pragma omp section
#pragma omp atomic
            sum++;
#pragma omp section
#pragma omp atomic
            sum++;
        }
    }
    for (int round = 0; round < 50; round++) {
#pragma omp parallel
#pragma omp atomic
        sum++;
    }
    omp_lock_t lock;
    omp_init_lock(&lock);
#pragma omp parallel for
    for (int i = 0; i < 500; i++) {
        omp_set_lock(&lock);
        locked++;
        omp_unset_lock(&lock);
    }
    for (int i = 0; i < 8; i++) {
        printf("%d ", visits[i]);
    }
    printf("%ld %.1f %d %d\n", sum, total, locked, omp_get_max_threads());
    return 0;
}
