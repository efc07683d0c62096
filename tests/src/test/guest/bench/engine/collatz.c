// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Branches that nobody can predict.
#include "harness.h"

static void prepare(void) {}

static uint64_t repetition(void) {
    uint64_t steps = 0;
    for (uint64_t start = 1; start <= 10000; start++)
        for (uint64_t n = start; n != 1; steps++)
            if (n & 1) {
                n += (n >> 1) + 1;
                steps++;
            } else {
                n >>= 1;
            }
    return steps;
}

const struct kernel kernel = {"collatz", "integer", prepare, repetition};
