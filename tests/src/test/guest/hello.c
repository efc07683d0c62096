// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Arguments, environment, exit status.
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
    for (int i = 1; i < argc; i++)
        printf("argument %d: [%s]\n", i, argv[i]);
    const char *language = getenv("LC_ALL");
    printf("LC_ALL=%s\n", language ? language : "(unset)");
    fprintf(stderr, "%d arguments\n", argc - 1);
    return argc;
}
