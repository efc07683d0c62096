// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// CRC-32 of IEEE 802.3, one byte and one look into a table at a time.
#include "harness.h"

enum { SIZE = 1 << 20 };

static uint8_t bytes[SIZE];
static uint32_t table[256];

static void prepare(void) {
    uint64_t random = SEED;
    for (int i = 0; i < SIZE; i++)
        bytes[i] = (uint8_t)(next_random(&random) >> 32);
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t value = i;
        for (int bit = 0; bit < 8; bit++)
            value = value >> 1 ^ (value & 1 ? 0xedb88320u : 0);
        table[i] = value;
    }
}

static uint64_t repetition(void) {
    uint32_t crc = ~0u;
    for (int i = 0; i < SIZE; i++)
        crc = crc >> 8 ^ table[(crc ^ bytes[i]) & 255];
    return ~crc;
}

const struct kernel kernel = {"crc32", "integer", prepare, repetition};
