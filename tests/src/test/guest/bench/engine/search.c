// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Search of strings: Horspool's algorithm in C, then memmem and strchr of libc, which choose what the processor can do.
#define _GNU_SOURCE
#include "harness.h"

enum { SIZE = 512 << 10, NEEDLES = 6 };

static char text[SIZE + 1], needles[NEEDLES][17];

static void prepare(void) {
    uint64_t random = SEED;
    for (int i = 0; i < SIZE; i++)
        text[i] = (char)('a' + next_random(&random) % (1 + next_random(&random) % 26));
    for (int i = 0; i < NEEDLES; i++)
        memcpy(needles[i], text + SIZE - 1000 * (i + 1), (size_t)(6 + 2 * i)); // the last ones: all of the text is read
}

static const char *horspool(const char *needle, size_t length) {
    size_t skip[256];
    for (int i = 0; i < 256; i++)
        skip[i] = length;
    for (size_t i = 0; i + 1 < length; i++)
        skip[(uint8_t)needle[i]] = length - 1 - i;
    for (const char *at = text; at + length <= text + SIZE; at += skip[(uint8_t)at[length - 1]])
        if (memcmp(at, needle, length) == 0)
            return at;
    return NULL;
}

static uint64_t repetition(void) {
    uint64_t checksum = 0;
    for (int i = 0; i < NEEDLES; i++) {
        size_t length = strlen(needles[i]);
        const char *mine = horspool(needles[i], length), *theirs = memmem(text, SIZE, needles[i], length);
        checksum = mixed(mixed(checksum, (uint64_t)(mine - text)), (uint64_t)(theirs - text));
    }
    for (const char *at = strchr(text, 'z'); at; at = strchr(at + 1, 'z'))
        checksum++;
    return checksum;
}

const struct kernel kernel = {"search", "integer", prepare, repetition};
