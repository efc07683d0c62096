// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// y += a x with two elements in one SSE2 register, in the second-level cache.
#include "harness.h"

#include <emmintrin.h>

enum { N = 16384, ROUNDS = 300 };

static double x[N] __attribute__((aligned(16))), y[N] __attribute__((aligned(16)));

static void prepare(void) {
    uint64_t random = SEED;
    for (int i = 0; i < N; i++)
        x[i] = next_double(&random);
}

__attribute__((noinline)) static void daxpy(double a) {
    __m128d factor = _mm_set1_pd(a);
    for (int i = 0; i < N; i += 2)
        _mm_store_pd(y + i, _mm_add_pd(_mm_load_pd(y + i), _mm_mul_pd(factor, _mm_load_pd(x + i))));
}

static uint64_t repetition(void) {
    memset(y, 0, sizeof y);
    for (int round = 0; round < ROUNDS; round++)
        daxpy(1.0 / (1 + round));
    return mixed_doubles(y, N, 1);
}

const struct kernel kernel = {"daxpy-sse2", "float", prepare, repetition};
