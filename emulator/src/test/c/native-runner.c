// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
//
// Executes short sequences of instructions on the host's processor. Cases and outcomes are records of fixed size in a file that
// is shared with NativeCpu.java: native-runner FILE CAPACITY. For each number of cases that arrives on standard input it runs
// so many and answers with the same number.
//
// The code page is full of INT3 and holds the instructions in its middle; the data area is two pages and a third one that
// is read-only, with nothing mapped around them. The full state is loaded, the instructions run, and whatever signal comes
// next is the end.

#define _GNU_SOURCE
#include <asm/prctl.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
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
#define READ_ONLY_BYTES 4096
#define FS_BASE 0x1230UL
#define GS_BASE 0x40UL
#define HWCAP2_FSGSBASE 2
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
    uint32_t code_size; // 64, or 32: compatibility mode
    uint32_t offset;    // of the code in its page
    uint8_t code[80];
    struct state before;
};

struct outcome {
    uint64_t signal; // SIGTRAP: completed
    uint64_t trap;
    uint64_t error;
    uint64_t cr2;
    uint64_t rip;
    uint64_t outside; // sum over the data area without the window
    uint64_t fs_base;
    uint64_t gs_base;
    struct state after;
};

// The shared file: this header, the cases, the outcomes.
struct shared {
    uint64_t has_fsgsbase;
    uint64_t running; // number of the case that runs, for the one that kills the runner
};

static struct shared *shared;
static struct test_case *current;
static struct outcome *result;
static sigjmp_buf finished;
static volatile uint64_t case_number, case_seen;
static volatile int in_case;
// XSAVE area in standard format: legacy region, header, upper halves of ymm.
#define XSTATE_BV 512
#define YMM_HIGH 576
#define X87_SSE_AVX 7
static uint8_t image[832] __attribute__((aligned(64)));
static int has_avx;
static uint64_t own_fs_base;

// Read by load_state by name.
uint64_t load_gpr[16], load_rflags, load_target = START, load_fs_base = FS_BASE, load_gs_base = GS_BASE, load_fsgsbase;
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

// With the C library's FS base gone nothing of it may be called until the signal handler has brought it back.
#define LOAD_SEGMENT_BASES \
    "cmpq $0, load_fsgsbase(%rip)\n" \
    "je 3f\n" \
    "mov load_fs_base(%rip), %rcx\n" \
    "wrfsbase %rcx\n" \
    "mov load_gs_base(%rip), %rcx\n" \
    "wrgsbase %rcx\n" \
    "3:\n"

__attribute__((naked, noreturn)) static void load_state(void) {
    __asm__(LOAD_EXTENDED_STATE
            "xor %eax, %eax\n"
            "mov %eax, %ds\n"
            "mov %eax, %es\n" LOAD_SEGMENT_BASES
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
    uint64_t fs_base = 0, gs_base = 0;
    if (load_fsgsbase) {
        __asm__ volatile("rdfsbase %0; rdgsbase %1; wrfsbase %2" : "=&r"(fs_base), "=&r"(gs_base) : "r"(own_fs_base) : "memory");
    }
    // POPF may have set AC, with which the C library would fault.
    __asm__ volatile("pushfq; andl $~0x40000, (%%rsp); popfq" ::: "memory", "cc");
    (void) info;
    ucontext_t *uc = context;
    greg_t *g = uc->uc_mcontext.gregs;
    if (signal == SIGALRM && (!in_case || case_seen != case_number)) {
        case_seen = case_number; // a first look; if it is still running at the next one it hangs
        if (load_fsgsbase) {
            __asm__ volatile("wrfsbase %0" ::"r"(fs_base) : "memory");
        }
        return;
    }
    result->signal = signal;
    result->trap = g[REG_TRAPNO];
    result->error = g[REG_ERR];
    result->cr2 = g[REG_CR2];
    result->rip = g[REG_RIP];
    result->fs_base = fs_base;
    result->gs_base = gs_base;
    for (int i = 0; i < 16; i++) {
        result->after.gpr[i] = g[context_register[i]];
    }
    result->after.rflags = g[REG_EFL];
    const uint8_t *area = (const uint8_t *) uc->uc_mcontext.fpregs;
    memcpy(result->after.fxsave, area, 512);
    memset(result->after.ymm_high, 0, 256);
    if (has_avx && (area[XSTATE_BV] & 4)) {
        memcpy(result->after.ymm_high, area + YMM_HIGH, 256);
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
    const uint64_t *words = (const uint64_t *) data;
    uint64_t any = 0;
    for (unsigned i = 0; i < WINDOW_OFFSET / 8; i++) {
        any |= words[i];
    }
    for (unsigned i = (WINDOW_OFFSET + WINDOW_BYTES) / 8; i < DATA_BYTES / 8; i++) {
        any |= words[i];
    }
    uint64_t sum = 0;
    for (unsigned i = 0; any != 0 && i < DATA_BYTES / 8; i++) {
        if (i < WINDOW_OFFSET / 8 || i >= (WINDOW_OFFSET + WINDOW_BYTES) / 8) {
            sum = sum * 31 + words[i];
        }
    }
    return sum;
}

static void run(uint8_t *code, uint8_t *data) {
    const struct test_case *test = current;
    memset(code, 0xCC, 4096);
    load_target = CODE_PAGE + test->offset;
    load_far_target.offset = load_target;
    memcpy(code + test->offset, test->code, test->length);
    memset(data, 0, DATA_BYTES);
    memcpy(data + WINDOW_OFFSET, test->before.window, WINDOW_BYTES);
    memcpy(image, test->before.fxsave, 512);
    image[XSTATE_BV] = X87_SSE_AVX;
    memcpy(image + YMM_HIGH, test->before.ymm_high, 256);
    memcpy(load_gpr, test->before.gpr, sizeof load_gpr);
    load_rflags = test->before.rflags;
    case_number++;
    in_case = 1;
    if (sigsetjmp(finished, 0) == 0) {
        if (test->code_size == 64) {
            load_state();
        }
        load_state_32();
    }
    in_case = 0;
    memcpy(result->after.window, data + WINDOW_OFFSET, WINDOW_BYTES);
    result->outside = sum_outside(data);
}

static void *map_file(const char *name, size_t bytes) {
    int file = open(name, O_RDWR);
    void *p = file < 0 ? MAP_FAILED : mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, file, 0);
    if (p == MAP_FAILED) {
        perror("native-runner: shared file");
        exit(2);
    }
    return p;
}

static void map_read_only(void) {
    uint8_t *page = map(DATA + DATA_BYTES, READ_ONLY_BYTES, PROT_READ | PROT_WRITE);
    for (unsigned i = 0; i < READ_ONLY_BYTES; i++) {
        page[i] = i * 37;
    }
    mprotect(page, READ_ONLY_BYTES, PROT_READ);
}

int main(int argc, char **argv) {
    uint32_t capacity = argc == 3 ? atoi(argv[2]) : 0;
    if (capacity == 0) {
        return 2;
    }
    size_t cases_bytes = capacity * sizeof(struct test_case);
    shared = map_file(argv[1], sizeof *shared + cases_bytes + capacity * sizeof(struct outcome));
    struct test_case *cases = (struct test_case *) (shared + 1);
    struct outcome *outcomes = (struct outcome *) ((uint8_t *) cases + cases_bytes);
    uint8_t *code = map(CODE_PAGE, 4096, PROT_READ | PROT_WRITE | PROT_EXEC);
    uint8_t *data = map(DATA, DATA_BYTES, PROT_READ | PROT_WRITE);
    map_read_only();
    load_fsgsbase = shared->has_fsgsbase = (getauxval(AT_HWCAP2) & HWCAP2_FSGSBASE) != 0;
    if (load_fsgsbase) {
        syscall(SYS_arch_prctl, ARCH_GET_FS, &own_fs_base);
    } else {
        syscall(SYS_arch_prctl, ARCH_SET_GS, GS_BASE);
    }
    has_avx = __builtin_cpu_supports("avx") != 0;
    load_avx = has_avx;
    install_handlers();
    uint32_t count;
    while (fread(&count, sizeof count, 1, stdin) == 1 && count <= capacity) {
        for (uint32_t i = 0; i < count; i++) {
            shared->running = i;
            current = cases + i;
            result = outcomes + i;
            run(code, data);
        }
        fwrite(&count, sizeof count, 1, stdout);
        fflush(stdout);
    }
    return 0;
}
