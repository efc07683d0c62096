// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Jacobi steps with five points in two dimensions.
#include "harness.h"

enum { N = 256, STEPS = 40 };

static double grids[2][N][N];

static void prepare(void) {}

static void step(double (*to)[N], const double (*from)[N]) {
    for (int i = 1; i < N - 1; i++)
        for (int j = 1; j < N - 1; j++)
            to[i][j] = 0.2 * (from[i][j] + from[i - 1][j] + from[i + 1][j] + from[i][j - 1] + from[i][j + 1]);
}

static uint64_t repetition(void) {
    uint64_t random = SEED;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            grids[0][i][j] = grids[1][i][j] = i % 16 == 0 ? next_double(&random) : j;
    for (int i = 0; i < STEPS; i++)
        step(grids[1 - i % 2], grids[i % 2]);
    return mixed_doubles(grids[0][0], N * N, 7);
}

const struct kernel kernel = {"stencil5", "float", prepare, repetition};
