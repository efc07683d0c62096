// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Integer instructions of all widths, chained through a checksum.
#include <stdint.h>
#include <stdio.h>

static uint64_t seed = 88172645463325252ull;

static uint64_t next(void) {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    return seed ^= seed << 17;
}

#define CHAIN(type, name) \
    static uint64_t name(void) { \
        uint64_t sum = 0; \
        for (int i = 0; i < 20000; i++) { \
            volatile type a = (type)next(), b = (type)next(); \
            if (b == 0 || b == (type)-1) \
                b = 3; \
            unsigned count = (unsigned)(next() % (8 * sizeof(type))); \
            sum = sum * 31 + (uint64_t)(type)(a + b) + (uint64_t)(type)(a * b) + (uint64_t)(type)(a / b) + (uint64_t)(type)(a % b); \
            sum ^= (uint64_t)(type)(a >> count) + (uint64_t)(type)((uint64_t)a << count) + (a < b) + (a == b) * 2 + (a > b) * 4; \
        } \
        return sum; \
    }

CHAIN(int8_t, chain_i8)
CHAIN(uint8_t, chain_u8)
CHAIN(int16_t, chain_i16)
CHAIN(uint16_t, chain_u16)
CHAIN(int32_t, chain_i32)
CHAIN(uint32_t, chain_u32)
CHAIN(int64_t, chain_i64)
CHAIN(uint64_t, chain_u64)

int main(void) {
    printf("i8 %016lx u8 %016lx\n", chain_i8(), chain_u8());
    printf("i16 %016lx u16 %016lx\n", chain_i16(), chain_u16());
    printf("i32 %016lx u32 %016lx\n", chain_i32(), chain_u32());
    printf("i64 %016lx u64 %016lx\n", chain_i64(), chain_u64());
    unsigned __int128 wide = 1;
    uint64_t bits = 0;
    for (int i = 0; i < 1000; i++) {
        uint64_t x = next() | 1;
        wide = wide * x + (wide >> 64) / x;
        bits += (uint64_t)__builtin_popcountll(x) + (uint64_t)__builtin_clzll(x) * 64 + (uint64_t)__builtin_ctzll(x << 5) + __builtin_bswap64(x);
        bits = bits << 9 | bits >> 55;
        long sum;
        bits += (uint64_t)__builtin_add_overflow((long)x, (long)bits, &sum);
    }
    printf("128 %016lx%016lx bits %016lx\n", (uint64_t)(wide >> 64), (uint64_t)wide, bits);
    return 0;
}
