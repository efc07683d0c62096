// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Five bodies that attract each other: square roots and divisions.
#include "harness.h"

#include <math.h>

enum { BODIES = 5, STEPS = 20000 };

struct body {
    double at[3], speed[3], mass;
};

static struct body start[BODIES], bodies[BODIES];

static void prepare(void) {
    uint64_t random = SEED;
    for (int i = 0; i < BODIES; i++) {
        for (int d = 0; d < 3; d++) {
            start[i].at[d] = 20 * next_double(&random) - 10;
            start[i].speed[d] = next_double(&random) - 0.5;
        }
        start[i].mass = i == 0 ? 40 : next_double(&random);
    }
}

static void advance(double dt) {
    for (int i = 0; i < BODIES; i++)
        for (int j = i + 1; j < BODIES; j++) {
            struct body *a = &bodies[i], *b = &bodies[j];
            double x = a->at[0] - b->at[0], y = a->at[1] - b->at[1], z = a->at[2] - b->at[2];
            double square = x * x + y * y + z * z + 1e-3, pull = dt / (square * sqrt(square));
            double onto_a = b->mass * pull, onto_b = a->mass * pull;
            a->speed[0] -= x * onto_a;
            a->speed[1] -= y * onto_a;
            a->speed[2] -= z * onto_a;
            b->speed[0] += x * onto_b;
            b->speed[1] += y * onto_b;
            b->speed[2] += z * onto_b;
        }
    for (int i = 0; i < BODIES; i++)
        for (int d = 0; d < 3; d++)
            bodies[i].at[d] += dt * bodies[i].speed[d];
}

static uint64_t repetition(void) {
    memcpy(bodies, start, sizeof bodies);
    for (int i = 0; i < STEPS; i++)
        advance(0.001);
    uint64_t checksum = 0;
    for (int i = 0; i < BODIES; i++)
        checksum = mixed(checksum, mixed_doubles(bodies[i].at, 6, 1));
    return checksum;
}

const struct kernel kernel = {"nbody", "float", prepare, repetition};
