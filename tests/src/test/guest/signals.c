// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Delivery, masks, stacks, interruption, timers.
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t count, last, on_stack, value;
static char stack[65536];

static void handler(int signal) {
    count++;
    last = signal;
    char here;
    on_stack = &here >= stack && &here < stack + sizeof stack;
}

static void details(int signal, siginfo_t *info, void *context) {
    (void)context;
    handler(signal);
    value = info->si_code == SI_QUEUE && info->si_pid == getpid() ? info->si_value.sival_int : -1;
}

static void install(int signal, int flags) {
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
    sigaction(signal, &action, NULL);
}

int main(void) {
    install(SIGUSR1, 0);
    raise(SIGUSR1);
    printf("raise %d %d\n", count, last);
    sigset_t set, old, pending;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGRTMIN);
    sigprocmask(SIG_BLOCK, &set, &old);
    install(SIGRTMIN, 0);
    for (int i = 0; i < 3; i++)
        raise(SIGUSR1), raise(SIGRTMIN);
    sigpending(&pending);
    printf("blocked %d pending %d %d\n", count, sigismember(&pending, SIGUSR1), sigismember(&pending, SIGUSR2));
    sigprocmask(SIG_SETMASK, &old, NULL);
    printf("unblocked %d\n", count);
    stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
    sigaltstack(&alternate, NULL);
    install(SIGUSR2, SA_ONSTACK | SA_RESETHAND);
    raise(SIGUSR2);
    struct sigaction now;
    sigaction(SIGUSR2, NULL, &now);
    printf("alternate stack %d, reset %d\n", on_stack, now.sa_handler == SIG_DFL);
    struct sigaction action = {.sa_sigaction = details, .sa_flags = SA_SIGINFO};
    sigaction(SIGRTMIN + 1, &action, NULL);
    sigqueue(getpid(), SIGRTMIN + 1, (union sigval){.sival_int = 1234});
    printf("queued value %d\n", value);
    install(SIGALRM, 0);
    struct itimerval timer = {.it_value.tv_usec = 20000};
    struct itimerval repeated = {timer.it_value, timer.it_value}, off = {{0, 0}, {0, 0}};
    int ends[2];
    if (pipe(ends))
        return 1;
    setitimer(ITIMER_REAL, &repeated, NULL); // again and again: the first may come before the call
    char byte;
    ssize_t got = read(ends[0], &byte, 1);
    printf("interrupted %zd %s, signal %d\n", got, strerror(errno), last);
    setitimer(ITIMER_REAL, &off, NULL);
    install(SIGALRM, SA_RESTART);
    if (fork() == 0) {
        usleep(100000);
        (void)!write(ends[1], "z", 1);
        _exit(0);
    }
    setitimer(ITIMER_REAL, &timer, NULL);
    got = read(ends[0], &byte, 1);
    printf("restarted %zd %c\n", got, byte);
    wait(NULL);
    sigset_t wanted;
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGTERM);
    sigprocmask(SIG_BLOCK, &wanted, NULL);
    pid_t self = getpid();
    if (fork() == 0) {
        kill(self, SIGTERM);
        _exit(0);
    }
    siginfo_t info;
    printf("sigwaitinfo %d\n", sigwaitinfo(&wanted, &info));
    wait(NULL);
    struct timespec none = {0, 1000000};
    got = sigtimedwait(&wanted, NULL, &none);
    printf("sigtimedwait %zd %s\n", got, strerror(errno));
    signal(SIGPIPE, SIG_IGN);
    close(ends[0]);
    got = write(ends[1], "x", 1);
    printf("broken pipe %zd %s\n", got, strerror(errno));
    fflush(stdout);
    signal(SIGPIPE, SIG_DFL);
    (void)!write(ends[1], "x", 1);
    return 1;
}
