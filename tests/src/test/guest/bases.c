// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// GS bases and, between library calls, FS bases that two threads on one CPU write with WRGSBASE and WRFSBASE (where AT_HWCAP2 says that
// they may, else with arch_prctl) are each thread's own, over context switches, system calls, signals and fork.
#define _GNU_SOURCE
#include <asm/prctl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define THREADS 2
#define ROUNDS 400

static int instructions;
static pthread_barrier_t start;
static volatile int turn;
static volatile sig_atomic_t signals;

static uint64_t get_gs(void) {
    uint64_t base;
    if (instructions)
        __asm__ volatile("rdgsbase %0" : "=r"(base));
    else
        syscall(SYS_arch_prctl, ARCH_GET_GS, &base);
    return base;
}

static void set_gs(uint64_t base) {
    if (instructions)
        __asm__ volatile("wrgsbase %0" ::"r"(base));
    else
        syscall(SYS_arch_prctl, ARCH_SET_GS, base);
}

static long yield_with_fs(uint64_t other) {
    long result = SYS_sched_yield;
    uint64_t own, seen = other;
    if (!instructions) {
        __asm__ volatile("syscall" : "+a"(result)::"rcx", "r11", "memory");
        return result;
    }
    __asm__ volatile("rdfsbase %[own]\n wrfsbase %[other]\n syscall\n rdfsbase %[seen]\n wrfsbase %[own]"
                     : [own] "=&r"(own), [seen] "=&r"(seen), "+a"(result)
                     : [other] "r"(other)
                     : "rcx", "r11", "memory");
    return seen == other ? result : -1;
}

static void on_signal(int number) {
    (void)number;
    set_gs(get_gs() ^ 0x1000); // stays: a signal frame has no bases
    signals++;
}

static void *thread(void *argument) {
    uintptr_t id = (uintptr_t)argument, memory[2] = {0x1111 * (id + 1), 0};
    unsigned wrong = 0;
    pthread_barrier_wait(&start);
    for (unsigned round = 0; round < ROUNDS; round++) {
        uint64_t base = (id + 1) << 32 | round << 12;
        set_gs(base);
        while (turn % THREADS != (int)id)
            sched_yield();
        wrong += get_gs() != base;
        wrong += yield_with_fs(base + 8) != 0;
        wrong += get_gs() != base;
        turn++;
        set_gs((uint64_t)memory);
        sched_yield();
        uint64_t loaded;
        __asm__ volatile("mov %%gs:0, %0" : "=r"(loaded));
        wrong += loaded != memory[0];
    }
    return (void *)(uintptr_t)wrong;
}

int main(void) {
    instructions = (getauxval(AT_HWCAP2) & 2) != 0;
    cpu_set_t one;
    CPU_ZERO(&one);
    sched_getaffinity(0, sizeof one, &one);
    int cpu = 0;
    while (!CPU_ISSET(cpu, &one))
        cpu++;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    printf("affinity %d\n", sched_setaffinity(0, sizeof one, &one));
    pthread_barrier_init(&start, NULL, THREADS);
    pthread_t threads[THREADS];
    for (uintptr_t i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, thread, (void *)i);
    for (int i = 0; i < THREADS; i++) {
        void *wrong;
        pthread_join(threads[i], &wrong);
        printf("thread %d: %u wrong\n", i, (unsigned)(uintptr_t)wrong);
    }
    set_gs(0x7000);
    signal(SIGUSR1, on_signal);
    raise(SIGUSR1);
    uint64_t asked;
    syscall(SYS_arch_prctl, ARCH_GET_GS, &asked);
    printf("signals %d, gs %lx, arch_prctl %lx\n", (int)signals, get_gs(), asked);
    fflush(stdout);
    pid_t child = fork();
    if (!child) {
        printf("child's gs %lx\n", get_gs());
        fflush(stdout);
        set_gs(1);
        _exit(0);
    }
    waitpid(child, NULL, 0);
    printf("parent's gs %lx\n", get_gs());
    return 0;
}
