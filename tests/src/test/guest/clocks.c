// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Time passes, forward only, and sleeping takes at least as long as asked.
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

static double read_clock(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(void) {
    static const clockid_t clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID, CLOCK_BOOTTIME, CLOCK_MONOTONIC_RAW, CLOCK_REALTIME_COARSE};
    for (int i = 0; i < 7; i++) {
        double first = read_clock(clocks[i]), before = first;
        int backward = 0;
        for (int n = 0; n < 2000; n++) {
            double now = read_clock(clocks[i]);
            backward += now < before;
            before = now;
        }
        printf("clock %d: backward %d, positive %d\n", clocks[i], backward, first >= 0);
    }
    double before = read_clock(CLOCK_MONOTONIC);
    struct timespec wait = {0, 30000000};
    int result = nanosleep(&wait, NULL);
    double slept = read_clock(CLOCK_MONOTONIC) - before;
    printf("nanosleep %d, long enough %d, not absurd %d\n", result, slept >= 0.03, slept < 30);
    struct timeval day;
    gettimeofday(&day, NULL);
    double difference = read_clock(CLOCK_REALTIME) - (double)day.tv_sec - (double)day.tv_usec / 1e6;
    printf("time of day agrees %d, this century %d\n", difference > -1 && difference < 30, time(NULL) > 1700000000);
    struct timespec resolution;
    clock_getres(CLOCK_MONOTONIC, &resolution);
    printf("resolution %ld\n", resolution.tv_nsec);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    volatile double work = 1;
    clock_t start = clock();
    while (clock() - start < CLOCKS_PER_SEC / 50)
        for (int i = 0; i < 10000; i++)
            work = work * 1.0000001;
    struct rusage later;
    getrusage(RUSAGE_SELF, &later);
    printf("CPU time grows %d\n", later.ru_utime.tv_sec * 1000000 + later.ru_utime.tv_usec > usage.ru_utime.tv_sec * 1000000 + usage.ru_utime.tv_usec);
    printf("ticks %ld, times %d\n", sysconf(_SC_CLK_TCK), times(&(struct tms){0}) != (clock_t)-1);
    return 0;
}
