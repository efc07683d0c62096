// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// y += a x element by element, in the second-level cache; never vectorised.
#include "harness.h"

enum { N = 16384, ROUNDS = 200 };

static double x[N], y[N];

static void prepare(void) {
    uint64_t random = SEED;
    for (int i = 0; i < N; i++)
        x[i] = next_double(&random);
}

__attribute__((noinline, optimize("no-tree-vectorize"))) static void daxpy(double a) {
    for (int i = 0; i < N; i++)
        y[i] += a * x[i];
}

static uint64_t repetition(void) {
    memset(y, 0, sizeof y);
    for (int round = 0; round < ROUNDS; round++)
        daxpy(1.0 / (1 + round));
    return mixed_doubles(y, N, 1);
}

const struct kernel kernel = {"daxpy", "float", prepare, repetition};
