// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Litmus tests of the memory order of x86 (SDM volume 3, "Memory Ordering"; names as in Sewell et al., x86-TSO, CACM 2010, and Alglave et al., Herding
// Cats): two to four threads run a few instructions on shared words of thousands of instances. What the processor may not do must never be seen.
//
//     litmus                 each test for 32,768 instances; prints what no run may change
//     litmus TIMES [NAME]    TIMES as many, with a count of each outcome; only the named test
//
// In every other round threads run freely through the instances, so that what loads and stores of a loop a compiler of instructions may exchange
// shows; in the others they wait for each other, for a short while, before each instance.
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 4, SIZE = 16384, ROUNDS = 2, OUTCOMES = 256, PATIENCE = 4000, PAUSE = 64, PASSES = 32 };

struct instance {
    _Alignas(64) uint32_t x;
    _Alignas(64) uint32_t y;
    _Alignas(64) uint32_t r[4]; // each written by one thread
};

struct progress {
    _Alignas(64) volatile uint32_t reached;
};

typedef void work(struct instance *, unsigned self);

struct test {
    const char *name;
    unsigned threads;
    int (*forbidden)(const struct instance *); // NULL: every outcome is allowed
    work *work[THREADS];
};

static struct instance instances[SIZE];
static struct progress progress[THREADS];
static const struct test *current;
static int in_step;
static pthread_barrier_t barrier;

#define LOAD(word)                                                      \
    ({                                                                  \
        uint32_t value_;                                                \
        __asm__ volatile("movl %1, %0" : "=r"(value_) : "m"(word));     \
        value_;                                                         \
    })
#define STORE(word, value) __asm__ volatile("movl %1, %0" : "=m"(word) : "r"((uint32_t)(value)))
#define EXCHANGE(word, value)                                           \
    do {                                                                \
        uint32_t value_ = value;                                        \
        __asm__ volatile("xchgl %1, %0" : "+m"(word), "+r"(value_));    \
    } while (0)
#define MFENCE __asm__ volatile("mfence" ::: "memory")
#define LOCKED __asm__ volatile("lock orl $0, -64(%%rsp)" ::: "memory", "cc")

// Waits until all threads have reached this point, or until patience is over.
static int meet(unsigned self, uint32_t point, unsigned threads, int patience) {
    progress[self].reached = point;
    int polls = 0;
    for (unsigned other = 0; other < threads; other++)
        for (; progress[other].reached < point; polls++) {
            if (polls == patience)
                return 0;
            if (polls % 8192 == 8191)
                sched_yield();
        }
    return 1;
}

// One thread of a test: what it does to one instance, t.
#define THREAD(name, ...)                                               \
    static void name(struct instance *t, unsigned self) {               \
        for (uint32_t i = 0, next = in_step ? 0 : SIZE; i < SIZE; i++, t++) { \
            if (i >= next && !meet(self, i + 2, current->threads, PATIENCE)) \
                next = i + PAUSE; /* the other one does not run now */  \
            __VA_ARGS__;                                                \
        }                                                               \
    }

#define FORBIDDEN(name, condition)                                      \
    static int name(const struct instance *t) {                         \
        return condition;                                               \
    }

THREAD(write_x_read_y, STORE(t->x, 1); t->r[0] = LOAD(t->y))
THREAD(write_y_read_x, STORE(t->y, 1); t->r[1] = LOAD(t->x))
THREAD(write_x_mfence_read_y, STORE(t->x, 1); MFENCE; t->r[0] = LOAD(t->y))
THREAD(write_y_mfence_read_x, STORE(t->y, 1); MFENCE; t->r[1] = LOAD(t->x))
THREAD(write_x_lock_read_y, STORE(t->x, 1); LOCKED; t->r[0] = LOAD(t->y))
THREAD(write_y_lock_read_x, STORE(t->y, 1); LOCKED; t->r[1] = LOAD(t->x))
THREAD(exchange_x_read_y, EXCHANGE(t->x, 1); t->r[0] = LOAD(t->y))
THREAD(exchange_y_read_x, EXCHANGE(t->y, 1); t->r[1] = LOAD(t->x))
FORBIDDEN(both_zero, t->r[0] == 0 && t->r[1] == 0)

THREAD(write_x_write_y, STORE(t->x, 1); STORE(t->y, 1))
THREAD(write_x_mfence_write_y, STORE(t->x, 1); MFENCE; STORE(t->y, 1))
THREAD(read_y_read_x, t->r[0] = LOAD(t->y); t->r[1] = LOAD(t->x))
THREAD(read_y_mfence_read_x, t->r[0] = LOAD(t->y); MFENCE; t->r[1] = LOAD(t->x))
FORBIDDEN(one_then_zero, t->r[0] == 1 && t->r[1] == 0)

THREAD(read_x_write_y, t->r[0] = LOAD(t->x); STORE(t->y, 1))
THREAD(read_y_write_x, t->r[1] = LOAD(t->y); STORE(t->x, 1))
THREAD(read_x_mfence_write_y, t->r[0] = LOAD(t->x); MFENCE; STORE(t->y, 1))
THREAD(read_y_mfence_write_x, t->r[1] = LOAD(t->y); MFENCE; STORE(t->x, 1))
THREAD(read_x_lock_write_y, t->r[0] = LOAD(t->x); LOCKED; STORE(t->y, 1))
THREAD(read_y_lock_write_x, t->r[1] = LOAD(t->y); LOCKED; STORE(t->x, 1))
FORBIDDEN(both_one, t->r[0] == 1 && t->r[1] == 1)

THREAD(write_x, STORE(t->x, 1))
THREAD(write_y, STORE(t->y, 1))
THREAD(exchange_x, EXCHANGE(t->x, 1))
THREAD(exchange_y, EXCHANGE(t->y, 1))
THREAD(first_reader, t->r[0] = LOAD(t->x); t->r[1] = LOAD(t->y))
THREAD(second_reader, t->r[2] = LOAD(t->y); t->r[3] = LOAD(t->x))
THREAD(first_reader_mfence, t->r[0] = LOAD(t->x); MFENCE; t->r[1] = LOAD(t->y))
THREAD(second_reader_mfence, t->r[2] = LOAD(t->y); MFENCE; t->r[3] = LOAD(t->x))
FORBIDDEN(two_orders, t->r[0] == 1 && t->r[1] == 0 && t->r[2] == 1 && t->r[3] == 0)

THREAD(x_1_y_2, STORE(t->x, 1); STORE(t->y, 2))
THREAD(y_1_x_2, STORE(t->y, 1); STORE(t->x, 2))
THREAD(x_1_mfence_y_2, STORE(t->x, 1); MFENCE; STORE(t->y, 2))
THREAD(y_1_mfence_x_2, STORE(t->y, 1); MFENCE; STORE(t->x, 2))
THREAD(x_1_lock_y_2, EXCHANGE(t->x, 1); EXCHANGE(t->y, 2))
THREAD(y_1_lock_x_2, EXCHANGE(t->y, 1); EXCHANGE(t->x, 2))
FORBIDDEN(both_first, t->x == 1 && t->y == 1)

THREAD(reads_x_twice, t->r[0] = LOAD(t->x); t->r[1] = LOAD(t->x))

THREAD(wrc_middle, t->r[0] = LOAD(t->x); STORE(t->y, 1))
THREAD(wrc_last, t->r[1] = LOAD(t->y); t->r[2] = LOAD(t->x))
FORBIDDEN(wrc_lost, t->r[0] == 1 && t->r[1] == 1 && t->r[2] == 0)

THREAD(rwc_last, STORE(t->y, 1); MFENCE; t->r[2] = LOAD(t->x))
FORBIDDEN(rwc_lost, t->r[0] == 1 && t->r[1] == 0 && t->r[2] == 0)

THREAD(s_first, STORE(t->x, 2); STORE(t->y, 1))
THREAD(s_second, t->r[0] = LOAD(t->y); STORE(t->x, 1))
FORBIDDEN(s_lost, t->r[0] == 1 && t->x == 2)

THREAD(r_second, STORE(t->y, 2); t->r[0] = LOAD(t->x))
THREAD(r_second_mfence, STORE(t->y, 2); MFENCE; t->r[0] = LOAD(t->x))
FORBIDDEN(r_lost, t->r[0] == 0 && t->y == 2)

static const struct test tests[] = {
    {"SB", 2, NULL, {write_x_read_y, write_y_read_x}},
    {"SB+mfences", 2, both_zero, {write_x_mfence_read_y, write_y_mfence_read_x}},
    {"SB+locks", 2, both_zero, {write_x_lock_read_y, write_y_lock_read_x}},
    {"SB+xchgs", 2, both_zero, {exchange_x_read_y, exchange_y_read_x}},
    {"MP", 2, one_then_zero, {write_x_write_y, read_y_read_x}},
    {"MP+mfences", 2, one_then_zero, {write_x_mfence_write_y, read_y_mfence_read_x}},
    {"LB", 2, both_one, {read_x_write_y, read_y_write_x}},
    {"LB+mfences", 2, both_one, {read_x_mfence_write_y, read_y_mfence_write_x}},
    {"LB+locks", 2, both_one, {read_x_lock_write_y, read_y_lock_write_x}},
    {"IRIW", 4, two_orders, {write_x, first_reader, write_y, second_reader}},
    {"IRIW+mfences", 4, two_orders, {write_x, first_reader_mfence, write_y, second_reader_mfence}},
    {"IRIW+xchgs", 4, two_orders, {exchange_x, first_reader, exchange_y, second_reader}},
    {"2+2W", 2, both_first, {x_1_y_2, y_1_x_2}},
    {"2+2W+mfences", 2, both_first, {x_1_mfence_y_2, y_1_mfence_x_2}},
    {"2+2W+xchgs", 2, both_first, {x_1_lock_y_2, y_1_lock_x_2}},
    {"CoRR", 2, one_then_zero, {write_x, reads_x_twice}},
    {"WRC", 3, wrc_lost, {write_x, wrc_middle, wrc_last}},
    {"RWC+mfence", 3, rwc_lost, {write_x, first_reader, rwc_last}},
    {"S", 2, s_lost, {s_first, s_second}},
    {"R", 2, NULL, {write_x_write_y, r_second}},
    {"R+mfences", 2, r_lost, {write_x_mfence_write_y, r_second_mfence}},
};

// ---- words that count up: each pass of a reader is a test, and no thread is out of step
// -------------------------------------------------------------------------------------------------------------------------

static struct instance counters;
static uint32_t seen[2][SIZE][2]; // of each reader: what was not as before, in the order in which it read
static int seen_count[2];
static int readers; // that have not finished: so long the others count

static int anybody_reads(void) {
    return __atomic_load_n(&readers, __ATOMIC_RELAXED) > 0;
}

#define WRITER(name, ...)                                               \
    static void name(struct instance *t, unsigned self) {               \
        (void)t, (void)self;                                            \
        for (uint32_t i = 1; anybody_reads(); i++) {                    \
            __VA_ARGS__;                                                \
        }                                                               \
    }

static void watch(uint32_t *first, uint32_t *second, int self) {
    int count = 0;
    for (int pass = 0; pass < PASSES * SIZE && count < SIZE; pass++) {
        uint32_t one = LOAD(*first), other = LOAD(*second);
        if (count == 0 || one != seen[self][count - 1][0] || other != seen[self][count - 1][1]) {
            seen[self][count][0] = one;
            seen[self][count++][1] = other;
        }
    }
    seen_count[self] = count;
    __atomic_sub_fetch(&readers, 1, __ATOMIC_SEQ_CST);
}

static void watch_x_y(struct instance *t, unsigned self) {
    (void)t, (void)self;
    watch(&counters.x, &counters.y, 0);
}

static void watch_y_x(struct instance *t, unsigned self) {
    (void)t, (void)self;
    watch(&counters.y, &counters.x, 1);
}

WRITER(count_up, STORE(counters.x, i); STORE(counters.y, i))
WRITER(count_x, STORE(counters.x, i))
WRITER(count_y, STORE(counters.y, i))

// x is never behind y for one that reads y first; and neither ever goes back.
static unsigned long behind(void) {
    unsigned long count = 0;
    for (int i = 0; i < seen_count[1]; i++) {
        count += seen[1][i][1] < seen[1][i][0];
        count += i > 0 && (seen[1][i][0] < seen[1][i - 1][0] || seen[1][i][1] < seen[1][i - 1][1]);
    }
    return count;
}

// The first reader saw x = a before y = b; then the second one must not see y > b before an x < a. Both see both grow, so that for each pass of the
// first one the passes of the second one with y > b and the least x, which is the first of them, decides.
static unsigned long two_histories(void) {
    unsigned long count = 0;
    for (int i = 0, k = 0; i < seen_count[0]; i++) {
        while (k < seen_count[1] && seen[1][k][0] <= seen[0][i][1])
            k++;
        count += k < seen_count[1] && seen[1][k][1] < seen[0][i][0];
    }
    return count;
}

struct counting_test {
    struct test test;
    int readers;
    unsigned long (*wrong)(void);
};

static const struct counting_test counting_tests[] = {
    {{"MP, counting", 2, NULL, {count_up, watch_y_x}}, 1, behind},
    {{"IRIW, counting", 4, NULL, {count_x, watch_x_y, count_y, watch_y_x}}, 2, two_histories},
};

// ---- rounds
// -------------------------------------------------------------------------------------------------------------------------

static volatile int over;

static void round_of(unsigned self) {
    if (self >= current->threads)
        return;
    meet(self, 1, current->threads, -1);
    current->work[self](instances, self);
}

// Each thread gets a processor of its own if there are so many: a scheduler likes to have those that wake each other on one.
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

static void *thread(void *argument) {
    choose_processor((unsigned)(uintptr_t)argument);
    for (;;) {
        pthread_barrier_wait(&barrier);
        if (over)
            return NULL;
        round_of((unsigned)(uintptr_t)argument);
        pthread_barrier_wait(&barrier);
    }
}

static void play(const struct test *test, int step) {
    memset(instances, 0, sizeof instances);
    memset(progress, 0, sizeof progress);
    memset(&counters, 0, sizeof counters);
    current = test;
    in_step = step;
    pthread_barrier_wait(&barrier);
    round_of(0);
    pthread_barrier_wait(&barrier);
}

// Two bits for each of r[0..3], or for x and y if nothing is read.
static unsigned outcome(const struct instance *t) {
    return (t->r[0] | t->r[1] << 1 | t->r[2] << 2 | t->r[3] << 3 | t->x << 4 | t->y << 6) % OUTCOMES;
}

static void print_outcomes(const unsigned long *outcomes) {
    for (unsigned i = 0; i < OUTCOMES; i++)
        if (outcomes[i] != 0)
            printf("    r = %u %u %u %u, x = %u, y = %u: %lu\n", i & 1, i >> 1 & 1, i >> 2 & 1, i >> 3 & 1, i >> 4 & 3, i >> 6, outcomes[i]);
}

static unsigned long run(const struct test *test, int times, int verbose) {
    unsigned long outcomes[OUTCOMES] = {0}, forbidden = 0;
    for (int round = 0; round < times * ROUNDS; round++) {
        play(test, round % 2);
        for (int i = 0; i < SIZE; i++) {
            outcomes[outcome(&instances[i])]++;
            forbidden += test->forbidden && test->forbidden(&instances[i]);
        }
    }
    printf("%s: %d instances, %lu forbidden outcomes\n", test->name, times * ROUNDS * SIZE, forbidden);
    if (verbose)
        print_outcomes(outcomes);
    return forbidden;
}

static unsigned long run_counting(const struct counting_test *counting, int times, int verbose) {
    unsigned long wrong = 0, met = 0;
    for (int round = 0; round < times * ROUNDS; round++) {
        readers = counting->readers;
        play(&counting->test, 0);
        wrong += counting->wrong();
        met += (unsigned long)seen_count[1];
    }
    printf("%s: %d rounds, %lu forbidden outcomes\n", counting->test.name, times * ROUNDS, wrong);
    if (verbose)
        printf("    a reader saw %lu different values\n", met);
    return wrong;
}

static int chosen(const struct test *test, int argc, char **argv) {
    return argc < 3 || strcmp(argv[2], test->name) == 0;
}

int main(int argc, char **argv) {
    int times = argc > 1 ? atoi(argv[1]) : 1;
    pthread_t threads[THREADS];
    unsigned long forbidden = 0;
    pthread_barrier_init(&barrier, NULL, THREADS);
    for (uintptr_t i = 1; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, thread, (void *)i) != 0)
            return 2;
    choose_processor(0);
    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++)
        if (chosen(&tests[i], argc, argv))
            forbidden += run(&tests[i], times, argc > 1);
    for (size_t i = 0; i < sizeof counting_tests / sizeof counting_tests[0]; i++)
        if (chosen(&counting_tests[i].test, argc, argv))
            forbidden += run_counting(&counting_tests[i], times, argc > 1);
    over = 1;
    pthread_barrier_wait(&barrier);
    for (int i = 1; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    return forbidden != 0;
}
