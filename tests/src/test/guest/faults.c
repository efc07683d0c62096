// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Every exception that user mode can raise, one instruction each: signal, si_code, si_addr and what ucontext says of the vector, the error
// code, the fault address and where the program stopped.
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#define PAGE 4096ul
#define TRAP_FLAG 0x100
#define ALIGNMENT_FLAG 0x40000

// A case: f(argument) with the instruction at f_at; it may end there or return.
#define CASE(name, before, instruction, after)                                                                                                        \
    void name(void *argument);                                                                                                                         \
    extern char name##_at[];                                                                                                                           \
    __asm__(".text\n" #name ":\n" before "\n" #name "_at:\n" instruction "\n" after "\n ret\n");

#define UNMASKED_MXCSR(bits) "sub $8, %rsp\n movl $0x1f80 & ~(" bits "), (%rsp)\n ldmxcsr (%rsp)\n add $8, %rsp\n"
#define UNMASKED_X87(bits) "sub $8, %rsp\n fninit\n movw $0x37f & ~(" bits "), (%rsp)\n fldcw (%rsp)\n add $8, %rsp\n"
#define ALIGNMENT_CHECKED "pushfq\n orq $0x40000, (%rsp)\n popfq\n"
#define FLAGS_OFF "pushfq\n andq $~0x40100, (%rsp)\n popfq\n"

CASE(de_div_by_zero, "xor %edx, %edx\n xor %ecx, %ecx\n mov $1, %eax", "div %ecx", "")
CASE(de_quotient_too_large, "mov $1, %edx\n mov $1, %ecx\n xor %eax, %eax", "div %ecx", "")
CASE(de_idiv_minimum, "mov $0x80000000, %eax\n cltd\n mov $-1, %ecx", "idiv %ecx", "")
CASE(de_div_in_memory, "xor %edx, %edx\n mov $1, %eax", "divq (%rdi)", "")
CASE(db_int1, "", ".byte 0xf1", "")
CASE(db_single_step, "pushfq\n orq $0x100, (%rsp)\n popfq", "nop\n nop\n nop", FLAGS_OFF)
CASE(db_step_over_system_call, "mov $39, %eax\n pushfq\n orq $0x100, (%rsp)\n popfq", "syscall\n nop", FLAGS_OFF)
CASE(db_int_1, "", ".byte 0xcd, 1", "")
CASE(bp_int3, "", "int3", "")
CASE(bp_int_3, "", ".byte 0xcd, 3", "")
CASE(of_int_4, "", ".byte 0xcd, 4", "")
CASE(ud_ud2, "", "ud2", "")
CASE(ud_ud1, "", "ud1 %eax, %eax", "")
CASE(ud_invalid_in_64_bit, "", ".byte 0x06", "")
CASE(ud_into, "", ".byte 0xce", "")
CASE(ud_lock_without_memory, "", ".byte 0xf0, 0x01, 0xc0", "")
CASE(ud_lock_on_a_load, "", ".byte 0xf0, 0x8b, 0x07", "")
CASE(ud_vex_after_66, "", ".byte 0x66, 0xc5, 0xf8, 0x77", "")
CASE(ud_mov_to_cs, "", ".byte 0x8e, 0xc8", "")
CASE(gp_hlt, "", "hlt", "")
CASE(gp_cli, "", "cli", "")
CASE(gp_in, "", "in $0x80, %al", "")
CASE(gp_out, "", "out %al, $0x80", "")
CASE(gp_insb, "", "insb", "")
CASE(gp_wrmsr, "", "wrmsr", "")
CASE(gp_rdmsr, "", "rdmsr", "")
CASE(gp_mov_from_cr0, "", "mov %cr0, %rax", "")
CASE(gp_mov_to_cr3, "", "mov %rax, %cr3", "")
CASE(gp_mov_to_dr7, "", "mov %rax, %dr7", "")
CASE(gp_lgdt, "", "lgdt (%rdi)", "")
CASE(gp_invlpg, "", "invlpg (%rdi)", "")
CASE(gp_swapgs, "", "swapgs", "")
CASE(gp_sysret, "", "sysretq", "")
CASE(gp_int_33, "", "int $33", "")
CASE(gp_int_14, "", "int $14", "")
CASE(gp_read_non_canonical, "movabs $0x800000000000, %rax", "mov (%rax), %rcx", "")
CASE(gp_write_non_canonical, "movabs $0xdeadbeef00000000, %rax", "mov %rcx, (%rax)", "")
CASE(gp_call_non_canonical, "movabs $0x800000000000, %rax", "call *%rax", "")
CASE(gp_jmp_non_canonical, "movabs $0x800000000000, %rax", "jmp *%rax", "")
CASE(gp_ret_non_canonical, "movabs $0x800000000000, %rax\n push %rax", "ret", "")
CASE(gp_last_byte_non_canonical, "movabs $0x7ffffffffffc, %rax", "mov (%rax), %rcx", "")
CASE(gp_misaligned_movaps, "", "movaps 1(%rdi), %xmm0", "")
CASE(gp_misaligned_paddd, "", "paddd 4(%rdi), %xmm0", "")
CASE(gp_misaligned_movntdq, "", "movntdq %xmm0, 8(%rdi)", "")
CASE(gp_misaligned_fxsave, "", "fxsave64 8(%rdi)", "")
CASE(gp_mxcsr_reserved, "movl $0xffff0000, (%rdi)", "ldmxcsr (%rdi)", "")
CASE(gp_null_to_ss, "xor %eax, %eax", "mov %eax, %ss", "")
CASE(gp_kernel_selector_to_ds, "mov $0x10, %eax", "mov %eax, %ds", "")
CASE(gp_selector_beyond_the_gdt, "mov $0xfffb, %eax", "mov %eax, %ds", "")
CASE(gp_far_return_to_kernel, "mov $0x10, %eax\n push %rax\n push %rdi", "lretq", "")
CASE(gp_iret_to_kernel, "mov %rsp, %rdx\n push $0x18\n push %rdx\n pushfq\n push $0x10\n push %rdi", "iretq", "")
CASE(gp_too_long, "", ".fill 15, 1, 0x66\n nop", "")
CASE(gp_xsetbv, "xor %ecx, %ecx", "xsetbv", "")
CASE(ss_push_non_canonical, "mov %rsp, %rdx\n movabs $0x800000000008, %rsp", "push %rax", "mov %rdx, %rsp")
CASE(ss_load_by_rbp, "push %rbp\n movabs $0x8000000000000000, %rbp", "mov (%rbp), %rax", "pop %rbp")
CASE(ss_load_by_rsp, "mov %rsp, %rdx\n movabs $0x7fffffffffffffff, %rsp", "mov (%rsp), %rax", "mov %rdx, %rsp")
CASE(ss_misaligned_by_rbp, "push %rbp\n lea 1(%rdi), %rbp", "movaps (%rbp), %xmm0", "pop %rbp")
CASE(pf_read_null, "xor %eax, %eax", "mov (%rax), %cl", "")
CASE(pf_write_null, "xor %eax, %eax", "mov %cl, (%rax)", "")
CASE(pf_execute_null, "xor %eax, %eax", "call *%rax", "")
CASE(pf_read_unmapped, "", "mov 0x3010(%rdi), %rax", "")
CASE(pf_write_unmapped, "", "mov %rax, 0x3010(%rdi)", "")
CASE(pf_read_modify_write_unmapped, "", "lock addl $1, 0x3010(%rdi)", "")
CASE(pf_execute_unmapped, "lea 0x3010(%rdi), %rax", "call *%rax", "")
CASE(pf_read_no_access, "", "mov 0x2010(%rdi), %rax", "")
CASE(pf_write_no_access, "", "mov %rax, 0x2010(%rdi)", "")
CASE(pf_read_across, "", "mov 0x2ffc(%rdi), %rax", "")
CASE(pf_write_across_read_only, "", "mov %rax, 0xffd(%rdi)", "")
CASE(pf_write_read_only, "", "mov %rax, 0x1010(%rdi)", "")
CASE(pf_read_modify_write_read_only, "", "orl $1, 0x1010(%rdi)", "")
CASE(pf_compare_exchange_read_only, "mov 0x1010(%rdi), %eax\n not %eax", "lock cmpxchg %ecx, 0x1010(%rdi)", "")
CASE(pf_execute_data, "movb $0xc3, 0x10(%rdi)\n lea 0x10(%rdi), %rax", "call *%rax", "")
CASE(pf_execute_read_only, "lea 0x1010(%rdi), %rax", "jmp *%rax", "")
CASE(pf_kernel_read, "mov $-4096, %rax", "mov (%rax), %rcx", "")
CASE(pf_kernel_write, "mov $0xffffffff80000000, %rax", "mov %rcx, (%rax)", "")
CASE(pf_kernel_execute, "mov $0xffffffff80000000, %rax", "call *%rax", "")
CASE(pf_string_store, "push %rdi\n lea 0xff0(%rdi), %rdi\n mov $0x20, %ecx\n xor %eax, %eax", "rep stosb", "pop %rdi")
CASE(pf_push, "mov %rsp, %rdx\n lea 0x3010(%rdi), %rsp", "push %rax", "mov %rdx, %rsp")
CASE(pf_sse_load, "", "movups 0x2ff8(%rdi), %xmm0", "")
CASE(pf_x87_store, "fninit\n fld1", "fstpt 0xffa(%rdi)", "fninit")
CASE(mf_divide_by_zero, UNMASKED_X87("4") "fld1\n fldz", "fdivrp", "fwait")
CASE(mf_invalid, UNMASKED_X87("1") "fldz\n fldz", "fdivp", "fwait")
CASE(mf_denormal, UNMASKED_X87("2") "movl $1, (%rdi)", "flds (%rdi)", "fwait")
CASE(mf_overflow, UNMASKED_X87("8") "movq $0x7fe0, 8(%rdi)\n movq $-1, (%rdi)\n fldt (%rdi)", "fstps 16(%rdi)", "fwait")
CASE(mf_underflow, UNMASKED_X87("0x10") "movq $1, 8(%rdi)\n movq $-1, (%rdi)\n fldt (%rdi)", "fstps 16(%rdi)", "fwait")
CASE(mf_inexact, UNMASKED_X87("0x20") "fldpi", "fstps 16(%rdi)", "fwait")
CASE(mf_stack_underflow, UNMASKED_X87("1"), "fstp %st", "fwait")
CASE(mf_at_mmx, UNMASKED_X87("4") "fld1\n fldz\n fdivrp", "movd %eax, %mm0", "emms")
CASE(xm_divide_by_zero, UNMASKED_MXCSR("0x200") "mov $1, %eax\n cvtsi2sd %eax, %xmm0\n pxor %xmm1, %xmm1", "divsd %xmm1, %xmm0", "")
CASE(xm_invalid, UNMASKED_MXCSR("0x80") "pxor %xmm0, %xmm0\n pxor %xmm1, %xmm1", "divps %xmm1, %xmm0", "")
CASE(xm_denormal, UNMASKED_MXCSR("0x100") "mov $1, %eax\n movd %eax, %xmm0", "addss %xmm0, %xmm0", "")
CASE(xm_overflow, UNMASKED_MXCSR("0x400") "mov $0x7f7fffff, %eax\n movd %eax, %xmm0", "mulss %xmm0, %xmm0", "")
CASE(xm_underflow, UNMASKED_MXCSR("0x800") "mov $0x00800001, %eax\n movd %eax, %xmm0", "mulss %xmm0, %xmm0", "")
CASE(xm_inexact, UNMASKED_MXCSR("0x1000") "mov $0x1000001, %eax", "cvtsi2ss %eax, %xmm0", "")
CASE(xm_comparison, UNMASKED_MXCSR("0x80") "pcmpeqd %xmm0, %xmm0", "comisd %xmm0, %xmm0", "")
CASE(ac_load, ALIGNMENT_CHECKED, "mov 1(%rdi), %eax", FLAGS_OFF)
CASE(ac_store, ALIGNMENT_CHECKED, "mov %rax, 4(%rdi)", FLAGS_OFF)
CASE(ac_locked, ALIGNMENT_CHECKED, "lock addl $1, 2(%rdi)", FLAGS_OFF)
CASE(ac_movups_is_exempt, ALIGNMENT_CHECKED, "movups 1(%rdi), %xmm0", FLAGS_OFF)
CASE(ac_fild, "fninit\n" ALIGNMENT_CHECKED, "fildll 4(%rdi)", FLAGS_OFF "fninit\n")

#define LINE(name) {#name, name, name##_at}
static const struct {
    const char *name;
    void (*run)(void *);
    char *at;
} cases[] = {
    LINE(de_div_by_zero), LINE(de_quotient_too_large), LINE(de_idiv_minimum), LINE(de_div_in_memory),
    LINE(db_int1), LINE(db_single_step), LINE(db_step_over_system_call), LINE(db_int_1),
    LINE(bp_int3), LINE(bp_int_3), LINE(of_int_4),
    LINE(ud_ud2), LINE(ud_ud1), LINE(ud_invalid_in_64_bit), LINE(ud_into), LINE(ud_lock_without_memory), LINE(ud_lock_on_a_load),
    LINE(ud_vex_after_66), LINE(ud_mov_to_cs),
    LINE(gp_hlt), LINE(gp_cli), LINE(gp_in), LINE(gp_out), LINE(gp_insb), LINE(gp_wrmsr), LINE(gp_rdmsr), LINE(gp_mov_from_cr0),
    LINE(gp_mov_to_cr3), LINE(gp_mov_to_dr7), LINE(gp_lgdt), LINE(gp_invlpg), LINE(gp_swapgs), LINE(gp_sysret), LINE(gp_int_33),
    LINE(gp_int_14), LINE(gp_read_non_canonical), LINE(gp_write_non_canonical), LINE(gp_call_non_canonical), LINE(gp_jmp_non_canonical),
    LINE(gp_ret_non_canonical), LINE(gp_last_byte_non_canonical), LINE(gp_misaligned_movaps), LINE(gp_misaligned_paddd),
    LINE(gp_misaligned_movntdq), LINE(gp_misaligned_fxsave), LINE(gp_mxcsr_reserved), LINE(gp_null_to_ss), LINE(gp_kernel_selector_to_ds),
    LINE(gp_selector_beyond_the_gdt), LINE(gp_far_return_to_kernel), LINE(gp_iret_to_kernel), LINE(gp_too_long), LINE(gp_xsetbv),
    LINE(ss_push_non_canonical), LINE(ss_load_by_rbp), LINE(ss_load_by_rsp), LINE(ss_misaligned_by_rbp),
    LINE(pf_read_null), LINE(pf_write_null), LINE(pf_execute_null), LINE(pf_read_unmapped), LINE(pf_write_unmapped),
    LINE(pf_read_modify_write_unmapped), LINE(pf_execute_unmapped), LINE(pf_read_no_access), LINE(pf_write_no_access), LINE(pf_read_across),
    LINE(pf_write_across_read_only), LINE(pf_write_read_only), LINE(pf_read_modify_write_read_only), LINE(pf_compare_exchange_read_only),
    LINE(pf_execute_data), LINE(pf_execute_read_only), LINE(pf_kernel_read), LINE(pf_kernel_write), LINE(pf_kernel_execute),
    LINE(pf_string_store), LINE(pf_push), LINE(pf_sse_load), LINE(pf_x87_store),
    LINE(mf_divide_by_zero), LINE(mf_invalid), LINE(mf_denormal), LINE(mf_overflow), LINE(mf_underflow), LINE(mf_inexact),
    LINE(mf_stack_underflow), LINE(mf_at_mmx),
    LINE(xm_divide_by_zero), LINE(xm_invalid), LINE(xm_denormal), LINE(xm_overflow), LINE(xm_underflow), LINE(xm_inexact), LINE(xm_comparison),
    LINE(ac_load), LINE(ac_store), LINE(ac_locked), LINE(ac_movups_is_exempt), LINE(ac_fild),
};

static struct {
    int signal, code;
    uint64_t address, vector, error, cr2, rip, flags;
} first;

static sigjmp_buf out;

static void on_signal(int number, siginfo_t *info, void *context) {
    greg_t *regs = ((ucontext_t *)context)->uc_mcontext.gregs;
    first.signal = number;
    first.code = info->si_code;
    first.address = (uint64_t)info->si_addr;
    first.vector = (uint64_t)regs[REG_TRAPNO];
    first.error = (uint64_t)regs[REG_ERR];
    first.cr2 = (uint64_t)regs[REG_CR2];
    first.rip = (uint64_t)regs[REG_RIP];
    first.flags = (uint64_t)regs[REG_EFL] & (TRAP_FLAG | ALIGNMENT_FLAG | 0x10000);
    siglongjmp(out, 1);
}

// Names of places instead of numbers that differ from run to run.
static const char *place(uint64_t linear, const char *at, const char *area) {
    static char text[4][40];
    static int next;
    char *result = text[next++ & 3];
    if (linear - (uint64_t)at + 16 < 48)
        snprintf(result, 40, "instruction%+ld", (long)(linear - (uint64_t)at));
    else if (linear - (uint64_t)area < 4 * PAGE)
        snprintf(result, 40, "area+%lx", linear - (uint64_t)area);
    else
        snprintf(result, 40, "%lx", linear);
    return result;
}

int main(void) {
    // writable, read-only, no access, nothing
    char *area = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    mprotect(area + PAGE, PAGE, PROT_READ);
    mprotect(area + 2 * PAGE, PAGE, PROT_NONE);
    munmap(area + 3 * PAGE, PAGE);
    static char stack[65536];
    stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
    sigaltstack(&alternate, NULL);
    struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    int numbers[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
    for (int i = 0; i < 5; i++)
        sigaction(numbers[i], &action, NULL);
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        memset(&first, 0, sizeof first);
        memset(area, 0, PAGE);
        volatile char touched = area[PAGE];
        (void)touched;
        if (!sigsetjmp(out, 1))
            cases[i].run(area);
        __asm__(FLAGS_OFF "fninit");
        unsigned mxcsr = 0x1f80;
        __asm__ volatile("ldmxcsr %0" ::"m"(mxcsr));
        if (!first.signal) {
            printf("%s: nothing\n", cases[i].name);
            continue;
        }
        printf("%s: signal %d code %d address %s vector %lu error %lx at %s flags %lx", cases[i].name, first.signal, first.code,
               place(first.address, cases[i].at, area), first.vector, first.error, place(first.rip, cases[i].at, area), first.flags);
        if (first.vector == 14)
            printf(" cr2 %s", place(first.cr2, cases[i].at, area));
        putchar('\n');
    }
    return 0;
}
