// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// signalfd: signals of the process itself, of children, with values, while poll waits; masks, errors, descriptors that are closed.
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static int file;

static void show(void) {
    struct signalfd_siginfo info;
    struct pollfd poller = {file, POLLIN, 0};
    poll(&poller, 1, 5000);
    memset(&info, 0x55, sizeof info);
    ssize_t n = read(file, &info, sizeof info);
    if (n != sizeof info) {
        printf("read %zd %s\n", n, n < 0 ? strerror(errno) : "");
        return;
    }
    printf("signal %u code %d errno %d pid %s uid %u status %d int %d overrun %u\n", info.ssi_signo, info.ssi_code, info.ssi_errno,
        info.ssi_pid == 0 ? "none" : info.ssi_pid == (unsigned)getpid() ? "own" : "other", info.ssi_uid - getuid(), info.ssi_status,
        info.ssi_int, info.ssi_overrun);
}

static void handler(int signal) {
    printf("handler %d\n", signal);
}

int main(void) {
    sigset_t set, usr2;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGCHLD);
    sigaddset(&set, SIGALRM);
    sigaddset(&set, SIGRTMIN + 1);
    sigaddset(&set, SIGKILL);
    sigprocmask(SIG_BLOCK, &set, NULL);
    signal(SIGUSR2, handler);
    kill(getpid(), SIGUSR1); // before there is a descriptor
    file = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    printf("descriptor %d\n", file);
    show();
    show();
    kill(getpid(), SIGUSR1);
    raise(SIGUSR2);
    show();
    for (int i = 0; i < 3; i++) {
        sigqueue(getpid(), SIGRTMIN + 1, (union sigval){.sival_int = 100 + i});
    }
    for (int i = 0; i < 3; i++) {
        show();
    }
    pid_t child = fork();
    if (child == 0) {
        _exit(3);
    }
    show();
    int status;
    child = waitpid(child, &status, 0) == child;
    printf("waited %d %d\n", child, WEXITSTATUS(status));
    child = fork();
    if (child == 0) {
        usleep(20000);
        kill(getppid(), SIGUSR1);
        pause();
    }
    show();
    kill(child, SIGKILL);
    show();
    waitpid(child, &status, 0);
    struct itimerval timer = {{0, 0}, {0, 20000}};
    setitimer(ITIMER_REAL, &timer, NULL);
    show();
    sigemptyset(&usr2);
    sigaddset(&usr2, SIGUSR2);
    printf("changed %d\n", signalfd(file, &usr2, 0) == file);
    sigprocmask(SIG_BLOCK, &usr2, NULL);
    raise(SIGUSR2);
    show();
    printf("bad descriptor %d", signalfd(99, &set, 0));
    printf(" %d\n", errno);
    printf("no signalfd %d", signalfd(1, &set, 0));
    printf(" %d\n", errno);
    printf("flags %d", signalfd(-1, &set, 1));
    printf(" %d\n", errno);
    int copy = dup(file);
    close(file);
    file = copy;
    raise(SIGUSR2);
    show();
    close(file);
    raise(SIGUSR2);
    struct timespec limit = {5, 0};
    printf("taken %d\n", sigtimedwait(&usr2, NULL, &limit) == SIGUSR2);
    raise(SIGUSR2);
    sigprocmask(SIG_UNBLOCK, &usr2, NULL);
    return 0;
}
