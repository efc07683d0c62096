// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Load for tests/stress: forks in a row, many processes at once, threads that pass a turn on while signals hit them, and prey to be killed.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void check(int condition, const char *what) {
    if (!condition) {
        perror(what);
        exit(1);
    }
}

static int status_of(pid_t pid) {
    int status;
    check(waitpid(pid, &status, 0) == pid, "waitpid");
    return WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
}

// One child after the other; each writes to its memory and ends with a number.
static void forks(int count) {
    int *memory = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < count; i++) {
        memory[i % 1000] = i;
        pid_t pid = fork();
        check(pid >= 0, "fork");
        if (pid == 0) {
            memory[i % 1000]++;
            _exit(memory[i % 1000] & 63);
        }
        check(status_of(pid) == ((i + 1) & 63), "status of a child");
        check(memory[i % 1000] == i, "memory of the parent");
    }
    printf("%d forks\n", count);
}

// All are there at once: each waits for a byte, which the parent sends when the last one has said that it is there.
static void crowd(int count) {
    int here[2], go[2];
    check(pipe(here) == 0 && pipe(go) == 0, "pipe");
    pid_t *pids = calloc(count, sizeof *pids);
    char byte = 0;
    for (int i = 0; i < count; i++) {
        pids[i] = fork();
        check(pids[i] >= 0, "fork");
        if (pids[i] == 0)
            _exit(write(here[1], &byte, 1) == 1 && read(go[0], &byte, 1) == 1 ? 7 : 1);
    }
    for (int i = 0; i < count; i++)
        check(read(here[0], &byte, 1) == 1, "read");
    for (int i = 0; i < count; i++)
        check(write(go[1], &byte, 1) == 1, "write");
    for (int i = 0; i < count; i++)
        check(status_of(pids[i]) == 7, "status of a child");
    printf("%d processes\n", count);
}

enum { MAX_THREADS = 256 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed[MAX_THREADS];
static pthread_t threads[MAX_THREADS];
static int thread_count, rounds;
static long turn;
static atomic_long handled;

static void on_signal(int number) {
    (void)number;
    atomic_fetch_add(&handled, 1);
}

static void *player(void *argument) {
    long me = (long)argument;
    unsigned seed = me + 1;
    for (int round = 0; round < rounds; round++) {
        pthread_kill(threads[rand_r(&seed) % thread_count], SIGUSR1 + (rand_r(&seed) & 1) * (SIGUSR2 - SIGUSR1));
        pthread_mutex_lock(&lock);
        while (turn % thread_count != me)
            pthread_cond_wait(&changed[me], &lock);
        turn++;
        pthread_cond_signal(&changed[turn % thread_count]);
        pthread_mutex_unlock(&lock);
    }
    pthread_mutex_lock(&lock); // nobody may end while others send signals to it
    while (turn < (long)thread_count * rounds)
        pthread_cond_wait(&changed[me], &lock);
    pthread_mutex_unlock(&lock);
    return NULL;
}

static void pingpong(int count, int turns) {
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    check(sigaction(SIGUSR1, &action, NULL) == 0 && sigaction(SIGUSR2, &action, NULL) == 0, "sigaction");
    thread_count = count < MAX_THREADS ? count : MAX_THREADS;
    rounds = turns;
    pthread_mutex_lock(&lock); // no signal before all threads are known
    for (long i = 0; i < thread_count; i++)
        pthread_cond_init(&changed[i], NULL);
    for (long i = 0; i < thread_count; i++)
        threads[i] = pthread_self();
    for (long i = 0; i < thread_count; i++)
        check(pthread_create(&threads[i], NULL, player, (void *)i) == 0, "pthread_create");
    pthread_mutex_unlock(&lock);
    for (long last = -1; last < (long)thread_count * rounds;) {
        usleep(10000);
        pthread_mutex_lock(&lock);
        last = turn;
        pthread_mutex_unlock(&lock);
    }
    for (long i = 0; i < thread_count; i++) {
        pthread_mutex_lock(&lock);
        pthread_cond_signal(&changed[i]);
        pthread_mutex_unlock(&lock);
    }
    for (long i = 0; i < thread_count; i++)
        check(pthread_join(threads[i], NULL) == 0, "pthread_join");
    printf("%ld turns, signals handled: %s\n", turn, handled > 0 ? "some" : "none");
}

static void *busy(void *argument) {
    long me = (long)argument;
    char byte;
    int ends[2];
    for (unsigned seed = me;;) {
        switch (rand_r(&seed) % 6) {
        case 0:
            if (pipe(ends) == 0) {
                (void)!write(ends[1], "x", 1);
                (void)!read(ends[0], &byte, 1);
                close(ends[0]);
                close(ends[1]);
            }
            break;
        case 1: {
            char *memory = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
            if (memory != MAP_FAILED) {
                memset(memory, 1, 1 << 20);
                munmap(memory, 1 << 20);
            }
            break;
        }
        case 2:
            usleep(rand_r(&seed) % 1000);
            break;
        case 3:
            if (me == 0 && waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD && fork() == 0) {
                usleep(2000);
                _exit(0);
            }
            break;
        case 4:
            for (volatile int i = 0; i < 20000; i++)
                ;
            break;
        default:
            sched_yield();
        }
    }
    return NULL;
}

// Works until it is killed.
static void prey(int count) {
    printf("%d\n", getpid());
    fflush(stdout);
    pthread_t thread;
    for (long i = 1; i < count; i++)
        check(pthread_create(&thread, NULL, busy, (void *)i) == 0, "pthread_create");
    busy((void *)0);
}

int main(int argc, char **argv) {
    const char *what = argc > 1 ? argv[1] : "";
    int count = argc > 2 ? atoi(argv[2]) : 1, turns = argc > 3 ? atoi(argv[3]) : 1;
    if (!strcmp(what, "forks"))
        forks(count);
    else if (!strcmp(what, "crowd"))
        crowd(count);
    else if (!strcmp(what, "pingpong"))
        pingpong(count, turns);
    else if (!strcmp(what, "prey"))
        prey(count);
    else
        return 2;
    return 0;
}
