// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// A megabyte through stdio in odd pieces, then standard error between.
#include <stdio.h>

int main(void) {
    unsigned state = 1;
    for (int i = 0; i < 20000; i++) {
        state = state * 1103515245 + 12345;
        printf("%d:%.*s\n", i, (int)(state >> 16) % 90, "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz0123456789");
        if (i % 4000 == 0) {
            fflush(stdout);
            fprintf(stderr, "line %d\n", i);
        }
    }
    return 200;
}
