// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// KERNEL [-t SECONDS] repeats the kernel until the time is over, at least three times, and prints one line: name, kind, checksum, repetitions, and in ns
// the first repetition, the fastest, the median of the second half, and all of the time since the start.
//
// Time is what is left of a timer of Linux that never expires, since the LWK's own clocks count emulated cycles: timerfd_gettime is delegated, so all
// targets read the clock of a Linux kernel.
#include "harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/timerfd.h>

enum { CENTURY = 3000000000u, MOST = 1 << 20, FEWEST = 3 };

static int timer;
static int64_t times[MOST];

static void fail(const char *what) {
    fprintf(stderr, "%s: %s\n", kernel.name, what);
    exit(1);
}

static void start_timer(void) {
    struct itimerspec century = {.it_value.tv_sec = CENTURY};
    timer = timerfd_create(CLOCK_MONOTONIC, 0);
    if (timer < 0 || timerfd_settime(timer, 0, &century, NULL) != 0)
        fail("no timer");
}

static int64_t now(void) {
    struct itimerspec left;
    if (timerfd_gettime(timer, &left) != 0)
        fail("the timer cannot be read");
    return (CENTURY - left.it_value.tv_sec) * 1000000000 - left.it_value.tv_nsec;
}

static int ascending(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static void report(uint64_t checksum, size_t count, int64_t whole) {
    size_t half = count / 2;
    int64_t first = times[0];
    qsort(times + half, count - half, sizeof times[0], ascending);
    int64_t median = times[half + (count - half) / 2];
    qsort(times, count, sizeof times[0], ascending);
    printf("%s %s %016llx %zu %lld %lld %lld %lld\n", kernel.name, kernel.kind, (unsigned long long)checksum, count, (long long)first,
           (long long)times[0], (long long)median, (long long)whole);
}

int main(int argc, char **argv) {
    double seconds = argc == 3 && strcmp(argv[1], "-t") == 0 ? atof(argv[2]) : 1;
    start_timer();
    int64_t start = now();
    kernel.prepare();
    int64_t end = now() + (int64_t)(seconds * 1e9);
    uint64_t checksum = 0;
    size_t count = 0;
    for (int64_t at = now(); count < MOST && (count < FEWEST || at < end); count++) {
        uint64_t result = kernel.repetition();
        int64_t after = now();
        times[count] = after - at;
        if (count > 0 && result != checksum)
            fail("two repetitions, two checksums");
        checksum = result;
        at = after;
    }
    report(checksum, count, now() - start);
    return 0;
}
