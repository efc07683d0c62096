// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Registers only: one chain of shifts and exclusive ors.
#include "harness.h"

static void prepare(void) {}

static uint64_t repetition(void) {
    uint64_t x = SEED, sum = 0;
    for (int i = 0; i < 2000000; i++)
        sum += next_random(&x);
    return sum;
}

const struct kernel kernel = {"xorshift", "integer", prepare, repetition};
