// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Fast Fourier transform of 16,384 complex numbers there and back, radix 2, in place.
#include "harness.h"

#include <math.h>

enum { BITS = 14, N = 1 << BITS, ROUNDS = 4 };

struct complex_number {
    double re, im;
};

static struct complex_number input[N], data[N], root[N / 2];

static void prepare(void) {
    uint64_t random = SEED;
    for (int i = 0; i < N; i++) {
        input[i].re = next_double(&random);
        input[i].im = next_double(&random);
    }
    for (int i = 0; i < N / 2; i++) {
        double angle = -2 * 3.14159265358979323846 * i / N;
        root[i].re = (double)(float)cos(angle); // cut off: the last bit depends on the processor for which libm chooses its cosine
        root[i].im = (double)(float)sin(angle);
    }
}

static void reverse_bits(void) {
    for (int i = 1, j = 0; i < N; i++) {
        int bit = N >> 1;
        for (; j & bit; bit >>= 1)
            j ^= bit;
        j ^= bit;
        if (i < j) {
            struct complex_number value = data[i];
            data[i] = data[j];
            data[j] = value;
        }
    }
}

static void transform(double sign) {
    reverse_bits();
    for (int length = 2; length <= N; length *= 2)
        for (int first = 0; first < N; first += length)
            for (int k = 0; k < length / 2; k++) {
                struct complex_number w = root[k * (N / length)], *p = &data[first + k], *q = p + length / 2;
                double re = q->re * w.re - sign * q->im * w.im, im = q->im * w.re + sign * q->re * w.im;
                q->re = p->re - re;
                q->im = p->im - im;
                p->re += re;
                p->im += im;
            }
}

static uint64_t repetition(void) {
    memcpy(data, input, sizeof data);
    for (int round = 0; round < ROUNDS; round++) {
        transform(1);
        transform(-1);
        for (int i = 0; i < N; i++) {
            data[i].re /= N;
            data[i].im /= N;
        }
    }
    return mixed_doubles(&data[0].re, 2 * N, 5);
}

const struct kernel kernel = {"fft", "float", prepare, repetition};
