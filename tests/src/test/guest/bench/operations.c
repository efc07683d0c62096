// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Operations of processes and threads for mckernelj.tests.benchmarks: operations NAME PROCESSORS COUNT repeats one COUNT times on the first or the first
// two of the processors that it may use, and prints how long one took in ns by CLOCK_MONOTONIC. Under McKernel/J that is emulated time.
//
// The two parties of a pair take turns: each hands the turn over in the way that is measured. With two processors each party has its own.
#define _GNU_SOURCE
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int processors;
static cpu_set_t both, each[2];
static struct timespec start, end;

static void fail(const char *what) {
    fprintf(stderr, "operations: %s\n", what);
    exit(1);
}

static void now(struct timespec *time) {
    if (clock_gettime(CLOCK_MONOTONIC, time) != 0)
        fail("no clock");
}

static void pin(const cpu_set_t *to) {
    if (sched_setaffinity(0, sizeof *to, to) != 0)
        fail("sched_setaffinity");
}

static void find_processors(void) {
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0)
        fail("sched_getaffinity");
    int found = 0;
    for (int i = 0; i < CPU_SETSIZE && found < processors; i++)
        if (CPU_ISSET(i, &allowed)) {
            CPU_SET(i, &each[found++]);
            CPU_SET(i, &both);
        }
    if (found < processors)
        fail("too few processors");
}

// ---- alone: the time begins after calls that Linux answers on the LWK, since emulated time catches up with host time there

static void forks(long count) {
    for (long i = 0; i < count; i++) {
        pid_t child = fork();
        if (child == 0)
            _exit(0);
        if (child < 0 || waitpid(child, NULL, 0) != child)
            fail("fork");
    }
}

static void *nothing(void *argument) {
    return argument;
}

static void threads(long count) {
    for (long i = 0; i < count; i++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, nothing, NULL) != 0 || pthread_join(thread, NULL) != 0)
            fail("pthread_create");
    }
}

static volatile sig_atomic_t signals;

static void count_signal(int number) {
    (void)number;
    signals++;
}

static void kills(long count) {
    pid_t self = getpid();
    signal(SIGUSR1, count_signal);
    now(&start);
    for (long i = 0; i < count; i++)
        kill(self, SIGUSR1);
    if (signals != count)
        fail("signals were lost");
}

static void own_pipe(long count) {
    int fd[2];
    char byte = 'x';
    if (pipe(fd) != 0)
        fail("pipe");
    now(&start);
    for (long i = 0; i < count; i++)
        if (write(fd[1], &byte, 1) != 1 || read(fd[0], &byte, 1) != 1)
            fail("own pipe");
}

// ---- pairs: party 0 is the first thread, party 1 a thread or a child

struct shared {
    _Atomic int turn; // whose it is
    _Atomic int ready; // what party 1 needs is there
};

struct way {
    void (*pass)(int self);
    void (*await)(int self);
};

static struct shared *shared;
static const struct way *way;
static long rounds;

static void futex_pass(int self) {
    shared->turn = !self;
    syscall(SYS_futex, &shared->turn, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void futex_await(int self) {
    while (shared->turn != self)
        syscall(SYS_futex, &shared->turn, FUTEX_WAIT_PRIVATE, !self, NULL, NULL, 0);
}

static void yield_pass(int self) {
    shared->turn = !self;
}

static void yield_await(int self) {
    while (shared->turn != self)
        sched_yield();
}

static pid_t signal_to[2];
static _Thread_local volatile sig_atomic_t arrived;

static void arrive(int number) {
    (void)number;
    arrived = 1;
}

static void signal_pass(int self) {
    syscall(SYS_tgkill, getpid(), signal_to[!self], SIGUSR1);
}

static void signal_await(int self) {
    (void)self;
    sigset_t none;
    sigemptyset(&none);
    while (!arrived)
        sigsuspend(&none);
    arrived = 0;
}

static int pipes[2][2]; // to each party

static void pipe_pass(int self) {
    char byte = 'x';
    if (write(pipes[!self][1], &byte, 1) != 1)
        fail("write");
}

static void pipe_await(int self) {
    char byte;
    if (read(pipes[self][0], &byte, 1) != 1)
        fail("read");
}

static const struct way by_futex = {futex_pass, futex_await}, by_yield = {yield_pass, yield_await},
                        by_signal = {signal_pass, signal_await}, by_pipe = {pipe_pass, pipe_await};

static void answer(void) {
    pin(&each[processors - 1]);
    signal_to[1] = gettid();
    shared->ready = 1;
    for (long i = 0; i < rounds; i++) {
        way->await(1);
        way->pass(1);
    }
}

static void *answer_in_thread(void *argument) {
    answer();
    return argument;
}

// The time is that of all rounds but the first, which waits for party 1, and the last, after which party 1 ends.
static void ask(void) {
    pin(&each[0]);
    while (!shared->ready)
        sched_yield();
    for (long i = 0; i < rounds; i++) {
        if (i == 1)
            now(&start);
        if (i == rounds - 1)
            now(&end);
        way->pass(0);
        way->await(0);
    }
}

static void prepare(const struct way *wanted, long count) {
    way = wanted;
    rounds = count + 2;
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        fail("mmap");
}

static void two_threads(const struct way *wanted, long count) {
    pthread_t other;
    prepare(wanted, count);
    if (pthread_create(&other, NULL, answer_in_thread, NULL) != 0)
        fail("pthread_create");
    ask();
    pthread_join(other, NULL);
}

static void two_processes(const struct way *wanted, long count) {
    prepare(wanted, count);
    pid_t child = fork();
    if (child == 0) {
        answer();
        _exit(0);
    }
    ask();
    waitpid(child, NULL, 0);
}

static void futex(long count) {
    two_threads(&by_futex, count);
}

// A round is two switches.
static void yield_threads(long count) {
    two_threads(&by_yield, count / 2);
}

static void yield_processes(long count) {
    two_processes(&by_yield, count / 2);
}

static void thread_signals(long count) {
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGUSR1);
    signal(SIGUSR1, arrive);
    sigprocmask(SIG_BLOCK, &mask, NULL); // so that it comes in sigsuspend only
    signal_to[0] = gettid();
    two_threads(&by_signal, count);
}

static void pipe_pair(long count) {
    if (pipe(pipes[0]) != 0 || pipe(pipes[1]) != 0)
        fail("pipe");
    two_processes(&by_pipe, count);
}

static const struct {
    const char *name;
    void (*run)(long);
} operations[] = {{"forks", forks}, {"threads", threads}, {"kills", kills}, {"own-pipe", own_pipe}, {"futex", futex},
                  {"yield-threads", yield_threads}, {"yield-processes", yield_processes}, {"thread-signals", thread_signals},
                  {"pipe-pair", pipe_pair}};

static double elapsed(void) {
    return (double)(end.tv_sec - start.tv_sec) * 1e9 + (double)(end.tv_nsec - start.tv_nsec);
}

int main(int argc, char **argv) {
    for (size_t i = 0; argc == 4 && i < sizeof operations / sizeof operations[0]; i++)
        if (strcmp(operations[i].name, argv[1]) == 0) {
            long count = atol(argv[3]);
            processors = atoi(argv[2]) == 2 ? 2 : 1;
            find_processors();
            pin(&both);
            now(&start);
            operations[i].run(count);
            if (end.tv_sec == 0) // no pair
                now(&end);
            printf("%.1f\n", count == 0 ? 0 : elapsed() / (double)count);
            return 0;
        }
    fprintf(stderr, "usage: operations NAME PROCESSORS COUNT\n");
    return 2;
}
