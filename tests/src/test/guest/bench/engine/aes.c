// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// AES-128 (FIPS 197) in counter mode with tables, as without AES-NI. Substitution box and tables are computed.
#include "harness.h"

enum { SIZE = 256 << 10, ROUNDS = 10 };

static uint8_t box[256], data[SIZE];
static uint32_t table[4][256], keys[4 * (ROUNDS + 1)];

static uint8_t doubled(uint8_t x) {
    return (uint8_t)(x << 1 ^ (x & 0x80 ? 0x1b : 0));
}

static uint8_t turned(uint8_t x, int count) {
    return (uint8_t)(x << count | x >> (8 - count));
}

static uint32_t rotated(uint32_t x, int count) {
    return x << count | x >> (32 - count);
}

static void make_tables(void) {
    uint8_t p = 1, q = 1; // p times q is 1 in the field all the time
    do {
        p ^= doubled(p);
        q ^= (uint8_t)(q << 1);
        q ^= (uint8_t)(q << 2);
        q ^= (uint8_t)(q << 4);
        q ^= q & 0x80 ? 9 : 0;
        box[p] = q ^ turned(q, 1) ^ turned(q, 2) ^ turned(q, 3) ^ turned(q, 4) ^ 0x63;
    } while (p != 1);
    box[0] = 0x63;
    for (int i = 0; i < 256; i++) {
        uint8_t s = box[i], twice = doubled(s);
        table[0][i] = (uint32_t)twice << 24 | (uint32_t)s << 16 | (uint32_t)s << 8 | (uint8_t)(twice ^ s);
        for (int k = 1; k < 4; k++)
            table[k][i] = rotated(table[k - 1][i], 24);
    }
}

static uint32_t substituted(uint32_t x) {
    return (uint32_t)box[x >> 24] << 24 | (uint32_t)box[x >> 16 & 255] << 16 | (uint32_t)box[x >> 8 & 255] << 8 | box[x & 255];
}

static void expand_key(void) {
    uint8_t constant = 1;
    for (int i = 0; i < 4; i++)
        keys[i] = 0x00010203u + 0x04040404u * (uint32_t)i; // the key of the standard's example, 00 01 02 ... 0f
    for (int i = 4; i < 4 * (ROUNDS + 1); i++) {
        uint32_t word = keys[i - 1];
        if (i % 4 == 0) {
            word = substituted(rotated(word, 8)) ^ (uint32_t)constant << 24;
            constant = doubled(constant);
        }
        keys[i] = keys[i - 4] ^ word;
    }
}

static void encrypt(const uint32_t *in, uint32_t *out) {
    uint32_t s[4], t[4];
    for (int i = 0; i < 4; i++)
        s[i] = in[i] ^ keys[i];
    for (int round = 1; round < ROUNDS; round++) {
        for (int i = 0; i < 4; i++)
            t[i] = table[0][s[i] >> 24] ^ table[1][s[(i + 1) % 4] >> 16 & 255] ^ table[2][s[(i + 2) % 4] >> 8 & 255] ^
                   table[3][s[(i + 3) % 4] & 255] ^ keys[4 * round + i];
        memcpy(s, t, sizeof s);
    }
    for (int i = 0; i < 4; i++)
        out[i] = ((uint32_t)box[s[i] >> 24] << 24 | (uint32_t)box[s[(i + 1) % 4] >> 16 & 255] << 16 |
                  (uint32_t)box[s[(i + 2) % 4] >> 8 & 255] << 8 | box[s[(i + 3) % 4] & 255]) ^
                 keys[4 * ROUNDS + i];
}

static void prepare(void) {
    make_tables();
    expand_key();
}

static uint64_t repetition(void) {
    uint32_t counter[4] = {0x00112233u, 0x44556677u, 0x8899aabbu, 0xccddeeffu}, stream[4]; // the text of the standard's example
    uint64_t checksum = 0;
    for (int i = 0; i < SIZE; i += 16) {
        encrypt(counter, stream);
        for (int k = 0; k < 16; k++)
            data[i + k] = (uint8_t)(i >> 4) ^ (uint8_t)(stream[k / 4] >> (24 - k % 4 * 8));
        if (i == 0)
            checksum = (uint64_t)stream[0] << 32 | stream[1]; // 69c4e0d86a7b0430
        counter[3]++;
    }
    for (int i = 0; i < SIZE; i += 1001)
        checksum = mixed(checksum, data[i]);
    return checksum;
}

const struct kernel kernel = {"aes", "integer", prepare, repetition};
