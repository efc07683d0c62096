// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// SHA-256 (FIPS 180-4) in C. The constants are computed as the standard defines them: from roots of primes.
#include "harness.h"

#include <math.h>

enum { SIZE = 512 << 10 };

static uint8_t message[SIZE];
static uint32_t constants[64], initial[8];

static uint32_t fraction(long double root) {
    return (uint32_t)((root - floorl(root)) * 4294967296.0L);
}

static void prepare(void) {
    uint64_t random = SEED;
    for (int i = 0; i < SIZE; i++)
        message[i] = (uint8_t)(next_random(&random) >> 24);
    for (int candidate = 2, found = 0; found < 64; candidate++) {
        int divisor = 2;
        while (candidate % divisor != 0)
            divisor++;
        if (divisor < candidate)
            continue;
        constants[found] = fraction(cbrtl(candidate));
        if (found < 8)
            initial[found] = fraction(sqrtl(candidate));
        found++;
    }
}

static uint32_t rotated(uint32_t x, int count) {
    return x >> count | x << (32 - count);
}

static void block(uint32_t *hash, const uint8_t *bytes) {
    uint32_t w[64];
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)bytes[4 * i] << 24 | (uint32_t)bytes[4 * i + 1] << 16 | (uint32_t)bytes[4 * i + 2] << 8 | bytes[4 * i + 3];
    for (int i = 16; i < 64; i++)
        w[i] = w[i - 16] + w[i - 7] + (rotated(w[i - 15], 7) ^ rotated(w[i - 15], 18) ^ w[i - 15] >> 3) +
               (rotated(w[i - 2], 17) ^ rotated(w[i - 2], 19) ^ w[i - 2] >> 10);
    uint32_t a = hash[0], b = hash[1], c = hash[2], d = hash[3], e = hash[4], f = hash[5], g = hash[6], h = hash[7];
    for (int i = 0; i < 64; i++) {
        uint32_t choice = (e & f) ^ (~e & g), majority = (a & b) ^ (a & c) ^ (b & c);
        uint32_t first = h + (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)) + choice + constants[i] + w[i];
        uint32_t second = (rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) + majority;
        h = g, g = f, f = e, e = d + first;
        d = c, c = b, b = a, a = first + second;
    }
    hash[0] += a, hash[1] += b, hash[2] += c, hash[3] += d;
    hash[4] += e, hash[5] += f, hash[6] += g, hash[7] += h;
}

static uint64_t repetition(void) {
    uint8_t last[64] = {0x80};
    uint32_t hash[8];
    memcpy(hash, initial, sizeof hash);
    for (int i = 0; i < SIZE; i += 64)
        block(hash, message + i);
    for (int i = 0; i < 8; i++)
        last[63 - i] = (uint8_t)((uint64_t)SIZE * 8 >> 8 * i);
    block(hash, last);
    return (uint64_t)hash[0] << 32 | hash[1];
}

const struct kernel kernel = {"sha256", "integer", prepare, repetition};
