// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Two threads beside the main one: mutex, condition, barrier, thread-local data, atomics, cancellation, directed signals.
#define _GNU_SOURCE
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

enum { THREADS = 2, ROUNDS = 5000 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t barrier;
static sem_t ready;
static __thread long mine = 7;
static long guarded, turn;
static atomic_long free_running;
static volatile sig_atomic_t signalled;

static void *work(void *argument) {
    long me = (long)argument;
    for (int i = 0; i < ROUNDS; i++) {
        pthread_mutex_lock(&lock);
        guarded++;
        pthread_mutex_unlock(&lock);
        atomic_fetch_add(&free_running, 1);
        mine += me;
    }
    pthread_barrier_wait(&barrier);
    for (int i = 0; i < 100; i++) {
        pthread_mutex_lock(&lock);
        while (turn % THREADS != me)
            pthread_cond_wait(&changed, &lock);
        turn++;
        pthread_cond_broadcast(&changed);
        pthread_mutex_unlock(&lock);
    }
    return (void *)mine;
}

static void cleanup(void *argument) {
    *(int *)argument = 1;
}

static int cleaned;

static void *wait_for_ever(void *argument) {
    (void)argument;
    pthread_cleanup_push(cleanup, &cleaned);
    sem_post(&ready);
    for (;;)
        pause();
    pthread_cleanup_pop(0);
    return NULL;
}

static void *nothing(void *argument) {
    return argument;
}

static void on_signal(int signal) {
    (void)signal;
    signalled++;
    sem_post(&ready);
}

int main(void) {
    pthread_t threads[THREADS];
    pthread_barrier_init(&barrier, NULL, THREADS);
    sem_init(&ready, 0, 0);
    for (long i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, work, (void *)i);
    for (int i = 0; i < THREADS; i++) {
        void *result;
        pthread_join(threads[i], &result);
        printf("thread %d: %ld\n", i, (long)result);
    }
    printf("guarded %ld, free %ld, turns %ld, own %ld\n", guarded, free_running, turn, mine);
    signal(SIGUSR1, on_signal);
    pthread_t sleeper;
    pthread_create(&sleeper, NULL, wait_for_ever, NULL);
    sem_wait(&ready);
    pthread_kill(sleeper, SIGUSR1);
    sem_wait(&ready);
    pthread_cancel(sleeper);
    void *result;
    pthread_join(sleeper, &result);
    printf("signalled %d, cancelled %d, cleaned %d\n", signalled, result == PTHREAD_CANCELED, cleaned);
    for (int i = 0; i < 200; i++) {
        pthread_create(&sleeper, NULL, nothing, NULL);
        pthread_join(sleeper, NULL);
    }
    puts("200 short threads");
    return 0;
}
