// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
//
// Executes single instructions on the host's processor. Reads cases from standard input, writes outcomes to standard
// output, both fixed-size binary records (mirrored by NativeCpu.java).
//
// The code page is full of INT3 and holds the instruction under test in its middle; the data area is two pages with
// nothing mapped around them. The full state is loaded, the instruction runs, and whatever signal comes next is the end.

#define _GNU_SOURCE
#include <asm/prctl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <ucontext.h>
#include <unistd.h>

#define CODE_PAGE 0x13579000UL
#define START (CODE_PAGE + 0x800)
#define DATA 0x20000000UL
#define DATA_BYTES 8192
#define WINDOW_OFFSET 3584
#define WINDOW_BYTES 1024
#define GS_BASE 0x40UL
#define USER32_CS 0x23 // Linux's flat 32-bit code segment

struct state {
    uint64_t gpr[16]; // in encoding order
    uint64_t rflags;
    uint8_t fxsave[512];
    uint8_t ymm_high[256]; // zero if the host has no AVX
    uint8_t window[WINDOW_BYTES];
};

struct test_case {
    uint64_t length;
    uint64_t code_size; // 64, or 32: compatibility mode
    uint8_t code[24];
    struct state before;
};

struct outcome {
    uint64_t signal; // SIGTRAP: completed
    uint64_t trap;
    uint64_t error;
    uint64_t cr2;
    uint64_t rip;
    uint64_t outside; // sum over the data area without the window
    struct state after;
};

static struct test_case current;
static struct outcome result;
static sigjmp_buf finished;
static volatile uint64_t case_number, case_seen;
// XSAVE area in standard format: legacy region, header, upper halves of ymm.
#define XSTATE_BV 512
#define YMM_HIGH 576
#define X87_SSE_AVX 7
static uint8_t image[832] __attribute__((aligned(64)));
static int has_avx;

// Read by load_state by name.
uint64_t load_gpr[16], load_rflags, load_target = START;
uint8_t *load_image = image;
uint64_t load_avx;
struct {
    uint32_t offset;
    uint16_t selector;
} __attribute__((packed)) load_far_target = {START, USER32_CS};

#define LOAD_EXTENDED_STATE \
    "mov load_image(%rip), %rcx\n" \
    "cmpq $0, load_avx(%rip)\n" \
    "jne 1f\n" \
    "fxrstor64 (%rcx)\n" \
    "jmp 2f\n" \
    "1: mov $7, %eax\n" \
    "xor %edx, %edx\n" \
    "xrstor64 (%rcx)\n" \
    "2:\n"

__attribute__((naked, noreturn)) static void load_state(void) {
    __asm__(LOAD_EXTENDED_STATE
            "push load_rflags(%rip)\n"
            "mov load_gpr+0(%rip), %rax\n"
            "mov load_gpr+8(%rip), %rcx\n"
            "mov load_gpr+16(%rip), %rdx\n"
            "mov load_gpr+24(%rip), %rbx\n"
            "mov load_gpr+40(%rip), %rbp\n"
            "mov load_gpr+48(%rip), %rsi\n"
            "mov load_gpr+56(%rip), %rdi\n"
            "mov load_gpr+64(%rip), %r8\n"
            "mov load_gpr+72(%rip), %r9\n"
            "mov load_gpr+80(%rip), %r10\n"
            "mov load_gpr+88(%rip), %r11\n"
            "mov load_gpr+96(%rip), %r12\n"
            "mov load_gpr+104(%rip), %r13\n"
            "mov load_gpr+112(%rip), %r14\n"
            "mov load_gpr+120(%rip), %r15\n"
            "popfq\n"
            "mov load_gpr+32(%rip), %rsp\n"
            "jmp *load_target(%rip)\n");
}

__attribute__((naked, noreturn)) static void load_state_32(void) {
    __asm__(LOAD_EXTENDED_STATE
            "mov $0x2B, %eax\n" // Linux's USER_DS
            "mov %eax, %ds\n"
            "mov %eax, %es\n"
            "push load_rflags(%rip)\n"
            "mov load_gpr+0(%rip), %eax\n"
            "mov load_gpr+8(%rip), %ecx\n"
            "mov load_gpr+16(%rip), %edx\n"
            "mov load_gpr+24(%rip), %ebx\n"
            "mov load_gpr+40(%rip), %ebp\n"
            "mov load_gpr+48(%rip), %esi\n"
            "mov load_gpr+56(%rip), %edi\n"
            "popfq\n"
            "mov load_gpr+32(%rip), %esp\n"
            "ljmp *load_far_target(%rip)\n");
}

static const int context_register[16] = {
    REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
    REG_R8, REG_R9, REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};

static void capture(int signal, siginfo_t *info, void *context) {
    // POPF may have set AC, with which the C library would fault.
    __asm__ volatile("pushfq; andl $~0x40000, (%%rsp); popfq" ::: "memory", "cc");
    (void) info;
    ucontext_t *uc = context;
    greg_t *g = uc->uc_mcontext.gregs;
    if (signal == SIGALRM && case_seen != case_number) {
        case_seen = case_number; // a first look; if it is still running at the next one it hangs
        return;
    }
    result.signal = signal;
    result.trap = g[REG_TRAPNO];
    result.error = g[REG_ERR];
    result.cr2 = g[REG_CR2];
    result.rip = g[REG_RIP];
    for (int i = 0; i < 16; i++) {
        result.after.gpr[i] = g[context_register[i]];
    }
    result.after.rflags = g[REG_EFL];
    const uint8_t *area = (const uint8_t *) uc->uc_mcontext.fpregs;
    memcpy(result.after.fxsave, area, 512);
    memset(result.after.ymm_high, 0, 256);
    if (has_avx && (area[XSTATE_BV] & 4)) {
        memcpy(result.after.ymm_high, area + YMM_HIGH, 256);
    }
    siglongjmp(finished, 1);
}

static void *map(uint64_t address, size_t bytes, int protection) {
    void *p = mmap((void *) address, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    if (p != (void *) address) {
        perror("native-runner: mmap");
        exit(2);
    }
    return p;
}

static void install_handlers(void) {
    stack_t stack = {.ss_sp = malloc(1 << 20), .ss_size = 1 << 20};
    sigaltstack(&stack, NULL);
    struct sigaction action = {.sa_sigaction = capture, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER | SA_RESTART};
    int signals[] = {SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGALRM};
    for (unsigned i = 0; i < sizeof signals / sizeof *signals; i++) {
        sigaction(signals[i], &action, NULL);
    }
    struct itimerval every = {{0, 100000}, {0, 100000}};
    setitimer(ITIMER_REAL, &every, NULL);
}

static uint64_t sum_outside(const uint8_t *data) {
    uint64_t sum = 0;
    for (unsigned i = 0; i < DATA_BYTES; i += 8) {
        if (i < WINDOW_OFFSET || i >= WINDOW_OFFSET + WINDOW_BYTES) {
            uint64_t word;
            memcpy(&word, data + i, 8);
            sum = sum * 31 + word;
        }
    }
    return sum;
}

static void run(uint8_t *code, uint8_t *data) {
    memset(code, 0xCC, 4096);
    memcpy((void *) START, current.code, current.length);
    memset(data, 0, DATA_BYTES);
    memcpy(data + WINDOW_OFFSET, current.before.window, WINDOW_BYTES);
    memcpy(image, current.before.fxsave, 512);
    image[XSTATE_BV] = X87_SSE_AVX;
    memcpy(image + YMM_HIGH, current.before.ymm_high, 256);
    memcpy(load_gpr, current.before.gpr, sizeof load_gpr);
    load_rflags = current.before.rflags;
    case_number++;
    if (sigsetjmp(finished, 0) == 0) {
        if (current.code_size == 64) {
            load_state();
        }
        load_state_32();
    }
    memcpy(result.after.window, data + WINDOW_OFFSET, WINDOW_BYTES);
    result.outside = sum_outside(data);
}

int main(void) {
    uint8_t *code = map(CODE_PAGE, 4096, PROT_READ | PROT_WRITE | PROT_EXEC);
    uint8_t *data = map(DATA, DATA_BYTES, PROT_READ | PROT_WRITE);
    syscall(SYS_arch_prctl, ARCH_SET_GS, GS_BASE);
    has_avx = __builtin_cpu_supports("avx") != 0;
    load_avx = has_avx;
    install_handlers();
    while (fread(&current, sizeof current, 1, stdin) == 1) {
        run(code, data);
        fwrite(&result, sizeof result, 1, stdout);
        fflush(stdout);
    }
    return 0;
}
