// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Fibonacci numbers by recursion.
#include "harness.h"

static void prepare(void) {}

__attribute__((noinline)) static uint64_t fib(unsigned n) {
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

static uint64_t repetition(void) {
    return fib(30);
}

const struct kernel kernel = {"fib", "integer", prepare, repetition};
