// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Calls of small functions that call nothing.
#include "harness.h"

static void prepare(void) {}

__attribute__((noipa)) static uint64_t first(uint64_t x) {
    return x * 3 + 1;
}

__attribute__((noipa)) static uint64_t second(uint64_t x, uint64_t y) {
    return x ^ y >> 5;
}

__attribute__((noipa)) static uint64_t third(uint64_t x) {
    return x & 1 ? x + 7 : x >> 1;
}

static uint64_t repetition(void) {
    uint64_t sum = 1;
    for (uint64_t i = 0; i < 500000; i++)
        sum = third(second(first(sum), i)) + i;
    return sum;
}

const struct kernel kernel = {"calls", "integer", prepare, repetition};
