// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// The C library's string functions (chosen by CPUID) at all small sizes and alignments.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static unsigned char a[1024], b[1024];
static uint64_t hash;

static void mix(uint64_t value) {
    hash = (hash ^ value) * 1099511628211ull;
}

int main(void) {
    for (int size = 1; size < 300; size++)
        for (int align = 0; align < 32; align += 5) {
            for (int i = 0; i < 1024; i++)
                a[i] = (unsigned char)(i * 7 + size), b[i] = 0xEE;
            memcpy(b + align, a + 3, (size_t)size);
            memmove(b + align + 1, b + align, (size_t)size);
            memset(b + 600 + align, size, (size_t)size);
            for (int i = 0; i < 1024; i++)
                mix(b[i]);
            memset(a, 'x', sizeof a);
            a[align + size] = 0;
            memcpy(b, a, sizeof a);
            b[align + size / 2] = 'y';
            mix(strlen((char *)a + align));
            mix((uint64_t)(strcmp((char *)a + align, (char *)b + align) > 0));
            mix((uint64_t)(memcmp(a, b, 1024) > 0));
            char *y = strchr((char *)b + align, 'y');
            mix(y ? (uint64_t)(y - (char *)b) : 999);
            mix(strspn((char *)b + align, "x"));
            mix((uint64_t)((char *)memchr(a + align, 0, 1000) - (char *)a));
            char *found = strstr((char *)b + align, "xy");
            mix(found ? (uint64_t)(found - (char *)b) : 999);
            mix((uint64_t)(strrchr((char *)a + align, 'x') - (char *)a - align));
        }
    wchar_t wide[64];
    mbstowcs(wide, "plain text", 64);
    mix(wcslen(wide));
    char text[] = "one,two;;three";
    for (char *word = strtok(text, ",;"); word; word = strtok(NULL, ",;"))
        printf("%s ", word);
    printf("%ld %lu %d %016lx\n", strtol("-0x7fff", NULL, 0), strtoul("777", NULL, 8), atoi(" 42x"), hash);
    return 0;
}
