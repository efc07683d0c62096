// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Locked instructions by two threads on the same bytes: aligned, within eight bytes, across them, across cache lines and across pages (SDM volume 3,
// "Locked Atomic Operations": alignment does not matter). Nothing may get lost.
//
//     locked [TIMES]    20,000 operations of each thread in each case, TIMES as many
//     locked TIMES mixed    only: one thread across eight bytes, the other one aligned in the second half
//
// It says itself what is right. Linux makes a process that locks across a cache line wait (split_lock_mitigate), so that natively this takes minutes.
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 4096, OPERATIONS = 20000 };

static _Alignas(PAGE) unsigned char memory[2 * PAGE];
static long operations = OPERATIONS;
static int failures;

typedef void work(unsigned char *at, long count, unsigned self);

struct place {
    const char *name;
    int offset[4]; // of one, two, four and eight bytes; -1: there is none
};

static const struct place places[] = {
    {"aligned", {64, 64, 64, 64}},
    {"within eight bytes", {65, 67, 66, -1}},
    {"across eight bytes", {-1, 71, 70, 68}},
    {"across a cache line", {-1, 127, 125, 121}},
    {"across a page", {-1, PAGE - 1, PAGE - 2, PAGE - 3}},
};

// ---- both threads do the same
// -------------------------------------------------------------------------------------------------------------------------

// INSTRUCTION: an assembler text with %0 for the memory; adds one.
#define COUNTING(name, type, ...)                                       \
    static void name(unsigned char *at, long count, unsigned self) {    \
        type *word = (type *)at;                                        \
        (void)self;                                                     \
        for (long i = 0; i < count; i++) {                              \
            __VA_ARGS__;                                                \
        }                                                               \
    }

#define ASM(text) __asm__ volatile(text : "+m"(*word)::"memory", "cc")
#define XADD(type, text)                                                \
    type one = 1;                                                       \
    __asm__ volatile(text : "+m"(*word), "+r"(one)::"memory", "cc")

// Reads may be torn where they are not aligned: the comparison then fails and tells what is there.
#define CMPXCHG(type, text)                                             \
    type old = 0;                                                       \
    for (unsigned char equal = 0; !equal;)                              \
        __asm__ volatile(text "; sete %2" : "+m"(*word), "+a"(old), "=qm"(equal) : "r"((type)(old + 1)) : "memory", "cc")

COUNTING(incb, uint8_t, ASM("lock incb %0"))
COUNTING(incw, uint16_t, ASM("lock incw %0"))
COUNTING(incl, uint32_t, ASM("lock incl %0"))
COUNTING(incq, uint64_t, ASM("lock incq %0"))
COUNTING(addb, uint8_t, ASM("lock addb $1, %0"))
COUNTING(addw, uint16_t, ASM("lock addw $1, %0"))
COUNTING(addl, uint32_t, ASM("lock addl $1, %0"))
COUNTING(addq, uint64_t, ASM("lock addq $1, %0"))
COUNTING(subl, uint32_t, ASM("lock subl $-1, %0"))
COUNTING(xaddb, uint8_t, XADD(uint8_t, "lock xaddb %1, %0"))
COUNTING(xaddw, uint16_t, XADD(uint16_t, "lock xaddw %1, %0"))
COUNTING(xaddl, uint32_t, XADD(uint32_t, "lock xaddl %1, %0"))
COUNTING(xaddq, uint64_t, XADD(uint64_t, "lock xaddq %1, %0"))
COUNTING(cmpxchgb, uint8_t, CMPXCHG(uint8_t, "lock cmpxchgb %3, %0"))
COUNTING(cmpxchgw, uint16_t, CMPXCHG(uint16_t, "lock cmpxchgw %3, %0"))
COUNTING(cmpxchgl, uint32_t, CMPXCHG(uint32_t, "lock cmpxchgl %3, %0"))
COUNTING(cmpxchgq, uint64_t, CMPXCHG(uint64_t, "lock cmpxchgq %3, %0"))

static void cmpxchg8b(unsigned char *at, long count, unsigned self) {
    (void)self;
    for (long i = 0; i < count; i++) {
        uint64_t old = 0;
        for (unsigned char equal = 0; !equal;) {
            uint32_t low = (uint32_t)old, high = (uint32_t)(old >> 32);
            uint64_t next = old + 1;
            __asm__ volatile("lock cmpxchg8b %0; sete %3"
                             : "+m"(*(uint64_t *)at), "+a"(low), "+d"(high), "=qm"(equal)
                             : "b"((uint32_t)next), "c"((uint32_t)(next >> 32))
                             : "memory", "cc");
            old = (uint64_t)high << 32 | low;
        }
    }
}

// Counts in the upper half too.
static void cmpxchg16b(unsigned char *at, long count, unsigned self) {
    (void)self;
    uint64_t low = 0, high = 0;
    for (long i = 0; i < count; i++)
        for (unsigned char equal = 0; !equal;)
            __asm__ volatile("lock cmpxchg16b %0; sete %3"
                             : "+m"(*(unsigned __int128 *)at), "+a"(low), "+d"(high), "=qm"(equal)
                             : "b"(low + 1), "c"(high + 1)
                             : "memory", "cc");
}

struct counter {
    const char *name;
    int size; // 0 to 3: one to eight bytes
    work *work;
};

static const struct counter counters[] = {
    {"lock incb", 0, incb}, {"lock incw", 1, incw}, {"lock incl", 2, incl}, {"lock incq", 3, incq},
    {"lock addb", 0, addb}, {"lock addw", 1, addw}, {"lock addl", 2, addl}, {"lock addq", 3, addq},
    {"lock subl", 2, subl}, {"lock xaddb", 0, xaddb}, {"lock xaddw", 1, xaddw}, {"lock xaddl", 2, xaddl},
    {"lock xaddq", 3, xaddq}, {"lock cmpxchgb", 0, cmpxchgb}, {"lock cmpxchgw", 1, cmpxchgw}, {"lock cmpxchgl", 2, cmpxchgl},
    {"lock cmpxchgq", 3, cmpxchgq}, {"lock cmpxchg8b", 3, cmpxchg8b},
};

// ---- each thread has bits of its own in the same word
// -------------------------------------------------------------------------------------------------------------------------

static int lost_bits[2];

// Sets and clears bit SELF by each pair of instructions; the thread notices if the other one changes it.
#define OWN_BIT(name, set, clear, bit)                                  \
    static void name(unsigned char *at, long count, unsigned self) {    \
        uint32_t *word = (uint32_t *)at, number = bit, mask = 1u << number; \
        for (long i = 0; i < count; i++) {                              \
            __asm__ volatile(set : "+m"(*word) : "r"(number), "r"(mask), "r"(~mask) : "memory", "cc"); \
            lost_bits[self] += (*(volatile uint32_t *)word & mask) == 0; \
            __asm__ volatile(clear : "+m"(*word) : "r"(number), "r"(mask), "r"(~mask) : "memory", "cc"); \
            lost_bits[self] += (*(volatile uint32_t *)word & mask) != 0; \
        }                                                               \
    }

OWN_BIT(bts_btr, "lock btsl %1, %0", "lock btrl %1, %0", 3 + 20 * self)
OWN_BIT(btc_btc, "lock btcl %1, %0", "lock btcl %1, %0", 3 + 20 * self)
OWN_BIT(or_and, "lock orl %2, %0", "lock andl %3, %0", 3 + 20 * self)
OWN_BIT(xor_xor, "lock xorl %2, %0", "lock xorl %2, %0", 3 + 20 * self)
OWN_BIT(add_sub, "lock addl %2, %0", "lock subl %2, %0", 3 + 20 * self)

static const struct counter bit_users[] = {
    {"lock btsl, btrl", 2, bts_btr}, {"lock btcl", 2, btc_btc}, {"lock orl, andl", 2, or_and}, {"lock xorl", 2, xor_xor}, {"lock addl, subl", 2, add_sub},
};

// ---- tokens that are exchanged: none gets lost or doubled
// -------------------------------------------------------------------------------------------------------------------------

static uint64_t token[2];

#define EXCHANGE(name, type, text)                                      \
    static void name(unsigned char *at, long count, unsigned self) {    \
        type value = (type)token[self];                                 \
        for (long i = 0; i < count; i++)                                \
            __asm__ volatile(text : "+m"(*(type *)at), "+r"(value)::"memory"); \
        token[self] = value;                                            \
    }

EXCHANGE(xchgb, uint8_t, "xchgb %1, %0")
EXCHANGE(xchgw, uint16_t, "xchgw %1, %0")
EXCHANGE(xchgl, uint32_t, "xchgl %1, %0")
EXCHANGE(xchgq, uint64_t, "xchgq %1, %0")

static const struct counter exchanges[] = {{"xchgb", 0, xchgb}, {"xchgw", 1, xchgw}, {"xchgl", 2, xchgl}, {"xchgq", 3, xchgq}};

// ---- two threads
// -------------------------------------------------------------------------------------------------------------------------

struct job {
    work *work;
    unsigned char *at;
    unsigned self;
};

static int arrived;

// A processor of its own if there are two.
static void choose_processor(unsigned self) {
    cpu_set_t allowed, one;
    sched_getaffinity(0, sizeof allowed, &allowed);
    int left = (int)self % CPU_COUNT(&allowed), cpu = 0;
    while (!CPU_ISSET(cpu, &allowed) || left-- > 0)
        cpu++;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    sched_setaffinity(0, sizeof one, &one);
}

static void *do_job(void *argument) {
    struct job *job = argument;
    choose_processor(job->self);
    __atomic_add_fetch(&arrived, 1, __ATOMIC_SEQ_CST);
    while (__atomic_load_n(&arrived, __ATOMIC_SEQ_CST) < 2)
        sched_yield();
    job->work(job->at, operations, job->self);
    return NULL;
}

static void both(work *first, unsigned char *at, work *second, unsigned char *there) {
    struct job jobs[2] = {{first, at, 0}, {second, there, 1}};
    pthread_t threads[2];
    arrived = 0;
    for (int i = 0; i < 2; i++)
        if (pthread_create(&threads[i], NULL, do_job, &jobs[i]) != 0)
            exit(2);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
}

static void report(const char *name, const char *place, int right) {
    printf("%s %s: %s\n", name, place, right ? "right" : "WRONG");
    failures += !right;
}

static uint64_t read_word(const unsigned char *at, int size) {
    uint64_t value = 0;
    memcpy(&value, at, (size_t)1 << size);
    return value;
}

static uint64_t truncated(uint64_t value, int size) {
    return size == 3 ? value : value & ((1ull << (8 << size)) - 1);
}

static void count(const struct counter *counter, const struct place *place) {
    unsigned char *at = memory + place->offset[counter->size];
    memset(memory, 0, sizeof memory);
    both(counter->work, at, counter->work, at);
    report(counter->name, place->name, read_word(at, counter->size) == truncated(2 * (uint64_t)operations, counter->size));
}

static void use_bits(const struct counter *user, const struct place *place) {
    unsigned char *at = memory + place->offset[user->size];
    memset(memory, 0, sizeof memory);
    memset(lost_bits, 0, sizeof lost_bits);
    both(user->work, at, user->work, at);
    report(user->name, place->name, read_word(at, user->size) == 0 && lost_bits[0] + lost_bits[1] == 0);
}

static void exchange(const struct counter *exchange, const struct place *place) {
    unsigned char *at = memory + place->offset[exchange->size];
    uint64_t values[3], all = 0, expected = 0;
    memset(memory, 0, sizeof memory);
    for (int i = 0; i < 3; i++)
        expected ^= values[i] = truncated(0x1122448811224488ull << i, exchange->size);
    memcpy(at, &values[2], (size_t)1 << exchange->size);
    token[0] = values[0];
    token[1] = values[1];
    both(exchange->work, at, exchange->work, at);
    uint64_t inside = read_word(at, exchange->size);
    for (int i = 0; i < 3; i++)
        all += values[i] == token[0] || values[i] == token[1] || values[i] == inside;
    report(exchange->name, place->name, all == 3 && (token[0] ^ token[1] ^ inside) == expected);
}

// A locked access across eight bytes while the other thread counts in the second half, aligned.
static void overlap(const char *name, work *across, int size, int offset) {
    unsigned char *at = memory + offset, *half = at + (1 << size) / 2;
    memset(memory, 0, sizeof memory);
    both(across, at, size == 3 ? incl : incw, half);
    uint64_t expected = (uint64_t)operations | (uint64_t)operations << (4 << size);
    report(name, "across, half of it aligned", read_word(at, size) == expected);
}

static void count_sixteen_bytes(void) {
    uint64_t halves[2];
    memset(memory, 0, sizeof memory);
    both(cmpxchg16b, memory + 64, cmpxchg16b, memory + 64);
    memcpy(halves, memory + 64, sizeof halves);
    report("lock cmpxchg16b", "aligned", halves[0] == 2 * (uint64_t)operations && halves[1] == halves[0]);
}

static void everywhere(const struct counter *counters, size_t count, void (*test)(const struct counter *, const struct place *)) {
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < sizeof places / sizeof places[0]; k++)
            if (places[k].offset[counters[i].size] >= 0)
                test(&counters[i], &places[k]);
}

static void mixed(void) {
    if (operations < 65536) {
        overlap("lock xaddl", xaddl, 2, 70);
        overlap("lock addl", addl, 2, 126);
    }
    overlap("lock xaddq", xaddq, 3, 68);
    overlap("lock addq", addq, 3, 124);
    overlap("lock cmpxchgq", cmpxchgq, 3, PAGE - 4);
}

int main(int argc, char **argv) {
    operations *= argc > 1 ? atoi(argv[1]) : 1;
    if (argc > 2) {
        mixed();
        return failures != 0;
    }
    everywhere(counters, sizeof counters / sizeof counters[0], count);
    everywhere(bit_users, sizeof bit_users / sizeof bit_users[0], use_bits);
    everywhere(exchanges, sizeof exchanges / sizeof exchanges[0], exchange);
    count_sixteen_bytes();
    return failures != 0;
}
