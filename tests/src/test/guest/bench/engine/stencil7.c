// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Jacobi steps with seven points in three dimensions.
#include "harness.h"

enum { N = 64, STEPS = 10 };

static double grids[2][N][N][N];

static void prepare(void) {}

static void step(double (*to)[N][N], const double (*from)[N][N]) {
    for (int i = 1; i < N - 1; i++)
        for (int j = 1; j < N - 1; j++)
            for (int k = 1; k < N - 1; k++)
                to[i][j][k] = 0.4 * from[i][j][k] +
                              0.1 * (from[i - 1][j][k] + from[i + 1][j][k] + from[i][j - 1][k] + from[i][j + 1][k] + from[i][j][k - 1] +
                                     from[i][j][k + 1]);
}

static uint64_t repetition(void) {
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            for (int k = 0; k < N; k++)
                grids[0][i][j][k] = grids[1][i][j][k] = (i ^ j) + k;
    for (int i = 0; i < STEPS; i++)
        step(grids[1 - i % 2], grids[i % 2]);
    return mixed_doubles(grids[0][0][0], (size_t)N * N * N, 31);
}

const struct kernel kernel = {"stencil7", "float", prepare, repetition};
