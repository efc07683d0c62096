// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Pointer chase: each load's address is the result of the load before. First within the first-level, then within the second-level cache.
#include "harness.h"

enum { SMALL = 16 << 10, LARGE = 512 << 10, STEPS = 300000 };

struct node {
    struct node *next;
    uint64_t value;
};

static struct node small[SMALL / sizeof(struct node)], large[LARGE / sizeof(struct node)];

// One cycle through all nodes in random order (Sattolo).
static void chain(struct node *nodes, size_t count) {
    uint64_t random = SEED;
    for (size_t i = 0; i < count; i++) {
        nodes[i].next = &nodes[i];
        nodes[i].value = i;
    }
    for (size_t i = count - 1; i > 0; i--) {
        size_t other = next_random(&random) % i;
        struct node *next = nodes[i].next;
        nodes[i].next = nodes[other].next;
        nodes[other].next = next;
    }
}

static void prepare(void) {
    chain(small, SMALL / sizeof small[0]);
    chain(large, LARGE / sizeof large[0]);
}

static uint64_t walk(const struct node *at, int steps) {
    uint64_t sum = 0;
    for (int i = 0; i < steps; i++) {
        sum += at->value;
        at = at->next;
    }
    return mixed(sum, at->value);
}

static uint64_t repetition(void) {
    return mixed(walk(small, 2 * STEPS), walk(large, STEPS));
}

const struct kernel kernel = {"chase", "integer", prepare, repetition};
