// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Heap, mappings, protection, mremap, and faults that a handler sees.
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static sigjmp_buf back;
static char *region;
static char text[80];

static void fault(int signal, siginfo_t *info, void *context) {
    (void)context;
    long offset = (char *)info->si_addr - region;
    int near = offset >= 0 && offset < 1 << 20;
    snprintf(text, sizeof text, "signal %d code %d %s %lx", signal, info->si_code, near ? "offset" : "address", near ? offset : (long)info->si_addr);
    siglongjmp(back, 1);
}

static void attempt(const char *what, volatile char *address, int write) {
    if (sigsetjmp(back, 1)) {
        printf("%s: %s\n", what, text);
        return;
    }
    if (write)
        *address = 1;
    else
        (void)*address;
    printf("%s: allowed\n", what);
}

static uint64_t heap(void) {
    static unsigned char *blocks[256];
    static size_t sizes[256];
    uint64_t seed = 1, sum = 0;
    for (int i = 0; i < 20000; i++) {
        seed = seed * 6364136223846793005ull + 1442695040888963407ull;
        unsigned slot = (unsigned)(seed >> 56);
        size_t size = (seed >> 30) % ((i & 255) ? 2000 : 300000) + 1;
        if (blocks[slot])
            sum = sum * 31 + blocks[slot][0] + blocks[slot][sizes[slot] - 1];
        if (i & 1) {
            free(blocks[slot]);
            blocks[slot] = calloc(1, size);
            sum += blocks[slot][size / 2];
        } else
            blocks[slot] = realloc(blocks[slot], size);
        memset(blocks[slot], i, size);
        sizes[slot] = size;
    }
    return sum;
}

int main(void) {
    struct sigaction action = {.sa_sigaction = fault, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGBUS, &action, NULL);
    printf("heap %016lx\n", heap());
    char *old = sbrk(0);
    printf("brk %d\n", sbrk(1 << 20) == old && (char *)sbrk(0) == old + (1 << 20));
    old[(1 << 20) - 1] = 1;
    region = mmap(NULL, 16 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    attempt("write rw", region + 5, 1);
    mprotect(region + 4096, 2 * 4096, PROT_READ);
    attempt("read r", region + 4096, 0);
    attempt("write r", region + 4097, 1);
    mprotect(region + 4 * 4096, 4096, PROT_NONE);
    attempt("read none", region + 4 * 4096 + 7, 0);
    munmap(region + 8 * 4096, 4096);
    attempt("read unmapped", region + 8 * 4096, 0);
    attempt("read behind", region + 9 * 4096, 0);
    attempt("null", NULL, 1);
    attempt("non-canonical", (char *)0x8000000000000000ul, 0);
    attempt("kernel", (char *)0xffff880000001000ul, 0);
    memset(region, 'q', 4096);
    char *moved = mremap(region, 4096, 32 * 4096, MREMAP_MAYMOVE);
    printf("mremap %c %d\n", moved[4095], moved[5 * 4096]);
    char *fixed = mmap(moved + 4096, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    printf("fixed %d %d\n", fixed == moved + 4096, fixed[0]);
    madvise(moved, 4096, MADV_DONTNEED);
    printf("dontneed %d\n", moved[0]);
    char file[] = "/tmp/mckernelj-memory-XXXXXX";
    int fd = mkstemp(file);
    unlink(file);
    (void)!write(fd, "hello, mapped file", 18);
    char *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    char *private = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    region = private;
    printf("%.18s|%.18s\n", shared, private);
    shared[0] = 'J';
    private[1] = 'X';
    msync(shared, 4096, MS_SYNC);
    char buffer[19] = "";
    (void)!pread(fd, buffer, 18, 0);
    printf("%s|%.18s\n", buffer, private + 2);
    attempt("behind the file", private + 4096, 0);
    return 0;
}
