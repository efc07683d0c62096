// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Clocks, sleeping, resource usage, credentials, limits, priorities, prctl.
#include "suite.h"
#include <grp.h>
#include <sys/fsuid.h>
#include <sys/sysinfo.h>

static long time_now(void) {
    return syscall(SYS_time, NULL);
}

static long long nanoseconds(clockid_t clock) {
    struct timespec time;
    OK(clock_gettime(clock, &time));
    return time.tv_sec * 1000000000ll + time.tv_nsec;
}

CASE(clocks_advance) {
    static const int clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_MONOTONIC_RAW, CLOCK_BOOTTIME, CLOCK_TAI};
    for (int i = 0; i < 5; i++) {
        long long before = nanoseconds(clocks[i]);
        suite_pause(2);
        TRUE(nanoseconds(clocks[i]) - before >= 1900000);
    }
}

CASE(clocks_never_go_back) {
    long long last = 0;
    for (int i = 0; i < 3000; i++) {
        long long now = nanoseconds(CLOCK_MONOTONIC);
        TRUE(now >= last);
        last = now;
    }
}

CASE(clocks_by_call_and_by_vdso_agree) {
    struct timespec time;
    long long before = nanoseconds(CLOCK_MONOTONIC);
    OK(syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &time));
    long long call = time.tv_sec * 1000000000ll + time.tv_nsec, after = nanoseconds(CLOCK_MONOTONIC);
    TRUE(before <= call && call <= after);
    struct timeval old;
    OK(syscall(SYS_gettimeofday, &old, NULL));
    BETWEEN(old.tv_sec - time_now(), -2, 2);
}

CASE(clocks_of_cpu_time) {
    long long process = nanoseconds(CLOCK_PROCESS_CPUTIME_ID), thread = nanoseconds(CLOCK_THREAD_CPUTIME_ID);
    for (volatile int i = 0; i < 1000000; i++)
        ;
    TRUE(nanoseconds(CLOCK_PROCESS_CPUTIME_ID) > process);
    TRUE(nanoseconds(CLOCK_THREAD_CPUTIME_ID) > thread);
    process = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);
    suite_pause(50);
    TRUE(nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - process < 40000000);
}

CASE(clocks_of_others) {
    clockid_t clock;
    struct timespec time;
    EQUAL(clock_getcpuclockid(getpid(), &clock), 0);
    OK(clock_gettime(clock, &time));
    EQUAL(pthread_getcpuclockid(pthread_self(), &clock), 0);
    OK(clock_gettime(clock, &time));
}

CASE(clock_resolutions) {
    struct timespec time;
    for (int clock = CLOCK_REALTIME; clock <= CLOCK_BOOTTIME; clock++) {
        OK(clock_getres(clock, &time));
        TRUE(time.tv_sec == 0 && time.tv_nsec > 0);
    }
    OK(syscall(SYS_clock_getres, CLOCK_REALTIME, NULL));
    FAILS(clock_getres(77, &time), EINVAL);
}

CASE(clock_errors) {
    struct timespec time = {0, 1000000000};
    FAILS(clock_gettime(77, &time), EINVAL);
    FAILS(syscall(SYS_clock_gettime, CLOCK_REALTIME, BAD), EFAULT);
    FAILS(syscall(SYS_clock_getres, CLOCK_REALTIME, BAD), EFAULT);
    FAILS(syscall(SYS_gettimeofday, BAD, NULL), EFAULT);
    FAILS(syscall(SYS_time, BAD), EFAULT);
    FAILS(clock_settime(CLOCK_MONOTONIC, &time), EINVAL);
    FAILS(clock_settime(CLOCK_REALTIME, &time), EINVAL);
    FAILS(syscall(SYS_clock_settime, CLOCK_REALTIME, BAD), EFAULT);
}

CASE(nanosleep_sleeps) {
    struct timespec time = {0, 15000000};
    long long before = nanoseconds(CLOCK_MONOTONIC);
    OK(nanosleep(&time, NULL));
    TRUE(nanoseconds(CLOCK_MONOTONIC) - before >= 15000000);
}

CASE(nanosleep_errors) {
    struct timespec time = {0, 1000000000};
    FAILS(nanosleep(&time, NULL), EINVAL);
    time = (struct timespec){-1, 0};
    FAILS(nanosleep(&time, NULL), EINVAL);
    time = (struct timespec){0, -1};
    FAILS(nanosleep(&time, NULL), EINVAL);
    FAILS(nanosleep(BAD, NULL), EFAULT);
    EQUAL(clock_nanosleep(77, 0, &time, NULL), EINVAL);
    EQUAL(clock_nanosleep(CLOCK_THREAD_CPUTIME_ID, 0, &time, NULL), EINVAL);
    EQUAL(clock_nanosleep(CLOCK_REALTIME, 0, BAD, NULL), EFAULT);
}

CASE(clock_nanosleep_absolute) {
    static const int clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME, CLOCK_TAI};
    for (int i = 0; i < 4; i++) {
        long long until = nanoseconds(clocks[i]) + 5000000;
        struct timespec time = {until / 1000000000, until % 1000000000};
        EQUAL(clock_nanosleep(clocks[i], TIMER_ABSTIME, &time, NULL), 0);
        TRUE(nanoseconds(clocks[i]) >= until);
        EQUAL(clock_nanosleep(clocks[i], TIMER_ABSTIME, &time, NULL), 0);
    }
}

CASE(getrusage_who) {
    struct rusage usage;
    OK(getrusage(RUSAGE_SELF, &usage));
    TRUE(usage.ru_maxrss > 0);
    OK(getrusage(RUSAGE_THREAD, &usage));
    OK(getrusage(RUSAGE_CHILDREN, &usage));
    EQUAL(usage.ru_utime.tv_sec + usage.ru_utime.tv_usec + usage.ru_maxrss, 0);
    FAILS(getrusage(77, &usage), EINVAL);
    FAILS(syscall(SYS_getrusage, RUSAGE_SELF, BAD), EFAULT);
}

CASE(limit_of_data_counts_private_memory) {
    struct rlimit limit = {16 << 20, 16 << 20};
    OK(setrlimit(RLIMIT_DATA, &limit));
    FAILS(mmap(NULL, 32 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), ENOMEM);
    OK(mmap(NULL, 32 << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    char *memory = (char *)OK(mmap(NULL, 32 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    FAILS(mprotect(memory, 32 << 20, PROT_READ | PROT_WRITE), ENOMEM);
    OK(mprotect(memory, 4 << 20, PROT_READ | PROT_WRITE));
    TRUE(sbrk(32 << 20) == (void *)-1);
}

CASE(limit_of_locked_memory_and_future_mappings) {
    struct rlimit limit = {64 << 10, 64 << 10};
    OK(setrlimit(RLIMIT_MEMLOCK, &limit));
    OK(setresuid(1000, 1000, 1000));
    OK(mlockall(MCL_FUTURE));
    FAILS(mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), EAGAIN);
    OK(munlockall());
    OK(mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

CASE(prlimit_of_another_users_process) {
    struct rlimit limit;
    pid_t pid;
    CHILD(pid) {
        OK(setresuid(1000, 1000, 1000));
        FAILS(prlimit(getppid(), RLIMIT_CORE, NULL, &limit), EPERM);
        OK(prlimit(getpid(), RLIMIT_CORE, NULL, &limit));
    }
    EXITS(pid, 0);
}

CASE(getrusage_counts_faults) {
    struct rusage before, after;
    OK(getrusage(RUSAGE_SELF, &before));
    char *memory = pages(4096);
    for (int i = 0; i < 4096; i++)
        memory[i * 4096] = 1;
    OK(getrusage(RUSAGE_SELF, &after));
    TRUE(after.ru_minflt > before.ru_minflt);
    TRUE(after.ru_maxrss >= before.ru_maxrss + 8192);
}

CASE(getrusage_counts_switches) {
    struct rusage before, after;
    OK(getrusage(RUSAGE_SELF, &before));
    for (int i = 0; i < 3; i++)
        suite_pause(1);
    OK(getrusage(RUSAGE_SELF, &after));
    TRUE(after.ru_nvcsw > before.ru_nvcsw);
}

CASE(times_of_children) {
    pid_t pid;
    struct tms before, after;
    TRUE(times(&before) != -1);
    CHILD(pid) {
        while (now_ms(CLOCK_PROCESS_CPUTIME_ID) < 60)
            ;
    }
    EXITS(pid, 0);
    TRUE(times(&after) != -1);
    TRUE(after.tms_cutime + after.tms_cstime > before.tms_cutime + before.tms_cstime);
    FAILS(syscall(SYS_times, BAD), EFAULT);
}

CASE(setuid_holds_for_all_threads) {
    void *body(void *unused) {
        UNTIL(cell[0]);
        EQUAL(getuid(), 1000);
        EQUAL(geteuid(), 1000);
        FAILS(setuid(0), EPERM);
        return NULL;
    }
    pthread_t thread = started(body, NULL);
    OK(setuid(1000));
    cell[0] = 1;
    joined(thread);
}

CASE(setgid_holds_for_all_threads) {
    void *body(void *unused) {
        OK(setgid(1001));
        return NULL;
    }
    joined(started(body, NULL));
    EQUAL(getgid(), 1001);
    EQUAL(getegid(), 1001);
}

CASE(raw_setuid_is_of_one_thread) {
    void *body(void *unused) {
        OK(syscall(SYS_setresuid, 1000, 1000, 1000));
        EQUAL(getuid(), 1000);
        return NULL;
    }
    joined(started(body, NULL));
    EQUAL(getuid(), 0);
}

CASE(saved_ids) {
    uid_t real, effective, saved;
    OK(setresuid(1, 2, 3));
    OK(getresuid(&real, &effective, &saved));
    EQUAL(real * 100 + effective * 10 + saved, 123);
    OK(seteuid(3));
    EQUAL(geteuid(), 3);
    FAILS(seteuid(0), EPERM);
    FAILS(setresuid(9, -1, -1), EPERM);
    FAILS(syscall(SYS_getresuid, BAD, &effective, &saved), EFAULT);
}

CASE(setreuid_rules) {
    OK(setreuid(5, 6));
    EQUAL(getuid() * 10 + geteuid(), 56);
    OK(setreuid(6, 5));
    EQUAL(getuid() * 10 + geteuid(), 65);
    FAILS(setreuid(0, -1), EPERM);
}

CASE(groups) {
    gid_t list[3] = {7, 8, 9}, is[10];
    OK(setgroups(3, list));
    EQUAL(getgroups(0, NULL), 3);
    EQUAL(getgroups(10, is), 3);
    EQUAL(is[0] + is[1] + is[2], 24);
    FAILS(getgroups(2, is), EINVAL);
    FAILS(getgroups(-1, is), EINVAL);
    FAILS(syscall(SYS_setgroups, 3, BAD), EFAULT);
    FAILS(syscall(SYS_getgroups, 10, BAD), EFAULT);
    FAILS(setgroups(65537, list), EINVAL);
    OK(setuid(1000));
    FAILS(setgroups(3, list), EPERM);
}

CASE(setfsuid_returns_the_old) {
    EQUAL(setfsuid(1000), 0);
    EQUAL(setfsuid(-1), 1000);
    EQUAL(setfsgid(1001), 0);
    EQUAL(setfsgid(-1), 1001);
}

CASE(permissions_are_obeyed) {
    int file = OK(open("secret", O_CREAT | O_WRONLY, 0600));
    close(file);
    OK(chmod(".", 0777));
    OK(setuid(1000));
    BETWEEN(open("secret", O_RDONLY), -1, -1);
    FAILS(chroot("/"), EPERM);
    FAILS(kill(1, 0), EPERM);
    FAILS(sethostname("x", 1), EPERM);
    FAILS(setpriority(PRIO_PROCESS, 0, -5), EACCES);
}

CASE(kill_needs_permission) {
    pid_t pid;
    CHILD(pid) {
        for (;;)
            pause();
    }
    pid_t other;
    CHILD(other) {
        OK(setuid(1000));
        FAILS(kill(pid, SIGTERM), EPERM);
        FAILS(sigqueue(pid, SIGTERM, (union sigval){0}), EPERM);
    }
    EXITS(other, 0);
    kill(pid, SIGKILL);
    KILLED(pid, SIGKILL);
}

CASE(umask_is_applied) {
    EQUAL(umask(077) & ~0777, 0);
    int file = OK(open("masked", O_CREAT | O_TRUNC | O_WRONLY, 0666));
    struct stat status;
    OK(fstat(file, &status));
    EQUAL(status.st_mode & 0777, 0600);
    unlink("masked");
    EQUAL(umask(0), 077);
}

CASE(limits_are_stored) {
    static const int limits[] = {RLIMIT_CPU, RLIMIT_FSIZE, RLIMIT_DATA, RLIMIT_STACK, RLIMIT_CORE, RLIMIT_RSS, RLIMIT_NPROC,
        RLIMIT_NOFILE, RLIMIT_MEMLOCK, RLIMIT_AS, RLIMIT_LOCKS, RLIMIT_SIGPENDING, RLIMIT_MSGQUEUE, RLIMIT_NICE,
        RLIMIT_RTPRIO, RLIMIT_RTTIME};
    for (int i = 0; i < 16; i++) {
        struct rlimit old, set;
        OK(getrlimit(limits[i], &old));
        set = (struct rlimit){old.rlim_max / 2, old.rlim_max};
        OK(setrlimit(limits[i], &set));
        OK(getrlimit(limits[i], &set));
        EQUAL(set.rlim_cur, old.rlim_max / 2);
        EQUAL(set.rlim_max, old.rlim_max);
        OK(setrlimit(limits[i], &old));
    }
}

CASE(limit_errors) {
    struct rlimit limit = {10, 5};
    FAILS(setrlimit(RLIMIT_NOFILE, &limit), EINVAL);
    FAILS(setrlimit(77, &limit), EINVAL);
    FAILS(getrlimit(77, &limit), EINVAL);
    FAILS(syscall(SYS_getrlimit, RLIMIT_NOFILE, BAD), EFAULT);
    FAILS(syscall(SYS_setrlimit, RLIMIT_NOFILE, BAD), EFAULT);
    FAILS(prlimit(0x3fffffff, RLIMIT_NOFILE, NULL, &limit), ESRCH);
    limit = (struct rlimit){100, 100};
    OK(setrlimit(RLIMIT_NOFILE, &limit));
    OK(setuid(1000));
    limit.rlim_max = 200;
    FAILS(setrlimit(RLIMIT_NOFILE, &limit), EPERM);
}

CASE(limits_of_a_child) {
    int ends[2];
    OK(pipe(ends));
    pid_t pid;
    CHILD(pid) {
        struct rlimit limit;
        read(ends[0], &pid, 1);
        OK(getrlimit(RLIMIT_NOFILE, &limit));
        EQUAL(limit.rlim_cur, 33);
    }
    struct rlimit limit = {33, 44}, is;
    OK(prlimit(pid, RLIMIT_NOFILE, &limit, NULL));
    OK(prlimit(pid, RLIMIT_NOFILE, NULL, &is));
    EQUAL(is.rlim_cur * 100 + is.rlim_max, 3344);
    write(ends[1], "x", 1);
    EXITS(pid, 0);
}

CASE(limit_of_cpu_time) {
    pid_t pid;
    CHILD(pid) {
        struct rlimit limit = {1, 2};
        OK(setrlimit(RLIMIT_CPU, &limit));
        for (;;)
            ;
    }
    KILLED(pid, SIGXCPU);
}

CASE(limit_of_processes) {
    OK(setuid(54321));
    struct rlimit limit = {1, 1};
    OK(setrlimit(RLIMIT_NPROC, &limit));
    FAILS(fork(), EAGAIN);
}

CASE(limit_of_locked_memory) {
    struct rlimit limit = {65536, 65536};
    OK(setrlimit(RLIMIT_MEMLOCK, &limit));
    OK(setuid(1000));
    char *memory = pages(64);
    OK(mlock(memory, 65536));
    FAILS(mlock(memory, 4096 * 64), ENOMEM);
}

CASE(priorities) {
    EQUAL(getpriority(PRIO_PROCESS, 0), 0);
    OK(setpriority(PRIO_PROCESS, 0, 5));
    EQUAL(getpriority(PRIO_PROCESS, 0), 5);
    EQUAL(nice(3), 8);
    pid_t pid;
    CHILD(pid) { EQUAL(getpriority(PRIO_PROCESS, 0), 8); }
    EXITS(pid, 0);
    OK(setpriority(PRIO_PROCESS, 0, 50));
    EQUAL(getpriority(PRIO_PROCESS, 0), 19);
    FAILS(getpriority(77, 0), EINVAL);
    FAILS(setpriority(PRIO_PROCESS, 0x3fffffff, 0), ESRCH);
}

CASE(priority_of_a_child_and_group) {
    int ends[2];
    OK(pipe(ends));
    pid_t pid;
    CHILD(pid) { read(ends[0], &pid, 1); }
    OK(setpriority(PRIO_PROCESS, pid, 7));
    EQUAL(getpriority(PRIO_PROCESS, pid), 7);
    EQUAL(getpriority(PRIO_PROCESS, 0), 0);
    OK(setpriority(PRIO_PGRP, 0, 4));
    EQUAL(getpriority(PRIO_PROCESS, pid), 4);
    EQUAL(getpriority(PRIO_PGRP, 0), 4);
    write(ends[1], "x", 1);
    EXITS(pid, 0);
}

CASE(priority_is_of_one_thread) {
    void *body(void *unused) {
        OK(setpriority(PRIO_PROCESS, 0, 9));
        EQUAL(getpriority(PRIO_PROCESS, 0), 9);
        return NULL;
    }
    joined(started(body, NULL));
    EQUAL(getpriority(PRIO_PROCESS, 0), 0);
}

CASE(prctl_names) {
    char name[16];
    OK(prctl(PR_SET_NAME, "a name that is too long"));
    OK(prctl(PR_GET_NAME, name));
    TRUE(strcmp(name, "a name that is ") == 0);
    FAILS(prctl(PR_SET_NAME, BAD), EFAULT);
    FAILS(prctl(PR_GET_NAME, BAD), EFAULT);
}

CASE(prctl_flags) {
    EQUAL(prctl(PR_GET_DUMPABLE), 1);
    OK(prctl(PR_SET_DUMPABLE, 0));
    EQUAL(prctl(PR_GET_DUMPABLE), 0);
    FAILS(prctl(PR_SET_DUMPABLE, 77), EINVAL);
    EQUAL(prctl(PR_GET_KEEPCAPS), 0);
    OK(prctl(PR_SET_KEEPCAPS, 1));
    EQUAL(prctl(PR_GET_KEEPCAPS), 1);
    OK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    EQUAL(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 1);
    FAILS(prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0), EINVAL);
    FAILS(prctl(7777), EINVAL);
    OK(prctl(PR_SET_TIMERSLACK, 70000));
    EQUAL(prctl(PR_GET_TIMERSLACK), 70000);
    EQUAL(prctl(PR_GET_TSC, BAD), -1);
}

CASE(capabilities) {
    struct {
        uint32_t version;
        int pid;
    } header = {0x20080522, 0};
    uint32_t data[6];
    OK(syscall(SYS_capget, &header, data));
    TRUE(data[0] != 0);
    FAILS(syscall(SYS_capget, BAD, data), EFAULT);
    header.version = 5;
    FAILS(syscall(SYS_capget, &header, data), EINVAL);
    EQUAL(header.version, 0x20080522);
}

CASE(sysinfo_is_plausible) {
    struct sysinfo info;
    OK(sysinfo(&info));
    TRUE(info.totalram * info.mem_unit > 100 << 20 && info.freeram <= info.totalram && info.procs > 0);
    FAILS(syscall(SYS_sysinfo, BAD), EFAULT);
}

CASE(getrandom_fills) {
    unsigned char bytes[300] = {0};
    EQUAL(syscall(SYS_getrandom, bytes, 300, 0), 300);
    int zeros = 0;
    for (int i = 0; i < 300; i++)
        zeros += bytes[i] == 0;
    TRUE(zeros < 50);
    FAILS(syscall(SYS_getrandom, bytes, 10, 77), EINVAL);
}

CASE(unknown_system_call) {
    FAILS(syscall(1000), ENOSYS);
    FAILS(syscall(-1), ENOSYS);
    FAILS(syscall(0x40000000 + SYS_getpid), ENOSYS);
}
