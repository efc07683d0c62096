// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Product of two matrices of 160 x 160 doubles as it is written down: row times column.
#include "harness.h"

enum { N = 160 };

static double a[N][N], b[N][N], c[N][N];

static void prepare(void) {
    uint64_t random = SEED;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            a[i][j] = next_double(&random);
            b[i][j] = next_double(&random);
        }
}

static uint64_t repetition(void) {
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            double sum = 0;
            for (int k = 0; k < N; k++)
                sum += a[i][k] * b[k][j];
            c[i][j] = sum;
        }
    return mixed_doubles(c[0], N * N, 1);
}

const struct kernel kernel = {"dgemm", "float", prepare, repetition};
