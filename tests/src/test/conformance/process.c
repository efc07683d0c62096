// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// fork, vfork, clone, exit, waiting, process groups, sessions, orphans, pidfd.
#define EXECUTED
#include "suite.h"
#include <linux/sched.h>

CASE(fork_returns_twice) {
    pid_t me = getpid(), pid;
    CHILD(pid) {
        EQUAL(getppid(), me);
        TRUE(getpid() != me);
        cell[0] = getpid();
    }
    EXITS(pid, 0);
    EQUAL(cell[0], pid);
}

CASE(fork_copies_memory) {
    static int word = 1;
    int *heap = malloc(sizeof *heap), local = 3;
    *heap = 2;
    pid_t pid;
    CHILD(pid) {
        EQUAL(word + *heap + local, 6);
        word = *heap = local = 9;
    }
    EXITS(pid, 0);
    EQUAL(word + *heap + local, 6);
}

CASE(fork_shares_file_offset) {
    int file = file_of(100);
    pid_t pid;
    CHILD(pid) { EQUAL(lseek(file, 42, SEEK_SET), 42); }
    EXITS(pid, 0);
    EQUAL(lseek(file, 0, SEEK_CUR), 42);
}

CASE(fork_copies_descriptor_table) {
    int file = file_of(0);
    pid_t pid;
    CHILD(pid) { OK(close(file)); }
    EXITS(pid, 0);
    OK(fcntl(file, F_GETFD));
}

CASE(fork_clears_pending_signals) {
    block(SIGUSR1, 0);
    raise(SIGUSR1);
    pid_t pid;
    CHILD(pid) {
        sigset_t set;
        OK(sigpending(&set));
        EQUAL(sigismember(&set, SIGUSR1), 0);
        OK(sigprocmask(SIG_BLOCK, NULL, &set));
        EQUAL(sigismember(&set, SIGUSR1), 1);
    }
    EXITS(pid, 0);
}

CASE(fork_clears_alarm) {
    alarm(100);
    pid_t pid;
    CHILD(pid) { EQUAL(alarm(0), 0); }
    EXITS(pid, 0);
    BETWEEN(alarm(0), 90, 100);
}

CASE(fork_clears_itimer) {
    struct itimerval timer = {{0, 0}, {100, 0}};
    OK(setitimer(ITIMER_REAL, &timer, NULL));
    pid_t pid;
    CHILD(pid) {
        OK(getitimer(ITIMER_REAL, &timer));
        EQUAL(timer.it_value.tv_sec, 0);
        EQUAL(timer.it_value.tv_usec, 0);
    }
    EXITS(pid, 0);
}

CASE(fork_starts_cpu_times_at_zero) {
    for (volatile int i = 0; i < 3000000; i++)
        ;
    pid_t pid;
    CHILD(pid) {
        struct tms tms;
        times(&tms);
        EQUAL(tms.tms_cutime, 0);
        EQUAL(tms.tms_cstime, 0);
        BETWEEN(tms.tms_utime, 0, 1);
    }
    EXITS(pid, 0);
}

CASE(fork_keeps_handlers) {
    handle(SIGUSR1, SIG_IGN, 0);
    pid_t pid;
    CHILD(pid) { raise(SIGUSR1); }
    EXITS(pid, 0);
}

CASE(fork_inherits_directory_and_umask) {
    OK(chdir("/"));
    umask(037);
    pid_t pid;
    CHILD(pid) {
        char name[10];
        TRUE(getcwd(name, 10) && strcmp(name, "/") == 0);
        EQUAL(umask(0), 037);
        OK(chdir("/tmp"));
    }
    EXITS(pid, 0);
    char name[10];
    TRUE(getcwd(name, 10) && strcmp(name, "/") == 0);
    EQUAL(umask(0), 037);
}

CASE(fork_only_the_calling_thread) {
    void *spin(void *unused) {
        for (;;)
            cell[0]++, usleep(500);
    }
    started(spin, NULL);
    UNTIL(cell[0] > 0);
    pid_t pid;
    CHILD(pid) {
        DIR *tasks = opendir("/proc/self/task");
        (void)tasks;
        EQUAL(syscall(SYS_gettid), getpid());
    }
    EXITS(pid, 0);
}

CASE(fork_many_children) {
    for (int i = 0; i < 40; i++) {
        pid_t pid;
        CHILD(pid) { _exit(i); }
    }
    int seen = 0, status;
    for (int i = 0; i < 40; i++) {
        OK(wait(&status));
        seen += WEXITSTATUS(status);
    }
    EQUAL(seen, 780);
    FAILS(wait(NULL), ECHILD);
}

CASE(fork_deep) {
    for (int depth = 0; depth < 8; depth++) {
        pid_t pid = OK(fork());
        if (pid) {
            EXITS(pid, depth == 7 ? 0 : depth + 1);
            _exit(depth);
        }
    }
    _exit(0);
}

CASE(fork_from_a_thread) {
    void *body(void *unused) {
        pid_t pid;
        CHILD(pid) { EQUAL(syscall(SYS_gettid), getpid()); }
        EXITS(pid, 0);
        return NULL;
    }
    joined(started(body, NULL));
}

CASE(fork_unlocks_nothing_of_mlock) {
    char *memory = pages(1);
    OK(mlock(memory, 4096));
    pid_t pid;
    CHILD(pid) { memory[0] = 1; }
    EXITS(pid, 0);
    EQUAL(memory[0], 0);
}

CASE(vfork_shares_memory_and_waits) {
    volatile int word = 0;
    pid_t pid = vfork();
    if (pid == 0) {
        word = 7;
        _exit(3);
    }
    EQUAL(word, 7);
    EXITS(pid, 3);
}

CASE(vfork_child_executes) {
    pid_t pid = vfork();
    if (pid == 0) {
        execl("/proc/self/exe", "suite", "-x", "5", NULL);
        _exit(127);
    }
    EXITS(pid, 5);
}

CASE(vfork_child_killed) {
    pid_t pid = vfork();
    if (pid == 0) {
        kill(getpid(), SIGKILL);
        _exit(1);
    }
    KILLED(pid, SIGKILL);
}

CASE(clone_exit_signal) {
    static volatile int seen;
    void catcher(int number) { seen = number; }
    handle(SIGUSR2, catcher, 0);
    pid_t pid = syscall(SYS_clone, SIGUSR2, 0, 0, 0, 0);
    if (pid == 0)
        _exit(4);
    int status;
    FAILS(waitpid(pid, &status, WNOHANG | 0), ECHILD);
    EQUAL(TEMP_FAILURE_RETRY(waitpid(pid, &status, __WALL)), pid);
    EQUAL(WEXITSTATUS(status), 4);
    EQUAL(seen, SIGUSR2);
}

CASE(clone_without_exit_signal) {
    pid_t pid = syscall(SYS_clone, 0, 0, 0, 0, 0);
    if (pid == 0)
        _exit(4);
    FAILS(wait(NULL), ECHILD);
    int status;
    EQUAL(waitpid(pid, &status, __WCLONE), pid);
}

static int clone_body(void *argument) {
    cell[1] = 5;
    *(volatile int *)argument = 6;
    return 7;
}

CASE(clone_vm_shares_memory) {
    static volatile int word;
    char *stack = pages(16);
    pid_t pid = OK(clone(clone_body, stack + 65536, CLONE_VM | SIGCHLD, (void *)&word));
    EXITS(pid, 7);
    EQUAL(word, 6);
}

CASE(clone_own_stack_own_memory) {
    static volatile int word;
    char *stack = pages(16);
    pid_t pid = OK(clone(clone_body, stack + 65536, SIGCHLD, (void *)&word));
    EXITS(pid, 7);
    EQUAL(word, 0);
    EQUAL(cell[1], 5);
}

CASE(clone_parent_settid) {
    int tid = 0;
    pid_t pid = OK(syscall(SYS_clone, CLONE_PARENT_SETTID | SIGCHLD, 0, &tid, 0, 0));
    if (pid == 0)
        _exit(0);
    EQUAL(tid, pid);
    EXITS(pid, 0);
}

CASE(clone_child_settid) {
    static volatile int tid;
    pid_t pid = OK(syscall(SYS_clone, CLONE_CHILD_SETTID | SIGCHLD, 0, 0, &tid, 0));
    if (pid == 0) {
        EQUAL(tid, getpid());
        _exit(0);
    }
    EQUAL(tid, 0);
    EXITS(pid, 0);
}

CASE(clone_child_cleartid) {
    char *stack = pages(16);
    cell[0] = 77;
    pid_t pid = OK(clone(clone_body, stack + 65536, CLONE_CHILD_CLEARTID | CLONE_VM | SIGCHLD, (void *)&cell[2], NULL, NULL, &cell[0]));
    EXITS(pid, 7);
    EQUAL(cell[0], 0);
}

CASE(clone_parent) {
    pid_t grand = getpid(), middle;
    CHILD(middle) {
        pid_t pid = OK(syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0));
        if (pid == 0) {
            EQUAL(getppid(), grand);
            _exit(8);
        }
        cell[0] = pid;
        FAILS(waitpid(pid, NULL, 0), ECHILD);
    }
    EXITS(middle, 0);
    EXITS(cell[0], 8);
}

CASE(clone_invalid_flags) {
    FAILS(syscall(SYS_clone, CLONE_SIGHAND | SIGCHLD, 0, 0, 0, 0), EINVAL);
    FAILS(syscall(SYS_clone, CLONE_THREAD | SIGCHLD, 0, 0, 0, 0), EINVAL);
    FAILS(syscall(SYS_clone, CLONE_THREAD | CLONE_VM | SIGCHLD, 0, 0, 0, 0), EINVAL);
    FAILS(syscall(SYS_clone, CLONE_FS | CLONE_NEWNS | SIGCHLD, 0, 0, 0, 0), EINVAL);
}

CASE(kcmp_tells_what_is_shared) {
    static char stack[65536] __attribute__((aligned(16)));
    int body(void *unused) {
        for (;;)
            pause();
    }
    int flags = CLONE_VM | CLONE_FILES | CLONE_FS | CLONE_SIGHAND | SIGCHLD;
    pid_t shares = OK(clone(body, stack + sizeof stack, flags, NULL)), own;
    CHILD(own) { body(NULL); }
    // Files 2, address space 1, directory 3, dispositions 4: <linux/kcmp.h>.
    for (int type = 1; type <= 4; type++) {
        EQUAL(syscall(SYS_kcmp, getpid(), shares, type, 0, 0), 0);
        TRUE(syscall(SYS_kcmp, getpid(), own, type, 0, 0) > 0);
    }
    OK(kill(shares, SIGKILL));
    OK(kill(own, SIGKILL));
    EQUAL(suite_wait(shares, NULL), shares);
    EQUAL(suite_wait(own, NULL), own);
}

CASE(clone_files_is_undone_by_execve) {
    int file = OK(open("/dev/null", O_RDONLY | O_CLOEXEC));
    pid_t pid = OK(syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0));
    if (pid == 0) {
        execl("/bin/true", "true", NULL);
        _exit(9);
    }
    EXITS(pid, 0);
    OK(fcntl(file, F_GETFD));
}

CASE(clone_sighand_shares_handlers) {
    static char stack[65536] __attribute__((aligned(16)));
    int body(void *unused) {
        handle(SIGUSR1, SIG_IGN, 0);
        return 0;
    }
    pid_t pid = OK(clone(body, stack + 65536, CLONE_VM | CLONE_SIGHAND | SIGCHLD, NULL));
    EXITS(pid, 0);
    struct sigaction action;
    OK(sigaction(SIGUSR1, NULL, &action));
    TRUE(action.sa_handler == SIG_IGN);
}

CASE(clone_files_shares_descriptors) {
    int file = file_of(0);
    pid_t pid = OK(syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0));
    if (pid == 0) {
        close(file);
        _exit(0);
    }
    EXITS(pid, 0);
    FAILS(fcntl(file, F_GETFD), EBADF);
}

CASE(clone_fs_shares_directory) {
    pid_t pid = OK(syscall(SYS_clone, CLONE_FS | SIGCHLD, 0, 0, 0, 0));
    if (pid == 0) {
        chdir("/");
        umask(012);
        _exit(0);
    }
    EXITS(pid, 0);
    char name[100];
    TRUE(getcwd(name, 100) && strcmp(name, "/") == 0);
    EQUAL(umask(0), 012);
}

static long clone3(struct clone_args *arguments, size_t size) {
    return syscall(SYS_clone3, arguments, size);
}

CASE(clone3_like_fork) {
    struct clone_args arguments = {.exit_signal = SIGCHLD};
    pid_t pid = OK(clone3(&arguments, sizeof arguments));
    if (pid == 0)
        _exit(6);
    EXITS(pid, 6);
}

CASE(clone3_bad_arguments) {
    struct clone_args arguments = {.exit_signal = SIGCHLD};
    FAILS(clone3(&arguments, 10), EINVAL);
    FAILS(clone3(BAD, sizeof arguments), EFAULT);
    arguments.exit_signal = 200;
    FAILS(clone3(&arguments, sizeof arguments), EINVAL);
    arguments = (struct clone_args){.exit_signal = SIGCHLD, .stack = 4096};
    FAILS(clone3(&arguments, sizeof arguments), EINVAL);
}

CASE(clone3_pidfd) {
    int file = -1;
    struct clone_args arguments = {.flags = CLONE_PIDFD, .pidfd = (uintptr_t)&file, .exit_signal = SIGCHLD};
    pid_t pid = OK(clone3(&arguments, sizeof arguments));
    if (pid == 0)
        _exit(6);
    TRUE(file >= 0);
    struct pollfd wait = {file, POLLIN};
    EQUAL(poll(&wait, 1, 5000), 1);
    EXITS(pid, 6);
}

CASE(clone3_clear_sighand) {
    handle(SIGUSR1, SIG_IGN, 0);
    void catcher(int number) {}
    handle(SIGUSR2, catcher, 0);
    struct clone_args arguments = {.flags = CLONE_CLEAR_SIGHAND, .exit_signal = SIGCHLD};
    pid_t pid = OK(clone3(&arguments, sizeof arguments));
    if (pid == 0) {
        struct sigaction action;
        OK(sigaction(SIGUSR1, NULL, &action));
        TRUE(action.sa_handler == SIG_IGN);
        OK(sigaction(SIGUSR2, NULL, &action));
        TRUE(action.sa_handler == SIG_DFL);
        _exit(0);
    }
    EXITS(pid, 0);
}

CASE(exit_status_is_cut_to_a_byte) {
    pid_t pid;
    CHILD(pid) { _exit(0x1234); }
    EXITS(pid, 0x34);
}

CASE(exit_group_ends_all_threads) {
    void *body(void *unused) {
        for (;;)
            pause();
    }
    pid_t pid;
    CHILD(pid) {
        started(body, NULL);
        started(body, NULL);
        _exit(9);
    }
    EXITS(pid, 9);
}

CASE(exit_group_from_another_thread) {
    void *body(void *unused) {
        syscall(SYS_exit_group, 11);
        return NULL;
    }
    pid_t pid;
    CHILD(pid) {
        started(body, NULL);
        for (;;)
            pause();
    }
    EXITS(pid, 11);
}

CASE(exit_group_ends_a_thread_in_read) {
    void *body(void *unused) {
        int ends[2];
        char byte;
        OK(pipe(ends));
        read(ends[0], &byte, 1);
        return NULL;
    }
    pid_t pid;
    CHILD(pid) {
        started(body, NULL);
        suite_pause(20);
        _exit(12);
    }
    EXITS(pid, 12);
}

CASE(exit_of_main_thread_leaves_others) {
    void *body(void *unused) {
        suite_pause(30);
        _exit(13);
    }
    pid_t pid;
    CHILD(pid) {
        started(body, NULL);
        syscall(SYS_exit, 1);
    }
    EXITS(pid, 13);
}

CASE(exit_of_last_thread_gives_its_status) {
    void *body(void *unused) {
        syscall(SYS_exit, 21);
        return NULL;
    }
    pid_t pid;
    CHILD(pid) {
        pthread_t thread;
        pthread_create(&thread, NULL, body, NULL);
        suite_pause(20);
        syscall(SYS_exit, 22);
    }
    EXITS(pid, 22);
}

CASE(exit_closes_descriptors) {
    int ends[2];
    OK(pipe(ends));
    pid_t pid;
    CHILD(pid) {
        close(ends[0]);
        suite_pause(5);
    }
    close(ends[1]);
    char byte;
    EQUAL(read(ends[0], &byte, 1), 0);
    EXITS(pid, 0);
}

CASE(exit_runs_atexit) {
    void last(void) { cell[0]++; }
    pid_t pid;
    CHILD(pid) {
        atexit(last);
        exit(2);
    }
    EXITS(pid, 2);
    EQUAL(cell[0], 1);
}

CASE(wait_without_children) {
    FAILS(wait(NULL), ECHILD);
    FAILS(waitpid(-1, NULL, WNOHANG), ECHILD);
    FAILS(waitpid(1, NULL, 0), ECHILD);
    FAILS(waitid(P_ALL, 0, NULL, WEXITED), ECHILD);
}

CASE(wait_bad_options) {
    FAILS(waitpid(-1, NULL, 0x00100000), EINVAL);
    FAILS(waitid(P_ALL, 0, NULL, 0), EINVAL);
    FAILS(waitid(P_ALL, 0, NULL, WEXITED | 0x00100000), EINVAL);
    FAILS(waitid(77, 0, NULL, WEXITED), EINVAL);
    FAILS(waitid(P_PID, 0, NULL, WEXITED), EINVAL);
    FAILS(waitpid(INT_MIN, NULL, 0), ESRCH);
}

CASE(wait_bad_pointers) {
    pid_t pid;
    CHILD(pid) {}
    FAILS(syscall(SYS_wait4, pid, BAD, 0, 0), EFAULT);
}

CASE(wait_nohang) {
    int ends[2];
    OK(pipe(ends));
    pid_t pid;
    CHILD(pid) { read(ends[0], &pid, 1); }
    EQUAL(waitpid(pid, NULL, WNOHANG), 0);
    write(ends[1], "x", 1);
    EXITS(pid, 0);
}

CASE(wait_in_any_order) {
    pid_t first, second;
    CHILD(first) { _exit(1); }
    CHILD(second) { _exit(2); }
    EXITS(second, 2);
    EXITS(first, 1);
}

CASE(wait_by_group) {
    pid_t first, second;
    CHILD(first) { suite_pause(10); }
    OK(setpgid(first, first));
    CHILD(second) { _exit(2); }
    int status;
    EQUAL(waitpid(-first, &status, 0), first);
    EQUAL(waitpid(0, &status, 0), second);
    FAILS(waitpid(-first, &status, 0), ECHILD);
}

CASE(wait_reports_signal) {
    static const int signals[] = {SIGHUP, SIGINT, SIGTERM, SIGKILL, SIGALRM, SIGUSR1, SIGPIPE, 40};
    for (int i = 0; i < 8; i++) {
        pid_t pid;
        CHILD(pid) { raise(signals[i]); }
        KILLED(pid, signals[i]);
    }
}

CASE(wait_untraced_and_continued) {
    pid_t pid;
    int status;
    CHILD(pid) {
        raise(SIGSTOP);
        UNTIL(cell[0]);
        _exit(5);
    }
    EQUAL(waitpid(pid, &status, WUNTRACED), pid);
    TRUE(WIFSTOPPED(status));
    EQUAL(WSTOPSIG(status), SIGSTOP);
    EQUAL(waitpid(pid, &status, WNOHANG | WUNTRACED), 0);
    kill(pid, SIGCONT);
    EQUAL(waitpid(pid, &status, WCONTINUED), pid);
    TRUE(WIFCONTINUED(status));
    cell[0] = 1;
    EXITS(pid, 5);
}

CASE(wait_with_zombie_ignored) {
    handle(SIGCHLD, SIG_IGN, 0);
    pid_t pid;
    CHILD(pid) {}
    FAILS(waitpid(pid, NULL, 0), ECHILD);
}

CASE(wait_with_nocldwait) {
    handle(SIGCHLD, SIG_DFL, SA_NOCLDWAIT);
    pid_t pid;
    CHILD(pid) {}
    FAILS(wait(NULL), ECHILD);
}

CASE(wait_by_another_thread) {
    pid_t pid;
    CHILD(pid) { _exit(3); }
    void *body(void *argument) {
        EXITS(*(pid_t *)argument, 3);
        return NULL;
    }
    joined(started(body, &pid));
}

CASE(wait_wnothread_of_another_thread) {
    static pid_t pid;
    void *body(void *unused) {
        CHILD(pid) { _exit(3); }
        cell[0] = 1;
        UNTIL(cell[1]);
        EQUAL(waitpid(pid, NULL, __WNOTHREAD), pid);
        return NULL;
    }
    pthread_t thread = started(body, NULL);
    UNTIL(cell[0]);
    FAILS(waitpid(pid, NULL, __WNOTHREAD), ECHILD);
    cell[1] = 1;
    joined(thread);
}

CASE(wait_interrupted) {
    static volatile int seen;
    void catcher(int number) { seen = 1; }
    handle(SIGALRM, catcher, 0);
    pid_t pid;
    CHILD(pid) { pause(); }
    struct itimerval timer = {{0, 0}, {0, 20000}};
    OK(setitimer(ITIMER_REAL, &timer, NULL));
    FAILS(waitpid(pid, NULL, 0), EINTR);
    EQUAL(seen, 1);
    kill(pid, SIGKILL);
    KILLED(pid, SIGKILL);
}

CASE(wait_restarted) {
    static volatile int seen;
    void catcher(int number) { seen = 1; }
    handle(SIGUSR1, catcher, SA_RESTART);
    pid_t me = getpid(), pid;
    CHILD(pid) {
        suite_pause(10);
        kill(me, SIGUSR1);
        suite_pause(10);
    }
    EQUAL(waitpid(pid, NULL, 0), pid);
    EQUAL(seen, 1);
}

CASE(wait4_rusage) {
    pid_t pid;
    CHILD(pid) {
        struct rusage own;
        do
            getrusage(RUSAGE_SELF, &own);
        while (own.ru_utime.tv_sec * 1000000 + own.ru_utime.tv_usec < 30000);
    }
    struct rusage usage;
    memset(&usage, -1, sizeof usage);
    EQUAL(wait4(pid, NULL, 0, &usage), pid);
    TRUE(usage.ru_utime.tv_sec * 1000000 + usage.ru_utime.tv_usec >= 30000);
    TRUE(usage.ru_maxrss > 0);
    struct rusage all;
    OK(getrusage(RUSAGE_CHILDREN, &all));
    TRUE(all.ru_utime.tv_sec * 1000000 + all.ru_utime.tv_usec >= 30000);
}

CASE(waitid_siginfo) {
    pid_t pid;
    siginfo_t info;
    CHILD(pid) { _exit(0x142); }
    EQUAL(waitid(P_PID, pid, &info, WEXITED), 0);
    EQUAL(info.si_signo, SIGCHLD);
    EQUAL(info.si_code, CLD_EXITED);
    EQUAL(info.si_pid, pid);
    EQUAL(info.si_uid, getuid());
    EQUAL(info.si_status, 0x42);
    EQUAL(info.si_errno, 0);
}

CASE(waitid_killed) {
    pid_t pid;
    siginfo_t info;
    CHILD(pid) { raise(SIGTERM); }
    EQUAL(waitid(P_ALL, 0, &info, WEXITED), 0);
    EQUAL(info.si_code, CLD_KILLED);
    EQUAL(info.si_status, SIGTERM);
}

CASE(waitid_nowait_leaves_the_zombie) {
    pid_t pid;
    siginfo_t info;
    CHILD(pid) { _exit(3); }
    EQUAL(waitid(P_PID, pid, &info, WEXITED | WNOWAIT), 0);
    EQUAL(info.si_status, 3);
    EQUAL(kill(pid, 0), 0);
    EXITS(pid, 3);
    FAILS(kill(pid, 0), ESRCH);
}

CASE(waitid_nohang_clears_siginfo) {
    pid_t pid;
    siginfo_t info;
    memset(&info, -1, sizeof info);
    CHILD(pid) { pause(); }
    EQUAL(waitid(P_PID, pid, &info, WEXITED | WNOHANG), 0);
    EQUAL(info.si_pid, 0);
    EQUAL(info.si_signo, 0);
    kill(pid, SIGKILL);
    KILLED(pid, SIGKILL);
}

CASE(waitid_stopped_continued) {
    pid_t pid;
    siginfo_t info;
    CHILD(pid) {
        raise(SIGTSTP);
        UNTIL(cell[0]);
    }
    EQUAL(waitid(P_PID, pid, &info, WSTOPPED | WNOWAIT), 0);
    EQUAL(info.si_code, CLD_STOPPED);
    EQUAL(info.si_status, SIGTSTP);
    EQUAL(waitid(P_PID, pid, &info, WSTOPPED), 0);
    kill(pid, SIGCONT);
    EQUAL(waitid(P_PID, pid, &info, WCONTINUED), 0);
    EQUAL(info.si_code, CLD_CONTINUED);
    EQUAL(info.si_status, SIGCONT);
    cell[0] = 1;
    EXITS(pid, 0);
}

CASE(waitid_by_group) {
    pid_t pid;
    siginfo_t info;
    CHILD(pid) {
        setpgid(0, 0);
        _exit(2);
    }
    setpgid(pid, pid);
    FAILS(waitid(P_PGID, getpgrp(), &info, WEXITED), ECHILD);
    EQUAL(waitid(P_PGID, pid, &info, WEXITED), 0);
    EQUAL(info.si_pid, pid);
}

CASE(waitid_rusage) {
    pid_t pid;
    struct rusage usage;
    CHILD(pid) {}
    memset(&usage, -1, sizeof usage);
    EQUAL(syscall(SYS_waitid, P_PID, pid, NULL, WEXITED, &usage), 0);
    TRUE(usage.ru_utime.tv_sec >= 0 && usage.ru_maxrss > 0);
}

CASE(waitid_pidfd) {
    pid_t pid;
    siginfo_t info;
    CHILD(pid) { _exit(4); }
    int file = OK(syscall(SYS_pidfd_open, pid, 0));
    EQUAL(waitid(P_PIDFD, file, &info, WEXITED), 0);
    EQUAL(info.si_pid, pid);
    FAILS(waitid(P_PIDFD, 999, &info, WEXITED), EBADF);
}

CASE(group_of_child_is_inherited) {
    pid_t pid;
    CHILD(pid) { EQUAL(getpgrp(), getppid()); }
    EXITS(pid, 0);
    EQUAL(getpgid(0), getpid());
}

CASE(setpgid_of_child) {
    int ends[2];
    OK(pipe(ends));
    pid_t pid;
    CHILD(pid) {
        char byte;
        read(ends[0], &byte, 1);
        EQUAL(getpgrp(), getpid());
    }
    OK(setpgid(pid, 0));
    EQUAL(getpgid(pid), pid);
    write(ends[1], "x", 1);
    EXITS(pid, 0);
}

CASE(setpgid_errors) {
    pid_t pid;
    FAILS(setpgid(0, -1), EINVAL);
    FAILS(setpgid(0x3fffffff, 0), ESRCH);
    FAILS(setpgid(1, 1), ESRCH);
    CHILD(pid) {
        OK(setsid());
        FAILS(setpgid(0, 0), EPERM);
    }
    EXITS(pid, 0);
    CHILD(pid) { FAILS(setpgid(0, 0x3fffffff), EPERM); }
    EXITS(pid, 0);
}

CASE(setpgid_after_exec_of_child) {
    pid_t pid;
    CHILD(pid) {
        execl("/proc/self/exe", "suite", "-x", "sleep", NULL);
    }
    suite_pause(150);
    FAILS(setpgid(pid, pid), EACCES);
    kill(pid, SIGKILL);
    KILLED(pid, SIGKILL);
}

CASE(setsid_makes_a_session) {
    FAILS(setsid(), EPERM);
    pid_t pid;
    CHILD(pid) {
        EQUAL(setsid(), getpid());
        EQUAL(getsid(0), getpid());
        EQUAL(getpgrp(), getpid());
    }
    EXITS(pid, 0);
    FAILS(getsid(0x3fffffff), ESRCH);
}

CASE(kill_of_group) {
    pid_t first, second;
    CHILD(first) {
        setpgid(0, 0);
        cell[0] = 1;
        pause();
    }
    UNTIL(cell[0]);
    CHILD(second) {
        setpgid(0, first);
        cell[1] = 1;
        pause();
    }
    UNTIL(cell[1]);
    OK(kill(-first, SIGTERM));
    KILLED(first, SIGTERM);
    KILLED(second, SIGTERM);
    FAILS(kill(-first, 0), ESRCH);
}

CASE(kill_of_own_group) {
    static volatile int seen;
    void catcher(int number) { seen++; }
    handle(SIGUSR1, catcher, 0);
    pid_t pid;
    CHILD(pid) {
        cell[0] = 1;
        UNTIL(seen);
    }
    UNTIL(cell[0]);
    OK(kill(0, SIGUSR1));
    EXITS(pid, 0);
    EQUAL(seen, 1);
}

CASE(orphan_gets_another_parent) {
    pid_t pid;
    CHILD(pid) {
        pid_t orphan, me = getpid();
        CHILD(orphan) {
            UNTIL(getppid() != me);
            cell[0] = 1;
        }
    }
    EXITS(pid, 0);
    UNTIL(cell[0]);
}

CASE(subreaper_adopts) {
    OK(prctl(PR_SET_CHILD_SUBREAPER, 1));
    int is = 0;
    OK(prctl(PR_GET_CHILD_SUBREAPER, &is));
    EQUAL(is, 1);
    pid_t me = getpid(), pid;
    CHILD(pid) {
        pid_t middle = getpid(), orphan;
        CHILD(orphan) {
            UNTIL(getppid() != middle);
            EQUAL(getppid(), me);
            _exit(6);
        }
        cell[0] = orphan;
    }
    EXITS(pid, 0);
    EXITS(cell[0], 6);
}

CASE(subreaper_is_not_inherited) {
    OK(prctl(PR_SET_CHILD_SUBREAPER, 1));
    pid_t pid;
    CHILD(pid) {
        int is = 1;
        OK(prctl(PR_GET_CHILD_SUBREAPER, &is));
        EQUAL(is, 0);
    }
    EXITS(pid, 0);
}

CASE(pdeathsig) {
    pid_t pid;
    OK(prctl(PR_SET_CHILD_SUBREAPER, 1));
    CHILD(pid) {
        pid_t orphan;
        CHILD(orphan) {
            OK(prctl(PR_SET_PDEATHSIG, SIGUSR1));
            cell[1] = 1;
            for (;;)
                pause();
        }
        cell[0] = orphan;
        UNTIL(cell[1]);
    }
    EXITS(pid, 0);
    KILLED(cell[0], SIGUSR1);
}

CASE(pdeathsig_is_not_inherited) {
    int is = -1;
    OK(prctl(PR_SET_PDEATHSIG, SIGTERM));
    OK(prctl(PR_GET_PDEATHSIG, &is));
    EQUAL(is, SIGTERM);
    pid_t pid;
    CHILD(pid) {
        OK(prctl(PR_GET_PDEATHSIG, &is));
        EQUAL(is, 0);
    }
    EXITS(pid, 0);
    FAILS(prctl(PR_SET_PDEATHSIG, 100), EINVAL);
}

CASE(sigchld_tells_about_the_child) {
    static siginfo_t seen;
    static volatile int count;
    void catcher(int number, siginfo_t *info, void *context) {
        seen = *info;
        count++;
    }
    handle_info(SIGCHLD, catcher, 0);
    pid_t pid;
    CHILD(pid) { _exit(17); }
    UNTIL(count);
    EQUAL(seen.si_pid, pid);
    EQUAL(seen.si_code, CLD_EXITED);
    EQUAL(seen.si_status, 17);
    EXITS(pid, 17);
}

CASE(sigchld_when_child_stops) {
    static volatile int code;
    void catcher(int number, siginfo_t *info, void *context) { code = info->si_code; }
    handle_info(SIGCHLD, catcher, 0);
    pid_t pid;
    CHILD(pid) { raise(SIGSTOP); }
    UNTIL(code == CLD_STOPPED);
    kill(pid, SIGCONT);
    UNTIL(code == CLD_CONTINUED || code == CLD_EXITED);
    EXITS(pid, 0);
}

CASE(sigchld_nocldstop) {
    static volatile int count;
    void catcher(int number, siginfo_t *info, void *context) { count++; }
    handle_info(SIGCHLD, catcher, SA_NOCLDSTOP);
    pid_t pid;
    int status;
    CHILD(pid) { raise(SIGSTOP); }
    EQUAL(waitpid(pid, &status, WUNTRACED), pid);
    EQUAL(count, 0);
    kill(pid, SIGCONT);
    EXITS(pid, 0);
    UNTIL(count == 1);
}

CASE(pidfd_open_errors) {
    FAILS(syscall(SYS_pidfd_open, 0, 0), EINVAL);
    FAILS(syscall(SYS_pidfd_open, -1, 0), EINVAL);
    FAILS(syscall(SYS_pidfd_open, 0x3fffffff, 0), ESRCH);
    FAILS(syscall(SYS_pidfd_open, getpid(), 0x1000), EINVAL);
}

CASE(pidfd_send_signal_to_child) {
    pid_t pid;
    CHILD(pid) {
        for (;;)
            pause();
    }
    int file = OK(syscall(SYS_pidfd_open, pid, 0));
    OK(syscall(SYS_pidfd_send_signal, file, 0, NULL, 0));
    OK(syscall(SYS_pidfd_send_signal, file, SIGTERM, NULL, 0));
    KILLED(pid, SIGTERM);
    FAILS(syscall(SYS_pidfd_send_signal, file, SIGTERM, NULL, 0), ESRCH);
}

CASE(pidfd_send_signal_with_siginfo) {
    static volatile int seen;
    void catcher(int number, siginfo_t *info, void *context) { seen = info->si_value.sival_int; }
    handle_info(SIGUSR1, catcher, 0);
    int file = OK(syscall(SYS_pidfd_open, getpid(), 0));
    siginfo_t info = {.si_signo = SIGUSR1, .si_code = SI_QUEUE};
    info.si_value.sival_int = 55;
    OK(syscall(SYS_pidfd_send_signal, file, SIGUSR1, &info, 0));
    EQUAL(seen, 55);
    FAILS(syscall(SYS_pidfd_send_signal, file, SIGUSR2, &info, 0), EINVAL);
    FAILS(syscall(SYS_pidfd_send_signal, file, 100, NULL, 0), EINVAL);
    FAILS(syscall(SYS_pidfd_send_signal, 0, SIGUSR1, NULL, 0), EBADF);
}

CASE(pidfd_polls_readable_at_the_end) {
    int ends[2];
    OK(pipe(ends));
    pid_t pid;
    CHILD(pid) { read(ends[0], &pid, 1); }
    int file = OK(syscall(SYS_pidfd_open, pid, 0));
    struct pollfd wait = {file, POLLIN};
    EQUAL(poll(&wait, 1, 0), 0);
    write(ends[1], "x", 1);
    EQUAL(poll(&wait, 1, 5000), 1);
    EXITS(pid, 0);
}

CASE(kill_errors) {
    FAILS(kill(0x3fffffff, 0), ESRCH);
    FAILS(kill(getpid(), 65), EINVAL);
    FAILS(kill(getpid(), -1), EINVAL);
    FAILS(kill(INT_MIN, 0), ESRCH);
    FAILS(syscall(SYS_tgkill, -1, getpid(), 0), EINVAL);
    FAILS(syscall(SYS_tgkill, getpid(), 0, 0), EINVAL);
    FAILS(syscall(SYS_tkill, 0x3fffffff, 0), ESRCH);
    FAILS(syscall(SYS_tkill, 0, 0), EINVAL);
}

CASE(zombie_can_be_signalled) {
    pid_t pid;
    siginfo_t info;
    CHILD(pid) { _exit(1); }
    EQUAL(waitid(P_PID, pid, &info, WEXITED | WNOWAIT), 0);
    OK(kill(pid, SIGKILL));
    EQUAL(getpgid(pid), getpid());
    EXITS(pid, 1);
}

CASE(set_tid_address_clears_at_exit) {
    pid_t pid;
    CHILD(pid) { EQUAL(syscall(SYS_set_tid_address, &cell[0]), getpid()); }
    EXITS(pid, 0);
}

CASE(personality_is_readable) {
    EQUAL(syscall(SYS_personality, 0xffffffff), 0);
}

CASE(uname_fills_all) {
    char names[6][65];
    memset(names, 1, sizeof names);
    OK(syscall(SYS_uname, names));
    TRUE(strcmp(names[0], "Linux") == 0);
    TRUE(strcmp(names[4], "x86_64") == 0);
    FAILS(syscall(SYS_uname, BAD), EFAULT);
}

int program(int argc, char **argv) {
    if (argc > 0 && strcmp(argv[0], "sleep") == 0)
        for (;;)
            pause();
    return argc > 0 ? atoi(argv[0]) : 0;
}
