// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Points of the Mandelbrot set: floating point in registers, loops that end when the data say so.
#include "harness.h"

enum { SIZE = 128, MOST = 150 };

static void prepare(void) {}

static uint64_t repetition(void) {
    uint64_t checksum = 0;
    for (int row = 0; row < SIZE; row++)
        for (int column = 0; column < SIZE; column++) {
            double re = 3.0 * column / SIZE - 2.25, im = 3.0 * row / SIZE - 1.5, x = 0, y = 0;
            int count = 0;
            while (count < MOST && x * x + y * y < 4) {
                double next = x * x - y * y + re;
                y = 2 * x * y + im;
                x = next;
                count++;
            }
            checksum += (uint64_t)count * (uint64_t)(row + 3 * column);
        }
    return checksum;
}

const struct kernel kernel = {"mandelbrot", "float", prepare, repetition};
