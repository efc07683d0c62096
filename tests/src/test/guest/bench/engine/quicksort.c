// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Quicksort of 32,768 integers, with insertion sort for small pieces.
#include "harness.h"

enum { N = 32768, SMALL = 12 };

static uint32_t input[N], numbers[N];

static void prepare(void) {
    uint64_t random = SEED;
    for (int i = 0; i < N; i++)
        input[i] = (uint32_t)(next_random(&random) >> 20);
}

static void insertion_sort(uint32_t *low, uint32_t *high) {
    for (uint32_t *at = low + 1; at <= high; at++) {
        uint32_t value = *at, *hole = at;
        for (; hole > low && hole[-1] > value; hole--)
            *hole = hole[-1];
        *hole = value;
    }
}

static void quicksort(uint32_t *low, uint32_t *high) {
    while (high - low > SMALL) {
        uint32_t pivot = low[(high - low) / 2], *left = low, *right = high;
        while (left <= right) {
            while (*left < pivot)
                left++;
            while (*right > pivot)
                right--;
            if (left <= right) {
                uint32_t value = *left;
                *left++ = *right;
                *right-- = value;
            }
        }
        quicksort(low, right);
        low = left;
    }
    insertion_sort(low, high);
}

static uint64_t repetition(void) {
    memcpy(numbers, input, sizeof numbers);
    quicksort(numbers, numbers + N - 1);
    uint64_t checksum = 0;
    for (int i = 0; i < N; i += 16)
        checksum = mixed(checksum, numbers[i]);
    return checksum;
}

const struct kernel kernel = {"quicksort", "integer", prepare, repetition};
