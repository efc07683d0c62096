// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// seccomp: strict mode, filters, their actions, who has them.
#define EXECUTED
#include "suite.h"
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define IF(value) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1)
#define GIVE(action) BPF_STMT(BPF_RET | BPF_K, action)

static long install(struct sock_filter *code, int count, int flags) {
    struct sock_fprog program = {count, code};
    OK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
}

// This call has this result from now on, all others are allowed.
static void rule(int number, unsigned action) {
    struct sock_filter code[] = {LOAD(nr), IF(number), GIVE(action), GIVE(SECCOMP_RET_ALLOW)};
    EQUAL(install(code, 4, 0), 0);
}

CASE(strict_lets_read_and_write) {
    int pipes[2], status;
    OK(pipe(pipes));
    pid_t pid;
    CHILD(pid) {
        OK(prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT));
        char byte = 'x';
        write(pipes[1], &byte, 1);
        read(pipes[0], &byte, 1);
        syscall(SYS_exit, byte == 'x' ? 5 : 6);
    }
    EXITS(pid, 5);
}

CASE(strict_kills) {
    int status;
    pid_t pid;
    CHILD(pid) {
        OK(syscall(SYS_seccomp, SECCOMP_SET_MODE_STRICT, 0, NULL));
        syscall(SYS_getpid);
        syscall(SYS_exit, 1);
    }
    EQUAL(suite_wait(pid, &status), pid);
    EQUAL(status & 0x7f, SIGKILL);
}

CASE(filter_gives_an_error) {
    rule(SYS_getppid, SECCOMP_RET_ERRNO | 77);
    FAILS(syscall(SYS_getppid), 77);
    EQUAL(syscall(SYS_getpid), getpid());
    EQUAL(prctl(PR_GET_SECCOMP), SECCOMP_MODE_FILTER);
    FAILS(prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT), EINVAL);
}

CASE(filter_of_delegated_calls) {
    rule(SYS_uname, SECCOMP_RET_ERRNO | EPERM);
    char buffer[1000];
    FAILS(syscall(SYS_uname, buffer), EPERM);
}

CASE(filter_sees_arguments) {
    struct sock_filter code[] = {
        LOAD(nr), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_kill, 0, 5), LOAD(args[1]), IF(33), GIVE(SECCOMP_RET_ERRNO | 1),
        LOAD(args[0]), BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 1000000000, 1, 0), GIVE(SECCOMP_RET_ALLOW), GIVE(SECCOMP_RET_ERRNO | 2)};
    EQUAL(install(code, 9, 0), 0);
    FAILS(syscall(SYS_kill, getpid(), 33), 1);
    FAILS(syscall(SYS_kill, -1, 0), 2);
    EQUAL(syscall(SYS_kill, getpid(), 0), 0);
}

CASE(filter_computes) {
    struct sock_filter code[] = {
        LOAD(nr), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getpriority, 1, 0), GIVE(SECCOMP_RET_ALLOW),
        LOAD(args[0]), BPF_STMT(BPF_ALU | BPF_MUL | BPF_K, 3), BPF_STMT(BPF_ST, 5), LOAD(args[1]), BPF_STMT(BPF_MISC | BPF_TAX, 0),
        BPF_STMT(BPF_LD | BPF_MEM, 5), BPF_STMT(BPF_ALU | BPF_ADD | BPF_X, 0), BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 1),
        BPF_STMT(BPF_ALU | BPF_XOR | BPF_K, 8), BPF_STMT(BPF_ALU | BPF_OR | BPF_K, SECCOMP_RET_ERRNO), BPF_STMT(BPF_RET | BPF_A, 0)};
    EQUAL(install(code, 14, 0), 0);
    FAILS(syscall(SYS_getpriority, 10, 20), 25 ^ 8);
    FAILS(syscall(SYS_getpriority, 0, 6), 3 ^ 8);
}

static volatile siginfo_t trapped;

static void on_trap(int number, siginfo_t *info, void *context) {
    *(siginfo_t *)&trapped = *info;
    ((ucontext_t *)context)->uc_mcontext.gregs[REG_RAX] = 4711;
}

CASE(filter_traps) {
    handle_info(SIGSYS, on_trap, 0);
    rule(SYS_getppid, SECCOMP_RET_TRAP | 12);
    EQUAL(syscall(SYS_getppid), 4711);
    EQUAL(trapped.si_signo, SIGSYS);
    EQUAL(trapped.si_code, 1);
    EQUAL(trapped.si_errno, 12);
    EQUAL(trapped.si_syscall, SYS_getppid);
    EQUAL(trapped.si_arch, AUDIT_ARCH_X86_64);
    EQUAL(memcmp((char *)trapped.si_call_addr - 2, "\x0f\x05", 2), 0);
}

CASE(filter_kills) {
    int status;
    unsigned actions[] = {SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD, SECCOMP_RET_TRAP};
    for (int i = 0; i < 3; i++) {
        pid_t pid;
        CHILD(pid) {
            rule(SYS_getppid, actions[i]);
            syscall(SYS_getppid);
        }
        EQUAL(suite_wait(pid, &status), pid);
        EQUAL(status & 0x7f, SIGSYS);
    }
}

CASE(filter_kills_one_thread) {
    void *body(void *argument) {
        rule(SYS_getppid, SECCOMP_RET_KILL_THREAD);
        cell[0] = syscall(SYS_gettid);
        syscall(SYS_getppid);
        cell[1] = 1;
        return NULL;
    }
    pthread_t thread = started(body, NULL);
    UNTIL(cell[0]);
    UNTIL(syscall(SYS_tgkill, getpid(), cell[0], 0) == -1 && errno == ESRCH);
    EQUAL(cell[1], 0);
    EQUAL(syscall(SYS_getppid), getppid());
}

CASE(filter_without_tracer) {
    rule(SYS_getppid, SECCOMP_RET_TRACE | 1);
    FAILS(syscall(SYS_getppid), ENOSYS);
}

CASE(filters_are_stricter_together) {
    rule(SYS_getppid, SECCOMP_RET_ERRNO | 3);
    rule(SYS_getppid, SECCOMP_RET_ALLOW);
    FAILS(syscall(SYS_getppid), 3);
    rule(SYS_getppid, SECCOMP_RET_ERRNO | 4);
    FAILS(syscall(SYS_getppid), 4);
}

CASE(filter_is_inherited) {
    rule(SYS_getppid, SECCOMP_RET_ERRNO | 5);
    void *body(void *argument) {
        FAILS(syscall(SYS_getppid), 5);
        return NULL;
    }
    joined(started(body, NULL));
    pid_t pid;
    CHILD(pid) { FAILS(syscall(SYS_getppid), 5); }
    EXITS(pid, 0);
}

CASE(filter_survives_execve) {
    rule(SYS_getppid, SECCOMP_RET_ERRNO | 6);
    pid_t pid;
    char self[4096] = "";
    OK(readlink("/proc/self/exe", self, sizeof self - 1));
    CHILD(pid) { execl(self, "seccomp", "-x", NULL); }
    EXITS(pid, 6);
}

CASE(filter_for_all_threads) {
    void *body(void *argument) {
        cell[0] = 1;
        UNTIL(cell[1]);
        FAILS(syscall(SYS_getppid), 7);
        return NULL;
    }
    pthread_t thread = started(body, NULL);
    UNTIL(cell[0]);
    struct sock_filter code[] = {LOAD(nr), IF(SYS_getppid), GIVE(SECCOMP_RET_ERRNO | 7), GIVE(SECCOMP_RET_ALLOW)};
    EQUAL(install(code, 4, SECCOMP_FILTER_FLAG_TSYNC), 0);
    cell[1] = 1;
    joined(thread);
}

CASE(filter_needs_privilege) {
    struct sock_filter code[] = {GIVE(SECCOMP_RET_ALLOW)};
    struct sock_fprog program = {1, code};
    OK(setresuid(1000, 1000, 1000));
    FAILS(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program), EACCES);
    FAILS(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), EACCES);
    OK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    OK(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program));
}

CASE(filter_errors) {
    struct sock_filter none[] = {LOAD(nr)}, jump[] = {BPF_STMT(BPF_JMP | BPF_JA, 1), GIVE(SECCOMP_RET_ALLOW)},
                       odd[] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 2), GIVE(0)}, far[] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 64), GIVE(0)},
                       half[] = {BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 0), GIVE(0)}, zero[] = {BPF_STMT(BPF_ALU | BPF_DIV | BPF_K, 0), GIVE(0)},
                       memory[] = {BPF_STMT(BPF_ST, 16), GIVE(0)}, modulo[] = {BPF_STMT(BPF_ALU | BPF_MOD | BPF_K, 3), GIVE(0)};
    FAILS(install(none, 1, 0), EINVAL);
    FAILS(install(jump, 2, 0), EINVAL);
    FAILS(install(odd, 2, 0), EINVAL);
    FAILS(install(far, 2, 0), EINVAL);
    FAILS(install(half, 2, 0), EINVAL);
    FAILS(install(zero, 2, 0), EINVAL);
    FAILS(install(memory, 2, 0), EINVAL);
    FAILS(install(modulo, 2, 0), EINVAL);
    FAILS(install(none, 0, 0), EINVAL);
    FAILS(install(NULL, 1, 0), EINVAL);
    FAILS(install((struct sock_filter *)8, 1, 0), EFAULT);
    FAILS(install(none, 1, 0x8000), EINVAL);
    FAILS(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, NULL), EFAULT);
    FAILS(syscall(SYS_seccomp, SECCOMP_SET_MODE_STRICT, 1, NULL), EINVAL);
    FAILS(syscall(SYS_seccomp, 99, 0, NULL), EINVAL);
    unsigned action = SECCOMP_RET_ERRNO;
    EQUAL(syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action), 0);
    action = 0x12340000;
    FAILS(syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action), EOPNOTSUPP);
    EQUAL(prctl(PR_GET_SECCOMP), 0);
}

int program(int argc, char **argv) {
    return syscall(SYS_getppid) == -1 ? errno : 0;
}
