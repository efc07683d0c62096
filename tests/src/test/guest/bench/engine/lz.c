// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Compression in the manner of zlib without its entropy coding: hash chains over a window of 32 KiB, greedy matches; then decompression.
#include "harness.h"

#include <stdio.h>
#include <stdlib.h>

enum { SIZE = 128 << 10, WINDOW = 32 << 10, HASH = 1 << 14, SHORTEST = 4, LONGEST = 258, CHAIN = 16 };

static uint8_t text[SIZE], packed[2 * SIZE], unpacked[SIZE];
static int32_t head[HASH], previous[WINDOW];

// Words of a vocabulary of 512, the frequent ones more often.
static void prepare(void) {
    uint64_t random = SEED;
    char words[512][12];
    for (int i = 0; i < 512; i++) {
        int length = 2 + (int)(next_random(&random) % 9);
        for (int k = 0; k < length; k++)
            words[i][k] = (char)('a' + next_random(&random) % 26);
        words[i][length] = 0;
    }
    for (int at = 0; at < SIZE;) {
        const char *word = words[next_random(&random) % (1 + next_random(&random) % 512)];
        for (; *word && at < SIZE; word++)
            text[at++] = (uint8_t)*word;
        if (at < SIZE)
            text[at++] = ' ';
    }
}

static uint32_t hash(const uint8_t *at) {
    uint32_t word;
    memcpy(&word, at, sizeof word);
    return word * 2654435761u >> 18;
}

static void insert(int at) {
    uint32_t bucket = hash(text + at);
    previous[at % WINDOW] = head[bucket];
    head[bucket] = at;
}

static int longest_match(int at, int *distance) {
    int best = 0, most = SIZE - at < LONGEST ? SIZE - at : LONGEST, tries = CHAIN;
    for (int32_t candidate = head[hash(text + at)]; candidate >= 0 && at - candidate < WINDOW && tries-- > 0;
         candidate = previous[candidate % WINDOW]) {
        int length = 0;
        while (length < most && text[candidate + length] == text[at + length])
            length++;
        if (length > best) {
            best = length;
            *distance = at - candidate;
        }
    }
    return best;
}

// A literal is two bytes 0 and it; a match is its length less 3, and two bytes of distance.
static int compress(void) {
    uint8_t *out = packed;
    memset(head, -1, sizeof head);
    for (int at = 0; at < SIZE;) {
        int distance = 0, length = at + SHORTEST <= SIZE ? longest_match(at, &distance) : 0;
        if (length < SHORTEST) {
            *out++ = 0;
            *out++ = text[at];
            length = 1;
        } else {
            *out++ = (uint8_t)(length - 3);
            *out++ = (uint8_t)distance;
            *out++ = (uint8_t)(distance >> 8);
        }
        for (int end = at + length; at < end; at++)
            if (at + SHORTEST <= SIZE)
                insert(at);
    }
    return (int)(out - packed);
}

static void decompress(int size) {
    uint8_t *out = unpacked;
    for (const uint8_t *in = packed; in < packed + size;)
        if (*in == 0) {
            *out++ = in[1];
            in += 2;
        } else {
            const uint8_t *from = out - (in[1] | in[2] << 8);
            for (int i = in[0] + 3; i > 0; i--)
                *out++ = *from++;
            in += 3;
        }
}

static uint64_t repetition(void) {
    int size = compress();
    decompress(size);
    if (memcmp(text, unpacked, SIZE) != 0) {
        fprintf(stderr, "lz: decompression gives another text\n");
        exit(1);
    }
    uint64_t checksum = (uint64_t)size;
    for (int i = 0; i < size; i += 5)
        checksum = mixed(checksum, packed[i]);
    return checksum;
}

const struct kernel kernel = {"lz", "integer", prepare, repetition};
