// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// The arrays of McCalpin's STREAM benchmark, larger than caches. A stream includes this, defines STEP(i) and its name.
#include "harness.h"

enum { N = 4 << 20 };

static double a[N], b[N], c[N];
static const double factor = 3;

static void prepare(void) {
    for (int i = 0; i < N; i++) {
        a[i] = 1 + i % 7;
        b[i] = 2 + i % 5;
        c[i] = 0.5 * (i % 3);
    }
}

static uint64_t repetition(void) {
    for (int i = 0; i < N; i++)
        STEP(i);
    return mixed_double(mixed_doubles(a, N, N / 64), b[N / 2] + c[N - 1]);
}

const struct kernel kernel = {NAME, "stream", prepare, repetition};
