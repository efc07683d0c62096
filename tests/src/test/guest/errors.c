// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// System calls that must fail, and how.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define TRY(name, ...) \
    do { \
        errno = 0; \
        long result = syscall(SYS_##name, __VA_ARGS__); \
        printf("%s(%s) = %s %s\n", #name, #__VA_ARGS__, result < 0 ? "-1" : "ok", strerror(errno)); \
    } while (0)

static char page[8192] __attribute__((aligned(4096)));
#define BAD ((void *)16)
#define KERNEL ((void *)0xffff888000000000ul)

int main(void) {
    mprotect(page + 4096, 4096, PROT_NONE);
    TRY(read, -1, page, 1);
    TRY(read, 0, BAD, 0);
    TRY(write, 1, BAD, 1);
    TRY(write, 1, KERNEL, 1);
    TRY(write, 999, page, 1);
    TRY(open, "/nonexistent", O_RDONLY);
    TRY(open, BAD, O_RDONLY);
    TRY(open, KERNEL, O_RDONLY);
    TRY(open, "/etc/passwd/x", O_RDONLY);
    TRY(open, "", O_RDONLY);
    TRY(close, 12345);
    TRY(lseek, 1, 0, 77);
    TRY(stat, "/", BAD);
    TRY(fstat, 999, page);
    TRY(getdents64, 1, page, 100);
    TRY(mmap, 0, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    TRY(mmap, 1, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    TRY(mmap, 0, 4096, PROT_READ, MAP_PRIVATE, 999, 0);
    TRY(mmap, 0, 4096, PROT_READ, MAP_PRIVATE, 0, 1);
    TRY(mmap, 0, 4096, PROT_READ, 0, 0, 0);
    TRY(mmap, 0, -4096L, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    TRY(munmap, 1, 4096);
    TRY(munmap, page, 0);
    TRY(mprotect, 1, 4096, PROT_READ);
    TRY(mprotect, 0x10000000000, 4096, PROT_READ);
    TRY(mremap, 0x10000000000, 4096, 8192, 1, 0);
    TRY(madvise, page, 4096, 12345);
    TRY(kill, 0x3fffffff, 0);
    TRY(kill, getpid(), 77);
    TRY(tgkill, getpid(), 0x3fffffff, 0);
    TRY(rt_sigaction, SIGKILL, 0, page, 8);
    TRY(rt_sigaction, 65, 0, 0, 8);
    TRY(rt_sigaction, SIGUSR1, page, 0, 4);
    TRY(rt_sigprocmask, 77, page, 0, 8);
    TRY(wait4, -1, 0, 0, 0);
    TRY(wait4, 1, 0, 0x100000, 0);
    TRY(execve, "/nonexistent", 0, 0);
    TRY(execve, "/etc/passwd", 0, 0);
    TRY(execve, "/", 0, 0);
    TRY(execve, BAD, 0, 0);
    TRY(nanosleep, BAD, 0);
    TRY(clock_gettime, 77, page);
    TRY(clock_gettime, 0, KERNEL);
    TRY(gettimeofday, KERNEL, 0);
    TRY(futex, page, 127, 0, 0, 0, 0);
    TRY(futex, page + 1, 0, 0, 0, 0, 0);
    TRY(futex, page, 0, 5, 0, 0, 0);
    TRY(futex, 16, 0, 0, 0, 0, 0);
    TRY(clone, 0x00010000 | 0x00000800, 0, 0, 0, 0);
    TRY(sched_setaffinity, 0, 8, BAD);
    TRY(sched_getaffinity, 0, 1, page);
    TRY(sched_getscheduler, 0x3fffffff);
    TRY(setpgid, 0, 0x3fffffff);
    TRY(getsid, 0x3fffffff);
    TRY(ioctl, 1, 0x12345678, 0);
    TRY(ioctl, 999, TIOCGWINSZ, page);
    TRY(fcntl, 1, 9999, 0);
    TRY(dup2, 999, 5);
    TRY(dup3, 1, 1, 0);
    TRY(pipe, BAD);
    TRY(pipe2, page, 0x12345);
    TRY(poll, BAD, 1, 0);
    TRY(select, -1, 0, 0, 0, 0);
    TRY(socket, 77, 1, 0);
    TRY(connect, 1, page, 8);
    TRY(mkdir, "/proc/nope", 0777);
    TRY(rmdir, "/");
    TRY(unlink, "/proc");
    TRY(rename, "/nonexistent", "/tmp/x");
    TRY(readlink, "/", page, 10);
    TRY(chdir, "/etc/passwd");
    TRY(getcwd, page, 1);
    TRY(truncate, "/nonexistent", 5);
    TRY(getrlimit, 99, page);
    TRY(setrlimit, 7, BAD);
    TRY(prctl, 99999, 0, 0, 0, 0);
    TRY(arch_prctl, 0x9999, 0);
    TRY(arch_prctl, 0x1002, KERNEL);
    TRY(set_tid_address, 0);
    TRY(sigaltstack, page, page + 4090);
    TRY(mincore, 16, 1, page);
    TRY(brk, 16);
    TRY(getrandom, BAD, 8, 0);
    TRY(getrandom, page, 8, 0xff);
    TRY(uname, BAD);
    TRY(sysinfo, KERNEL);
    TRY(times, BAD);
    TRY(getrusage, 55, page);
    TRY(setitimer, 9, page, 0);
    TRY(timer_settime, 99, 0, page, 0);
    TRY(splice, 1, 0, 1, 0, 1, 0);
    TRY(openat, -5, "x", O_RDONLY);
    TRY(newfstatat, AT_FDCWD, "/", page, 0x999);
    TRY(restart_syscall, 0);
    long unknown = syscall(9999);
    printf("unknown call %ld %s\n", unknown, strerror(errno));
    return 0;
}
