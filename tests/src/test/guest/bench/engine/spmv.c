// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Sparse matrix (compressed rows, 16 elements each) times vector.
#include "harness.h"

enum { ROWS = 16384, PER_ROW = 16, ROUNDS = 10 };

static int start[ROWS + 1], column[ROWS * PER_ROW];
static double value[ROWS * PER_ROW], x[ROWS], y[ROWS];

static void prepare(void) {
    uint64_t random = SEED;
    for (int i = 0; i < ROWS * PER_ROW; i++) {
        column[i] = (int)(next_random(&random) % ROWS);
        value[i] = next_double(&random) / PER_ROW;
    }
    for (int i = 0; i <= ROWS; i++)
        start[i] = i * PER_ROW;
}

static void multiply(double *result, const double *vector) {
    for (int row = 0; row < ROWS; row++) {
        double sum = 0;
        for (int i = start[row]; i < start[row + 1]; i++)
            sum += value[i] * vector[column[i]];
        result[row] = sum;
    }
}

static uint64_t repetition(void) {
    for (int i = 0; i < ROWS; i++)
        x[i] = i % 10;
    for (int i = 0; i < ROUNDS; i++)
        multiply(i % 2 ? x : y, i % 2 ? y : x);
    return mixed_doubles(x, ROWS, 3);
}

const struct kernel kernel = {"spmv", "float", prepare, repetition};
