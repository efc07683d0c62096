// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Traces children of its own by most requests of ptrace(2) and prints what it sees.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile long watched;
static int status;

static void show(const char *what, long result) {
    printf("%s: %ld %s\n", what, result, result < 0 ? strerror(errno) : "");
}

static pid_t wait_for(pid_t child) {
    pid_t pid = waitpid(child, &status, __WALL);
    printf("  wait: %s status %x\n", pid == child ? "child" : pid < 0 ? strerror(errno) : "other", status);
    return pid;
}

static pid_t traced(void (*body)(void)) {
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        ptrace(PTRACE_TRACEME, 0, 0, 0);
        raise(SIGSTOP);
        body();
        _exit(7);
    }
    wait_for(child);
    return child;
}

static void calls(void) {
    syscall(SYS_getppid);
    write(-1, "abc", 3);
}

static void touch(void) {
    watched = 1;
    watched = 2;
}

static void on_usr1(int signal) {
    watched = signal;
}

static void signals(void) {
    signal(SIGUSR1, on_usr1);
    raise(SIGUSR1);
    _exit(watched == SIGUSR2 ? 1 : watched == SIGUSR1 ? 2 : 3);
}

static void families(void) {
    int s;
    if (fork() == 0) {
        _exit(4);
    }
    wait(&s);
    if (vfork() == 0) {
        _exit(5);
    }
    wait(&s);
    execl("/bin/true", "true", (char *)0);
}

static void *idle(void *arg) {
    return arg;
}

static void threads(void) {
    pthread_t t;
    pthread_create(&t, 0, idle, 0);
    pthread_join(t, 0);
}

static void test_calls(void) {
    pid_t child = traced(calls);
    struct user_regs_struct regs;
    show("options", ptrace(PTRACE_SETOPTIONS, child, 0, PTRACE_O_TRACESYSGOOD));
    show("bad options", ptrace(PTRACE_SETOPTIONS, child, 0, 0x7000000));
    for (;;) {
        ptrace(PTRACE_SYSCALL, child, 0, 0);
        wait_for(child);
        if (!WIFSTOPPED(status)) {
            return;
        }
        char info[96] = {0};
        long size = ptrace(0x420e, child, sizeof info, info);
        ptrace(PTRACE_GETREGS, child, 0, &regs);
        unsigned long message = 0;
        ptrace(PTRACE_GETEVENTMSG, child, 0, &message);
        siginfo_t si;
        ptrace(PTRACE_GETSIGINFO, child, 0, &si);
        printf("  call %lld op %d size %ld message %lu code %x", (long long)regs.orig_rax, info[0], size, message, si.si_code);
        if (regs.orig_rax == SYS_getppid) {
            printf(info[0] == 1 ? " rax %lld" : "", (long long)regs.rax);
        } else {
            printf(" rax %lld", (long long)regs.rax);
        }
        printf(" cs %llx ss %llx ds %llx\n", (long long)regs.cs, (long long)regs.ss, (long long)regs.ds);
        if (regs.orig_rax == SYS_write && info[0] == 1) {
            char text[4] = {0};
            struct iovec local = {text, 3}, remote = {(void *)regs.rsi, 3};
            show("process_vm_readv", process_vm_readv(child, &local, 1, &remote, 1, 0));
            printf("  text %s\n", text);
        }
    }
}

static void test_registers(void) {
    pid_t child = traced(calls);
    struct user_regs_struct regs, set;
    struct iovec vector = {&set, sizeof set};
    memset(&set, 1, sizeof set);
    show("getregs", ptrace(PTRACE_GETREGS, child, 0, &regs));
    show("getregset", ptrace(PTRACE_GETREGSET, child, 1, &vector));
    printf("  same %d size %zu\n", memcmp(&regs, &set, sizeof set) == 0, vector.iov_len);
    errno = 0;
    long rip = ptrace(PTRACE_PEEKUSER, child, offsetof(struct user_regs_struct, rip), 0);
    printf("  rip %d errno %d\n", rip == (long)regs.rip, errno);
    struct user_fpregs_struct fp;
    show("getfpregs", ptrace(PTRACE_GETFPREGS, child, 0, &fp));
    printf("  cwd %x mxcsr %x\n", fp.cwd, fp.mxcsr);
    fp.xmm_space[4] = 0x1234;
    show("setfpregs", ptrace(PTRACE_SETFPREGS, child, 0, &fp));
    unsigned char xstate[4096];
    vector.iov_base = xstate;
    vector.iov_len = sizeof xstate;
    show("xstate", ptrace(PTRACE_GETREGSET, child, 0x202, &vector));
    printf("  xmm1 %x large %d\n", *(int *)(xstate + 160 + 16), vector.iov_len >= 576);
    vector.iov_len = 100;
    show("odd length", ptrace(PTRACE_GETREGSET, child, 1, &vector));
    show("unknown set", ptrace(PTRACE_GETREGSET, child, 0x777, &vector));
    regs.cs = 0;
    show("bad cs", ptrace(PTRACE_SETREGS, child, 0, &regs));
    show("peek nowhere", ptrace(PTRACE_PEEKDATA, child, 8, 0));
    show("user odd", ptrace(PTRACE_PEEKUSER, child, 3, 0));
    show("bad request", ptrace(0x5555, child, 0, 0));
    show("listen", ptrace(PTRACE_LISTEN, child, 0, 0));
    show("interrupt", ptrace(PTRACE_INTERRUPT, child, 0, 0));
    show("attach twice", ptrace(PTRACE_ATTACH, child, 0, 0));
    show("bad signal", ptrace(PTRACE_CONT, child, 0, 99));
    show("kill", ptrace(PTRACE_KILL, child, 0, 0));
    wait_for(child);
    show("gone", ptrace(PTRACE_CONT, child, 0, 0));
}

static void test_breakpoint(void) {
    pid_t child = traced(touch);
    long at = (long)touch;
    errno = 0;
    long word = ptrace(PTRACE_PEEKTEXT, child, at, 0);
    show("poke", ptrace(PTRACE_POKETEXT, child, at, (word & ~0xFFL) | 0xCC));
    ptrace(PTRACE_CONT, child, 0, 0);
    wait_for(child);
    struct user_regs_struct regs;
    ptrace(PTRACE_GETREGS, child, 0, &regs);
    siginfo_t si;
    ptrace(PTRACE_GETSIGINFO, child, 0, &si);
    printf("  at %lld code %x\n", (long long)regs.rip - at, si.si_code);
    ptrace(PTRACE_POKETEXT, child, at, word);
    regs.rip = at;
    show("setregs", ptrace(PTRACE_SETREGS, child, 0, &regs));
    for (int i = 0; i < 3; i++) {
        ptrace(PTRACE_SINGLESTEP, child, 0, 0);
        wait_for(child);
        ptrace(PTRACE_GETSIGINFO, child, 0, &si);
        ptrace(PTRACE_GETREGS, child, 0, &regs);
        printf("  step %lld code %x flags %llx\n", (long long)regs.rip - at, si.si_code, (long long)regs.eflags & 0x100);
    }
    ptrace(PTRACE_CONT, child, 0, 0);
    wait_for(child);
}

static void test_watchpoint(void) {
    pid_t child = traced(touch);
    size_t debug = offsetof(struct user, u_debugreg);
    show("address", ptrace(PTRACE_POKEUSER, child, debug, &watched));
    show("enable", ptrace(PTRACE_POKEUSER, child, debug + 7 * 8, 0x000D0001L));
    for (int i = 0; i < 2; i++) {
        ptrace(PTRACE_CONT, child, 0, 0);
        wait_for(child);
        siginfo_t si;
        ptrace(PTRACE_GETSIGINFO, child, 0, &si);
        long value = ptrace(PTRACE_PEEKDATA, child, &watched, 0);
        long hit = ptrace(PTRACE_PEEKUSER, child, debug + 6 * 8, 0);
        printf("  watched %ld code %x hit %lx\n", value, si.si_code, hit & 15);
    }
    show("detach", ptrace(PTRACE_DETACH, child, 0, 0));
    wait_for(child);
}

static void test_signals(int deliver) {
    pid_t child = traced(signals);
    ptrace(PTRACE_CONT, child, 0, 0);
    wait_for(child);
    siginfo_t si;
    ptrace(PTRACE_GETSIGINFO, child, 0, &si);
    printf("  signal %d code %d from %d\n", si.si_signo, si.si_code, si.si_pid == child);
    show("cont", ptrace(PTRACE_CONT, child, 0, deliver));
    wait_for(child);
}

static const char *who(pid_t pid, pid_t child) {
    return pid == child ? "child" : "grandchild";
}

/** Only what each process sees in its own order. A thread's status is that of its process if that has ended before the wait. */
static void test_events(void (*body)(void), long options) {
    pid_t child = traced(body);
    char own[4096] = "", others[4096] = "";
    show("options", ptrace(PTRACE_SETOPTIONS, child, 0, options));
    ptrace(PTRACE_CONT, child, 0, 0);
    pid_t pid;
    while ((pid = waitpid(-1, &status, __WALL)) > 0) {
        unsigned long message = 0;
        int stopped = WIFSTOPPED(status);
        if (stopped) {
            ptrace(PTRACE_GETEVENTMSG, pid, 0, &message);
        }
        int exiting = stopped && status >> 16 == PTRACE_EVENT_EXIT;
        char *text = pid == child ? own : others;
        if (body == threads && pid != child && !stopped) {
            status = 0;
        }
        sprintf(text + strlen(text), "  %s status %x message %lx\n", who(pid, child), status,
            exiting ? message : message != 0 && stopped);
        if (stopped) {
            int sig = WSTOPSIG(status);
            ptrace(PTRACE_CONT, pid, 0, sig == SIGTRAP || sig == SIGSTOP ? 0 : sig);
        }
    }
    printf("%s%s", own, others);
}

static void test_seize(void) {
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        for (;;) {
            pause();
        }
    }
    show("seize", ptrace(PTRACE_SEIZE, child, 0, PTRACE_O_TRACESYSGOOD));
    show("interrupt", ptrace(PTRACE_INTERRUPT, child, 0, 0));
    wait_for(child);
    siginfo_t si;
    show("siginfo", ptrace(PTRACE_GETSIGINFO, child, 0, &si));
    ptrace(PTRACE_CONT, child, 0, 0);
    kill(child, SIGSTOP);
    wait_for(child);
    ptrace(PTRACE_CONT, child, 0, SIGSTOP);
    wait_for(child);
    show("listen", ptrace(PTRACE_LISTEN, child, 0, 0));
    show("while listening", ptrace(PTRACE_CONT, child, 0, 0));
    kill(child, SIGCONT);
    wait_for(child);
    ptrace(PTRACE_CONT, child, 0, 0);
    wait_for(child);
    ptrace(PTRACE_CONT, child, 0, SIGCONT);
    kill(child, SIGSTOP);
    wait_for(child);
    ptrace(PTRACE_CONT, child, 0, SIGSTOP);
    wait_for(child);
    kill(child, SIGCONT);
    show("listen late", ptrace(PTRACE_LISTEN, child, 0, 0));
    wait_for(child);
    ptrace(PTRACE_CONT, child, 0, 0);
    wait_for(child);
    memset(&si, 0, sizeof si);
    ptrace(PTRACE_CONT, child, 0, 0);
    kill(child, SIGTERM);
    show("waitid", waitid(P_PID, child, &si, WSTOPPED | WEXITED));
    printf("  code %d status %d signal %d\n", si.si_code, si.si_status, si.si_signo);
    ptrace(PTRACE_CONT, child, 0, SIGTERM);
    wait_for(child);
    show("attach nobody", ptrace(PTRACE_ATTACH, child, 0, 0));
    show("attach self", ptrace(PTRACE_ATTACH, getpid(), 0, 0));
}

static void test_attach(void) {
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        for (;;) {
            pause();
        }
    }
    show("attach", ptrace(PTRACE_ATTACH, child, 0, 0));
    wait_for(child);
    show("nothing else", waitpid(child, &status, WNOHANG | __WALL));
    show("detach", ptrace(PTRACE_DETACH, child, 0, 0));
    kill(child, SIGUSR1);
    wait_for(child);
}

int main(void) {
    test_calls();
    test_registers();
    test_breakpoint();
    test_watchpoint();
    test_signals(SIGUSR1);
    test_signals(0);
    test_signals(SIGUSR2);
    test_events(families, PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACEVFORKDONE | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEEXIT);
    test_events(families, 0);
    test_events(threads, PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXIT);
    test_seize();
    test_attach();
    return 0;
}
