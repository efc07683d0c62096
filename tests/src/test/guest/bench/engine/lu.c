// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// LU decomposition of a matrix of 224 x 224 doubles with pivots, row by row.
#include "harness.h"

#include <math.h>

enum { N = 224 };

static double input[N][N], matrix[N][N];

static void prepare(void) {
    uint64_t random = SEED;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            input[i][j] = next_double(&random) - 0.5;
}

static void exchange(double *a, double *b) {
    for (int i = 0; i < N; i++) {
        double value = a[i];
        a[i] = b[i];
        b[i] = value;
    }
}

static uint64_t repetition(void) {
    memcpy(matrix, input, sizeof matrix);
    uint64_t checksum = 0;
    for (int k = 0; k < N; k++) {
        int pivot = k;
        for (int i = k + 1; i < N; i++)
            if (fabs(matrix[i][k]) > fabs(matrix[pivot][k]))
                pivot = i;
        checksum = mixed(checksum, (uint64_t)pivot);
        if (pivot != k)
            exchange(matrix[pivot], matrix[k]);
        for (int i = k + 1; i < N; i++) {
            double factor = matrix[i][k] /= matrix[k][k];
            for (int j = k + 1; j < N; j++)
                matrix[i][j] -= factor * matrix[k][j];
        }
    }
    return mixed(checksum, mixed_doubles(matrix[0], N * N, 3));
}

const struct kernel kernel = {"lu", "float", prepare, repetition};
