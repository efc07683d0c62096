// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// What a kernel gives to the harness, and what kernels share. One file per kernel, linked with harness.c.
#ifndef HARNESS_H
#define HARNESS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct kernel {
    const char *name;
    const char *kind;             // "integer", "float" or "stream"
    void (*prepare)(void);        // makes the input; not measured
    uint64_t (*repetition)(void); // some milliseconds of work on a processor of 2026; the same checksum each time
};

extern const struct kernel kernel;

static inline uint64_t next_random(uint64_t *state) {
    uint64_t x = *state;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return *state = x;
}

#define SEED 88172645463325252ull

// Between 0 and 1.
static inline double next_double(uint64_t *state) {
    return (double)(next_random(state) >> 11) * 0x1p-53;
}

static inline uint64_t mixed(uint64_t checksum, uint64_t value) {
    return (checksum ^ value) * 0x9e3779b97f4a7c15ull ^ checksum >> 29;
}

static inline uint64_t mixed_double(uint64_t checksum, double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return mixed(checksum, bits);
}

static inline uint64_t mixed_doubles(const double *values, size_t count, size_t step) {
    uint64_t checksum = 0;
    for (size_t i = 0; i < count; i += step)
        checksum = mixed_double(checksum, values[i]);
    return checksum;
}

#endif
