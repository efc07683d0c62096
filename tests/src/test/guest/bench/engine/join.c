// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Hash join of two tables: a hash table with chains is built from one, the other one is looked up in it.
#include "harness.h"

enum { BUILD = 16384, PROBE = 131072, BUCKETS = 32768 };

struct row {
    uint32_t key, value;
};

static struct row left[BUILD], right[PROBE];
static int32_t bucket[BUCKETS], next[BUILD];

static void prepare(void) {
    uint64_t random = SEED;
    for (int i = 0; i < BUILD; i++)
        left[i] = (struct row){(uint32_t)(next_random(&random) % (2 * BUILD)), (uint32_t)i};
    for (int i = 0; i < PROBE; i++)
        right[i] = (struct row){(uint32_t)(next_random(&random) % (2 * BUILD)), (uint32_t)i};
}

static uint32_t hash(uint32_t key) {
    return key * 2654435761u >> 17;
}

static uint64_t repetition(void) {
    memset(bucket, -1, sizeof bucket);
    for (int i = 0; i < BUILD; i++) {
        uint32_t at = hash(left[i].key);
        next[i] = bucket[at];
        bucket[at] = i;
    }
    uint64_t matches = 0, sum = 0;
    for (int i = 0; i < PROBE; i++)
        for (int32_t at = bucket[hash(right[i].key)]; at >= 0; at = next[at])
            if (left[at].key == right[i].key) {
                matches++;
                sum += (uint64_t)left[at].value * right[i].value;
            }
    return mixed(matches, sum);
}

const struct kernel kernel = {"join", "integer", prepare, repetition};
