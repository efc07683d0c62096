// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Signals: masks, siginfo, queues, flags, waiting, interrupted calls, stop and continue, interval and POSIX timers.
#include "suite.h"
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>

static volatile int seen, count;
static siginfo_t info_seen;

static void note(int number) {
    seen = number;
    count++;
}

static void note_info(int number, siginfo_t *info, void *context) {
    info_seen = *info;
    note(number);
}

// The process gets SIGALRM after some milliseconds.
static void alarm_in(int milliseconds, int flags) {
    handle(SIGALRM, note, flags);
    struct itimerval timer = {{0, 0}, {0, milliseconds * 1000}};
    OK(setitimer(ITIMER_REAL, &timer, NULL));
}

CASE(handler_is_called) {
    handle(SIGUSR1, note, 0);
    OK(raise(SIGUSR1));
    EQUAL(seen, SIGUSR1);
}

CASE(every_signal_can_be_caught) {
    for (int number = 1; number <= SIGRTMAX; number++) {
        if (number == SIGKILL || number == SIGSTOP || (number >= 32 && number < SIGRTMIN))
            continue;
        handle(number, note, 0);
        OK(kill(getpid(), number));
        EQUAL(seen, number);
    }
}

CASE(sigaction_returns_the_old_one) {
    struct sigaction old;
    handle(SIGUSR1, note, SA_RESTART | SA_NODEFER);
    OK(sigaction(SIGUSR1, NULL, &old));
    TRUE(old.sa_handler == note);
    EQUAL(old.sa_flags & (SA_RESTART | SA_NODEFER), SA_RESTART | SA_NODEFER);
}

CASE(sigaction_errors) {
    struct sigaction action = {.sa_handler = SIG_IGN};
    FAILS(sigaction(SIGKILL, &action, NULL), EINVAL);
    FAILS(sigaction(SIGSTOP, &action, NULL), EINVAL);
    FAILS(sigaction(0, &action, NULL), EINVAL);
    FAILS(sigaction(65, &action, NULL), EINVAL);
    FAILS(syscall(SYS_rt_sigaction, SIGUSR1, BAD, NULL, 8), EFAULT);
    FAILS(syscall(SYS_rt_sigaction, SIGUSR1, NULL, BAD, 8), EFAULT);
    FAILS(syscall(SYS_rt_sigaction, SIGUSR1, NULL, NULL, 7), EINVAL);
}

CASE(signal_is_blocked_in_its_handler) {
    void again(int number) {
        count++;
        if (count == 1) {
            raise(number);
            EQUAL(count, 1);
        }
    }
    handle(SIGUSR1, again, 0);
    raise(SIGUSR1);
    EQUAL(count, 2);
}

CASE(nodefer_allows_nesting) {
    void again(int number) {
        if (++count == 1) {
            raise(number);
            EQUAL(count, 2);
        }
    }
    handle(SIGUSR1, again, SA_NODEFER);
    raise(SIGUSR1);
    EQUAL(count, 2);
}

CASE(resethand_resets) {
    handle(SIGUSR1, note, SA_RESETHAND);
    raise(SIGUSR1);
    struct sigaction action;
    OK(sigaction(SIGUSR1, NULL, &action));
    TRUE(action.sa_handler == SIG_DFL);
}

CASE(mask_of_action_holds_in_handler) {
    void look(int number) {
        sigset_t set;
        sigprocmask(SIG_BLOCK, NULL, &set);
        seen = sigismember(&set, SIGUSR2) * 2 + sigismember(&set, SIGUSR1);
    }
    struct sigaction action = {.sa_handler = look, .sa_mask = set_of(SIGUSR2, 0)};
    OK(sigaction(SIGUSR1, &action, NULL));
    raise(SIGUSR1);
    EQUAL(seen, 3);
    sigset_t set;
    sigprocmask(SIG_BLOCK, NULL, &set);
    EQUAL(sigismember(&set, SIGUSR2), 0);
}

CASE(mask_in_context_is_restored) {
    void change(int number, siginfo_t *info, void *context) {
        sigaddset(&((ucontext_t *)context)->uc_sigmask, SIGUSR2);
    }
    handle_info(SIGUSR1, change, 0);
    raise(SIGUSR1);
    sigset_t set;
    sigprocmask(SIG_BLOCK, NULL, &set);
    EQUAL(sigismember(&set, SIGUSR2), 1);
}

CASE(context_can_be_changed) {
    void skip(int number, siginfo_t *info, void *context) {
        ((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP] += 2;
        ((ucontext_t *)context)->uc_mcontext.gregs[REG_RAX] = 99;
    }
    handle_info(SIGILL, skip, 0);
    long rax = 1;
    __asm__ volatile("ud2" : "+a"(rax)::"memory");
    EQUAL(rax, 99);
}

CASE(handler_keeps_floating_point) {
    void compute(int number) {
        volatile double x = 3;
        for (int i = 0; i < 10; i++)
            x = x * 1.5;
        __asm__ volatile("pxor %%xmm8, %%xmm8\n fninit" ::: "xmm8");
    }
    handle(SIGUSR1, compute, 0);
    long result;
    __asm__ volatile("movq %1, %%xmm8\n mov $39, %%eax\n syscall\n mov %%eax, %%edi\n mov $10, %%esi\n mov $62, %%eax\n syscall\n movq %%xmm8, %0"
                     : "=r"(result)
                     : "r"(0x1234567890l)
                     : "rax", "rcx", "rdx", "rsi", "rdi", "r11", "xmm8", "memory");
    EQUAL(result, 0x1234567890l);
}

CASE(blocked_signal_is_pending) {
    sigset_t set;
    handle(SIGUSR1, note, 0);
    block(SIGUSR1, 0);
    raise(SIGUSR1);
    raise(SIGUSR1);
    EQUAL(count, 0);
    OK(sigpending(&set));
    EQUAL(sigismember(&set, SIGUSR1), 1);
    unblock(SIGUSR1, 0);
    EQUAL(count, 1);
    OK(sigpending(&set));
    EQUAL(sigismember(&set, SIGUSR1), 0);
}

CASE(ignored_signal_is_not_pending) {
    sigset_t set;
    block(SIGUSR1, 0);
    raise(SIGUSR1);
    handle(SIGUSR1, SIG_IGN, 0);
    OK(sigpending(&set));
    EQUAL(sigismember(&set, SIGUSR1), 0);
}

CASE(default_ignored_signals_do_nothing) {
    static const int signals[] = {SIGCHLD, SIGURG, SIGWINCH, SIGCONT};
    for (int i = 0; i < 4; i++)
        OK(raise(signals[i]));
}

CASE(sigprocmask_how) {
    sigset_t one = set_of(SIGUSR1, 0), two = set_of(SIGUSR2, 0), old;
    OK(sigprocmask(SIG_SETMASK, &one, NULL));
    OK(sigprocmask(SIG_BLOCK, &two, &old));
    EQUAL(sigismember(&old, SIGUSR1) * 2 + sigismember(&old, SIGUSR2), 2);
    OK(sigprocmask(SIG_UNBLOCK, &one, &old));
    EQUAL(sigismember(&old, SIGUSR1) * 2 + sigismember(&old, SIGUSR2), 3);
    OK(sigprocmask(SIG_SETMASK, &one, &old));
    EQUAL(sigismember(&old, SIGUSR1) * 2 + sigismember(&old, SIGUSR2), 1);
    FAILS(sigprocmask(77, &one, NULL), EINVAL);
    FAILS(syscall(SYS_rt_sigprocmask, SIG_BLOCK, BAD, NULL, 8), EFAULT);
    FAILS(syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, BAD, 8), EFAULT);
    FAILS(syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, NULL, 16), EINVAL);
}

CASE(kill_and_stop_cannot_be_blocked) {
    sigset_t set;
    sigfillset(&set);
    OK(sigprocmask(SIG_SETMASK, &set, NULL));
    OK(sigprocmask(SIG_SETMASK, NULL, &set));
    EQUAL(sigismember(&set, SIGKILL), 0);
    EQUAL(sigismember(&set, SIGSTOP), 0);
    pid_t pid;
    CHILD(pid) { raise(SIGKILL); }
    KILLED(pid, SIGKILL);
}

CASE(siginfo_of_kill) {
    handle_info(SIGUSR1, note_info, 0);
    OK(kill(getpid(), SIGUSR1));
    EQUAL(info_seen.si_signo, SIGUSR1);
    EQUAL(info_seen.si_code, SI_USER);
    EQUAL(info_seen.si_pid, getpid());
    EQUAL(info_seen.si_uid, getuid());
    EQUAL(info_seen.si_errno, 0);
}

CASE(siginfo_of_tgkill) {
    handle_info(SIGUSR1, note_info, 0);
    OK(syscall(SYS_tgkill, getpid(), getpid(), SIGUSR1));
    EQUAL(info_seen.si_code, SI_TKILL);
    EQUAL(info_seen.si_pid, getpid());
}

CASE(siginfo_of_another_process) {
    handle_info(SIGUSR1, note_info, 0);
    pid_t pid;
    CHILD(pid) { OK(kill(getppid(), SIGUSR1)); }
    EXITS(pid, 0);
    UNTIL(seen);
    EQUAL(info_seen.si_pid, pid);
    EQUAL(info_seen.si_code, SI_USER);
}

CASE(sigqueue_carries_a_value) {
    handle_info(SIGUSR1, note_info, 0);
    OK(sigqueue(getpid(), SIGUSR1, (union sigval){.sival_ptr = (void *)0x123456789al}));
    EQUAL(info_seen.si_code, SI_QUEUE);
    TRUE(info_seen.si_value.sival_ptr == (void *)0x123456789al);
    FAILS(sigqueue(0x3fffffff, SIGUSR1, (union sigval){0}), ESRCH);
    FAILS(sigqueue(getpid(), 65, (union sigval){0}), EINVAL);
}

CASE(sigqueue_between_processes) {
    handle_info(SIGRTMIN, note_info, 0);
    pid_t pid;
    CHILD(pid) { OK(sigqueue(getppid(), SIGRTMIN, (union sigval){.sival_int = 321})); }
    EXITS(pid, 0);
    UNTIL(seen);
    EQUAL(info_seen.si_value.sival_int, 321);
    EQUAL(info_seen.si_pid, pid);
}

CASE(rt_sigqueueinfo_own_codes) {
    handle_info(SIGUSR1, note_info, 0);
    siginfo_t info = {.si_code = -50};
    info.si_value.sival_int = 7;
    OK(syscall(SYS_rt_sigqueueinfo, getpid(), SIGUSR1, &info));
    EQUAL(info_seen.si_code, -50);
    EQUAL(info_seen.si_value.sival_int, 7);
    pid_t pid;
    CHILD(pid) {
        info.si_code = SI_USER;
        FAILS(syscall(SYS_rt_sigqueueinfo, getppid(), SIGUSR1, &info), EPERM);
        info.si_code = SI_TKILL;
        FAILS(syscall(SYS_rt_sigqueueinfo, getppid(), SIGUSR1, &info), EPERM);
    }
    EXITS(pid, 0);
    FAILS(syscall(SYS_rt_sigqueueinfo, getpid(), SIGUSR1, BAD), EFAULT);
    FAILS(syscall(SYS_rt_tgsigqueueinfo, getpid(), 0, SIGUSR1, &info), EINVAL);
    OK(syscall(SYS_rt_tgsigqueueinfo, getpid(), getpid(), SIGUSR1, &info));
}

CASE(real_time_signals_queue) {
    block(SIGRTMIN, 0);
    handle_info(SIGRTMIN, note_info, 0);
    for (int i = 0; i < 5; i++)
        OK(sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = i}));
    unblock(SIGRTMIN, 0);
    EQUAL(count, 5);
}

static int order[10];

static void note_order(int number, siginfo_t *info, void *context) {
    order[count++] = number * 100 + info->si_value.sival_int;
}

CASE(real_time_signals_come_lowest_first) {
    int base = SIGRTMIN;
    struct sigaction action = {.sa_sigaction = note_order, .sa_flags = SA_SIGINFO};
    sigfillset(&action.sa_mask);
    for (int i = 0; i < 3; i++)
        sigaction(base + i, &action, NULL);
    block(base, base + 1, base + 2, 0);
    for (int i = 0; i < 2; i++)
        for (int j = 2; j >= 0; j--)
            OK(sigqueue(getpid(), base + j, (union sigval){.sival_int = i}));
    unblock(base, base + 1, base + 2, 0);
    EQUAL(count, 6);
    for (int j = 0; j < 3; j++)
        for (int i = 0; i < 2; i++)
            EQUAL(order[j * 2 + i], (base + j) * 100 + i);
}

CASE(queue_limit) {
    struct rlimit limit = {5, 5};
    OK(setrlimit(RLIMIT_SIGPENDING, &limit));
    block(SIGRTMIN, 0);
    int sent = 0;
    while (sent < 200 && sigqueue(getpid(), SIGRTMIN, (union sigval){0}) == 0)
        sent++;
    EQUAL(errno, EAGAIN);
    BETWEEN(sent, 0, 5);
}

CASE(faults_tell_address) {
    char *memory = pages(2);
    OK(mprotect(memory + 4096, 4096, PROT_NONE));
    void fault(int number, siginfo_t *info, void *context) {
        info_seen = *info;
        ((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP] += 2;
    }
    handle_info(SIGSEGV, fault, 0);
    __asm__ volatile("movb %%al, (%0)" ::"r"(memory + 4096 + 5) : "memory");
    TRUE(info_seen.si_addr == memory + 4101);
    EQUAL(info_seen.si_code, SEGV_ACCERR);
    OK(munmap(memory + 4096, 4096));
    __asm__ volatile("movb %%al, (%0)" ::"r"(memory + 4096 + 6) : "memory");
    TRUE(info_seen.si_addr == memory + 4102);
    EQUAL(info_seen.si_code, SEGV_MAPERR);
}

CASE(bus_error_behind_the_file) {
    int file = file_of(100);
    char *memory = mmap(NULL, 8192, PROT_READ, MAP_PRIVATE, file, 0);
    void fault(int number, siginfo_t *info, void *context) {
        info_seen = *info;
        ((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP] += 2;
    }
    handle_info(SIGBUS, fault, 0);
    __asm__ volatile("movb (%0), %%al" ::"r"(memory + 5000) : "rax", "memory");
    EQUAL(info_seen.si_code, BUS_ADRERR);
    TRUE(info_seen.si_addr == memory + 5000);
}

CASE(division_error) {
    void fault(int number, siginfo_t *info, void *context) {
        info_seen = *info;
        ((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP] += 2;
    }
    handle_info(SIGFPE, fault, 0);
    __asm__ volatile("xor %%edx, %%edx\n mov $1, %%eax\n xor %%ecx, %%ecx\n div %%ecx" ::: "rax", "rcx", "rdx");
    EQUAL(info_seen.si_code, FPE_INTDIV);
}

CASE(breakpoint) {
    handle_info(SIGTRAP, note_info, 0);
    __asm__ volatile("int3");
    EQUAL(seen, SIGTRAP);
    EQUAL(info_seen.si_code, SI_KERNEL);
}

CASE(blocked_fault_kills) {
    pid_t pid;
    CHILD(pid) {
        handle(SIGSEGV, note, 0);
        block(SIGSEGV, 0);
        *(volatile int *)BAD = 1;
    }
    KILLED(pid, SIGSEGV);
}

CASE(ignored_fault_kills) {
    pid_t pid;
    CHILD(pid) {
        handle(SIGSEGV, SIG_IGN, 0);
        *(volatile int *)BAD = 1;
    }
    KILLED(pid, SIGSEGV);
}

static char alternate[65536];
static char *volatile where;

static void note_stack(int number) {
    char here;
    where = &here;
    stack_t stack;
    sigaltstack(NULL, &stack);
    seen = stack.ss_flags;
    if (seen == SS_ONSTACK) {
        stack_t other = {.ss_sp = alternate, .ss_size = 32768};
        FAILS(sigaltstack(&other, NULL), EPERM);
    }
}

CASE(altstack_is_used) {
    stack_t stack = {.ss_sp = alternate, .ss_size = sizeof alternate}, old;
    OK(sigaltstack(&stack, NULL));
    handle(SIGUSR1, note_stack, SA_ONSTACK);
    raise(SIGUSR1);
    TRUE(where >= alternate && where < alternate + sizeof alternate);
    EQUAL(seen, SS_ONSTACK);
    handle(SIGUSR1, note_stack, 0);
    raise(SIGUSR1);
    TRUE(where < alternate || where >= alternate + sizeof alternate);
    OK(sigaltstack(NULL, &old));
    TRUE(old.ss_sp == alternate && old.ss_size == sizeof alternate && old.ss_flags == 0);
}

CASE(altstack_after_stack_overflow) {
    pid_t pid;
    void finish(int number) { _exit(7); }
    CHILD(pid) {
        stack_t stack = {.ss_sp = alternate, .ss_size = sizeof alternate};
        OK(sigaltstack(&stack, NULL));
        handle(SIGSEGV, finish, SA_ONSTACK);
        struct rlimit limit = {1 << 20, 1 << 20};
        setrlimit(RLIMIT_STACK, &limit);
        __asm__ volatile("1: push %%rax\n jmp 1b" ::: "memory");
    }
    EXITS(pid, 7);
}

CASE(altstack_autodisarm) {
    void look(int number) {
        stack_t stack;
        sigaltstack(NULL, &stack);
        seen = stack.ss_flags;
    }
    stack_t stack = {.ss_sp = alternate, .ss_size = sizeof alternate, .ss_flags = 1u << 31}, old;
    OK(sigaltstack(&stack, NULL));
    handle(SIGUSR1, look, SA_ONSTACK);
    raise(SIGUSR1);
    EQUAL(seen, SS_DISABLE);
    OK(sigaltstack(NULL, &old));
    TRUE(old.ss_sp == alternate);
    EQUAL(old.ss_flags, (int)(1u << 31));
}

CASE(altstack_errors) {
    stack_t stack = {.ss_sp = alternate, .ss_size = 100};
    FAILS(sigaltstack(&stack, NULL), ENOMEM);
    stack.ss_flags = 77;
    stack.ss_size = 65536;
    FAILS(sigaltstack(&stack, NULL), EINVAL);
    FAILS(sigaltstack(BAD, NULL), EFAULT);
    FAILS(sigaltstack(NULL, BAD), EFAULT);
}

CASE(sigsuspend_swaps_the_mask) {
    handle(SIGUSR1, note, 0);
    block(SIGUSR1, 0);
    raise(SIGUSR1);
    sigset_t empty;
    sigemptyset(&empty);
    FAILS(sigsuspend(&empty), EINTR);
    EQUAL(count, 1);
    sigprocmask(SIG_BLOCK, NULL, &empty);
    EQUAL(sigismember(&empty, SIGUSR1), 1);
    FAILS(syscall(SYS_rt_sigsuspend, BAD, 8), EFAULT);
    FAILS(syscall(SYS_rt_sigsuspend, &empty, 4), EINVAL);
}

CASE(pause_returns_after_a_handler) {
    alarm_in(10, SA_RESTART);
    FAILS(pause(), EINTR);
    EQUAL(seen, SIGALRM);
}

CASE(sigtimedwait_takes_a_pending_signal) {
    sigset_t set = set_of(SIGUSR1, 0);
    siginfo_t info;
    struct timespec time = {0, 0};
    block(SIGUSR1, 0);
    FAILS(sigtimedwait(&set, &info, &time), EAGAIN);
    sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 9});
    EQUAL(sigtimedwait(&set, &info, &time), SIGUSR1);
    EQUAL(info.si_value.sival_int, 9);
    FAILS(sigtimedwait(&set, &info, &time), EAGAIN);
}

CASE(sigtimedwait_times_out) {
    sigset_t set = set_of(SIGUSR1, 0);
    struct timespec time = {0, 10000000};
    long start = now_ms(CLOCK_MONOTONIC);
    FAILS(sigtimedwait(&set, NULL, &time), EAGAIN);
    TRUE(now_ms(CLOCK_MONOTONIC) - start >= 9);
    time.tv_nsec = 1000000000;
    FAILS(sigtimedwait(&set, NULL, &time), EINVAL);
    FAILS(syscall(SYS_rt_sigtimedwait, BAD, NULL, NULL, 8), EFAULT);
    FAILS(syscall(SYS_rt_sigtimedwait, &set, NULL, BAD, 8), EFAULT);
    FAILS(syscall(SYS_rt_sigtimedwait, &set, NULL, NULL, 9), EINVAL);
}

CASE(sigwaitinfo_interrupted_by_another_signal) {
    sigset_t set = set_of(SIGUSR1, 0);
    alarm_in(10, SA_RESTART);
    FAILS(sigwaitinfo(&set, NULL), EINTR);
}

CASE(sigwait_for_a_child) {
    sigset_t set = set_of(SIGCHLD, 0);
    int number;
    block(SIGCHLD, 0);
    pid_t pid;
    CHILD(pid) {}
    EQUAL(sigwait(&set, &number), 0);
    EQUAL(number, SIGCHLD);
    EXITS(pid, 0);
}

CASE(sigwait_in_a_thread) {
    block(SIGUSR1, 0);
    void *body(void *unused) {
        sigset_t set = set_of(SIGUSR1, 0);
        int number = 0;
        sigwait(&set, &number);
        return (void *)(long)number;
    }
    pthread_t thread = started(body, NULL);
    OK(kill(getpid(), SIGUSR1));
    EQUAL(joined(thread), SIGUSR1);
}

CASE(signalfd_reads) {
    sigset_t set = set_of(SIGUSR1, SIGRTMIN, 0);
    struct signalfd_siginfo info;
    block(SIGUSR1, SIGRTMIN, 0);
    int file = OK(signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
    FAILS(read(file, &info, sizeof info), EAGAIN);
    sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = 66});
    struct pollfd wait = {file, POLLIN};
    EQUAL(poll(&wait, 1, 5000), 1);
    EQUAL(read(file, &info, sizeof info), sizeof info);
    EQUAL(info.ssi_signo, SIGRTMIN);
    EQUAL(info.ssi_int, 66);
    EQUAL(info.ssi_pid, getpid());
}

CASE(signalfd_of_a_process_that_shares_descriptors) {
    sigset_t set = set_of(SIGUSR1, 0);
    block(SIGUSR1, 0);
    pid_t pid = OK(syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0));
    if (pid == 0) {
        cell[0] = OK(signalfd(-1, &set, SFD_NONBLOCK));
        pause();
    }
    UNTIL(cell[0]);
    struct signalfd_siginfo info;
    FAILS(read(cell[0], &info, sizeof info), EAGAIN);
    OK(raise(SIGUSR1));
    EQUAL(OK(read(cell[0], &info, sizeof info)), sizeof info);
    EQUAL(info.ssi_signo, SIGUSR1);
    EQUAL(info.ssi_pid, getpid());
    OK(kill(pid, SIGKILL));
    EQUAL(suite_wait(pid, NULL), pid);
}

CASE(signalfd_errors) {
    sigset_t set = set_of(SIGUSR1, 0);
    FAILS(signalfd(-1, &set, 0x7777), EINVAL);
    FAILS(signalfd(999, &set, 0), EBADF);
    FAILS(signalfd(0, &set, 0), EINVAL);
    FAILS(syscall(SYS_signalfd4, -1, BAD, 8, 0), EFAULT);
    FAILS(syscall(SYS_signalfd4, -1, &set, 7, 0), EINVAL);
    int file = OK(signalfd(-1, &set, SFD_NONBLOCK));
    char small[10];
    FAILS(read(file, small, 10), EINVAL);
}

CASE(signalfd_signal_taken_elsewhere) {
    sigset_t set = set_of(SIGUSR1, 0);
    block(SIGUSR1, 0);
    int file = OK(signalfd(-1, &set, SFD_NONBLOCK));
    struct pollfd wait = {file, POLLIN};
    EQUAL(poll(&wait, 1, 0), 0);
    kill(getpid(), SIGUSR1);
    EQUAL(poll(&wait, 1, 5000), 1);
    struct timespec time = {1, 0};
    EQUAL(sigtimedwait(&set, NULL, &time), SIGUSR1);
    EQUAL(poll(&wait, 1, 0), 0);
    struct signalfd_siginfo info;
    FAILS(read(file, &info, sizeof info), EAGAIN);
}

CASE(signalfd_and_epoll) {
    sigset_t set = set_of(SIGUSR1, SIGUSR2, 0);
    block(SIGUSR1, SIGUSR2, 0);
    int file = OK(signalfd(-1, &set, 0)), polls = OK(epoll_create1(0));
    struct epoll_event event = {EPOLLIN, {.u32 = 5}};
    OK(epoll_ctl(polls, EPOLL_CTL_ADD, file, &event));
    EQUAL(epoll_wait(polls, &event, 1, 0), 0);
    raise(SIGUSR2);
    kill(getpid(), SIGUSR1);
    EQUAL(epoll_wait(polls, &event, 1, 5000), 1);
    struct signalfd_siginfo info[3];
    EQUAL(read(file, info, sizeof info), 2 * sizeof *info);
    EQUAL(info[0].ssi_signo + info[1].ssi_signo, SIGUSR1 + SIGUSR2);
    EQUAL(epoll_wait(polls, &event, 1, 0), 0);
}

CASE(signalfd_read_waits) {
    sigset_t set = set_of(SIGUSR1, 0);
    block(SIGUSR1, 0);
    int file = OK(signalfd(-1, &set, 0));
    void *body(void *argument) {
        struct signalfd_siginfo info;
        struct iovec parts[2] = {{&info, sizeof info}, {&info, sizeof info}};
        cell[0] = 1;
        EQUAL(readv(file, parts, 2), sizeof info);
        EQUAL(info.ssi_signo, SIGUSR1);
        EQUAL(info.ssi_pid, getpid());
        return NULL;
    }
    pthread_t thread = started(body, NULL);
    UNTIL(cell[0]);
    suite_pause(5);
    kill(getpid(), SIGUSR1);
    joined(thread);
}

CASE(signalfd_of_a_child_is_its_own) {
    sigset_t set = set_of(SIGUSR1, 0);
    struct signalfd_siginfo info;
    block(SIGUSR1, 0);
    int file = OK(signalfd(-1, &set, SFD_NONBLOCK));
    kill(getpid(), SIGUSR1);
    struct pollfd wait = {file, POLLIN};
    pid_t pid;
    CHILD(pid) {
        EQUAL(poll(&wait, 1, 0), 0);
        FAILS(read(file, &info, sizeof info), EAGAIN);
        kill(getpid(), SIGUSR1);
        EQUAL(poll(&wait, 1, 5000), 1);
        EQUAL(read(file, &info, sizeof info), sizeof info);
        EQUAL(info.ssi_pid, getpid());
    }
    EXITS(pid, 0);
    EQUAL(poll(&wait, 1, 5000), 1);
    EQUAL(read(file, &info, sizeof info), sizeof info);
    EQUAL(info.ssi_pid, getpid());
}

CASE(signalfd_new_mask) {
    sigset_t one = set_of(SIGUSR1, 0), two = set_of(SIGUSR2, 0);
    struct signalfd_siginfo info;
    block(SIGUSR1, SIGUSR2, 0);
    int file = OK(signalfd(-1, &one, SFD_NONBLOCK));
    kill(getpid(), SIGUSR2);
    FAILS(read(file, &info, sizeof info), EAGAIN);
    EQUAL(signalfd(file, &two, 0), file);
    struct pollfd wait = {file, POLLIN};
    EQUAL(poll(&wait, 1, 5000), 1);
    EQUAL(read(file, &info, sizeof info), sizeof info);
    EQUAL(info.ssi_signo, SIGUSR2);
}

CASE(signalfd_tells_of_children) {
    sigset_t set = set_of(SIGCHLD, 0);
    struct signalfd_siginfo info;
    block(SIGCHLD, 0);
    int file = OK(signalfd(-1, &set, 0));
    pid_t pid;
    CHILD(pid) { _exit(7); }
    EQUAL(read(file, &info, sizeof info), sizeof info);
    EQUAL(info.ssi_code, CLD_EXITED);
    EQUAL(info.ssi_pid, pid);
    EQUAL(info.ssi_status, 7);
    EXITS(pid, 7);
}

CASE(signalfd_leaves_signals_pending) {
    sigset_t set = set_of(SIGUSR1, 0), pending;
    block(SIGUSR1, 0);
    OK(signalfd(-1, &set, SFD_NONBLOCK));
    raise(SIGUSR1);
    OK(sigpending(&pending));
    EQUAL(sigismember(&pending, SIGUSR1), 1);
}

CASE(read_of_pipe_is_interrupted) {
    int ends[2];
    char byte;
    OK(pipe(ends));
    alarm_in(15, 0);
    FAILS(read(ends[0], &byte, 1), EINTR);
    EQUAL(seen, SIGALRM);
}

CASE(read_of_pipe_is_restarted) {
    int ends[2];
    char byte;
    OK(pipe(ends));
    alarm_in(10, SA_RESTART);
    pid_t pid;
    CHILD(pid) {
        suite_pause(40);
        write(ends[1], "x", 1);
    }
    EQUAL(read(ends[0], &byte, 1), 1);
    EQUAL(seen, SIGALRM);
    EXITS(pid, 0);
}

CASE(write_to_full_pipe_is_interrupted) {
    int ends[2];
    OK(pipe(ends));
    static char buffer[65536];
    EQUAL(write(ends[1], buffer, 65536), 65536);
    alarm_in(15, 0);
    FAILS(write(ends[1], buffer, 1), EINTR);
}

CASE(partial_write_is_told) {
    int ends[2];
    OK(pipe(ends));
    static char buffer[100000];
    alarm_in(15, 0);
    EQUAL(write(ends[1], buffer, 100000), 65536);
}

CASE(poll_is_never_restarted) {
    struct pollfd wait = {-1, POLLIN};
    alarm_in(15, SA_RESTART);
    FAILS(poll(&wait, 1, 5000), EINTR);
}

CASE(select_is_never_restarted) {
    struct timeval time = {5, 0};
    alarm_in(15, SA_RESTART);
    FAILS(select(0, NULL, NULL, NULL, &time), EINTR);
}

CASE(epoll_wait_is_never_restarted) {
    struct epoll_event event;
    int poll = OK(epoll_create1(0));
    alarm_in(15, SA_RESTART);
    FAILS(epoll_wait(poll, &event, 1, 5000), EINTR);
}

CASE(ppoll_mask_lets_a_signal_in) {
    handle(SIGUSR1, note, 0);
    block(SIGUSR1, 0);
    raise(SIGUSR1);
    sigset_t empty;
    sigemptyset(&empty);
    struct timespec time = {5, 0};
    FAILS(ppoll(NULL, 0, &time, &empty), EINTR);
    EQUAL(count, 1);
}

CASE(nanosleep_tells_the_rest) {
    struct timespec time = {5, 0}, rest = {0, 0};
    alarm_in(15, SA_RESTART);
    FAILS(nanosleep(&time, &rest), EINTR);
    BETWEEN(rest.tv_sec, 4, 4);
}

CASE(nanosleep_goes_on_after_ignored_signal) {
    struct timespec time = {0, 40000000};
    handle(SIGUSR1, SIG_IGN, 0);
    pid_t me = getpid(), pid;
    long start = now_ms(CLOCK_MONOTONIC);
    CHILD(pid) {
        suite_pause(5);
        kill(me, SIGUSR1);
    }
    OK(nanosleep(&time, NULL));
    TRUE(now_ms(CLOCK_MONOTONIC) - start >= 39);
    EXITS(pid, 0);
}

CASE(sleep_is_ended_by_stop_and_continue_only_late) {
    pid_t pid;
    int status;
    CHILD(pid) {
        struct timespec time = {0, 60000000};
        cell[0] = 1;
        OK(nanosleep(&time, NULL));
    }
    UNTIL(cell[0]);
    suite_pause(5);
    kill(pid, SIGSTOP);
    EQUAL(waitpid(pid, &status, WUNTRACED), pid);
    kill(pid, SIGCONT);
    EXITS(pid, 0);
}

CASE(accept_is_interrupted) {
    int listener = OK(socket(AF_UNIX, SOCK_STREAM, 0));
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    sprintf(address.sun_path + 1, "suite-accept-%d", getpid());
    OK(bind(listener, (void *)&address, sizeof address));
    OK(listen(listener, 1));
    alarm_in(15, 0);
    FAILS(accept(listener, NULL, NULL), EINTR);
}

CASE(semop_is_interrupted) {
    int id = OK(semget(IPC_PRIVATE, 1, 0600));
    struct sembuf operation = {0, -1, 0};
    alarm_in(15, SA_RESTART);
    int result = semop(id, &operation, 1), number = errno;
    semctl(id, 0, IPC_RMID);
    EQUAL(result, -1);
    EQUAL(number, EINTR);
}

CASE(fcntl_lock_is_interrupted) {
    int file = file_of(10);
    struct flock lock = {.l_type = F_WRLCK, .l_len = 1};
    OK(fcntl(file, F_SETLK, &lock));
    pid_t pid;
    CHILD(pid) {
        alarm_in(15, 0);
        FAILS(fcntl(file, F_SETLKW, &lock), EINTR);
    }
    EXITS(pid, 0);
}

CASE(stop_and_continue) {
    pid_t pid;
    int status;
    CHILD(pid) {
        for (;;)
            cell[0]++;
    }
    UNTIL(cell[0]);
    static const int signals[] = {SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU};
    for (int i = 0; i < 4; i++) {
        OK(kill(pid, signals[i]));
        EQUAL(waitpid(pid, &status, WUNTRACED), pid);
        EQUAL(WSTOPSIG(status), signals[i]);
        int before = cell[0];
        suite_pause(3);
        EQUAL(cell[0], before);
        OK(kill(pid, SIGCONT));
        UNTIL(cell[0] != before);
    }
    kill(pid, SIGKILL);
    KILLED(pid, SIGKILL);
}

CASE(stopped_process_can_be_killed) {
    pid_t pid;
    int status;
    CHILD(pid) { raise(SIGSTOP); }
    EQUAL(waitpid(pid, &status, WUNTRACED), pid);
    OK(kill(pid, SIGKILL));
    KILLED(pid, SIGKILL);
}

CASE(stop_stops_all_threads) {
    void *body(void *unused) {
        for (;;)
            cell[0]++;
    }
    pid_t pid;
    int status;
    CHILD(pid) {
        started(body, NULL);
        pause();
    }
    UNTIL(cell[0]);
    kill(pid, SIGSTOP);
    EQUAL(waitpid(pid, &status, WUNTRACED), pid);
    suite_pause(2);
    int before = cell[0];
    suite_pause(3);
    EQUAL(cell[0], before);
    kill(pid, SIGKILL);
    KILLED(pid, SIGKILL);
}

CASE(continue_calls_a_handler) {
    pid_t pid;
    int status;
    CHILD(pid) {
        handle(SIGCONT, note, 0);
        raise(SIGSTOP);
        EQUAL(seen, SIGCONT);
    }
    EQUAL(waitpid(pid, &status, WUNTRACED), pid);
    kill(pid, SIGCONT);
    EXITS(pid, 0);
}

CASE(continue_discards_pending_stop) {
    sigset_t set;
    block(SIGTSTP, SIGCONT, 0);
    raise(SIGTSTP);
    raise(SIGCONT);
    OK(sigpending(&set));
    EQUAL(sigismember(&set, SIGTSTP), 0);
    EQUAL(sigismember(&set, SIGCONT), 1);
    raise(SIGTSTP);
    OK(sigpending(&set));
    EQUAL(sigismember(&set, SIGCONT), 0);
}

CASE(sigpipe) {
    int ends[2];
    OK(pipe(ends));
    close(ends[0]);
    handle(SIGPIPE, note, 0);
    FAILS(write(ends[1], "x", 1), EPIPE);
    EQUAL(seen, SIGPIPE);
    pid_t pid;
    CHILD(pid) {
        handle(SIGPIPE, SIG_DFL, 0);
        write(ends[1], "x", 1);
    }
    KILLED(pid, SIGPIPE);
}

CASE(file_size_limit_signals) {
    int file = file_of(0);
    struct rlimit limit = {100, 100};
    pid_t pid;
    CHILD(pid) {
        OK(setrlimit(RLIMIT_FSIZE, &limit));
        handle(SIGXFSZ, note, 0);
        EQUAL(write(file, suite_memory, 200), 100);
        FAILS(write(file, "x", 1), EFBIG);
        EQUAL(seen, SIGXFSZ);
    }
    EXITS(pid, 0);
}

CASE(alarm_replaces_and_cancels) {
    EQUAL(alarm(50), 0);
    BETWEEN(alarm(20), 49, 50);
    BETWEEN(alarm(0), 19, 20);
    EQUAL(alarm(0), 0);
}

CASE(alarm_kills_by_default) {
    pid_t pid;
    CHILD(pid) {
        struct itimerval timer = {{0, 0}, {0, 5000}};
        setitimer(ITIMER_REAL, &timer, NULL);
        for (;;)
            pause();
    }
    KILLED(pid, SIGALRM);
}

CASE(itimer_real_repeats) {
    handle(SIGALRM, note, 0);
    struct itimerval timer = {{0, 3000}, {0, 3000}}, old;
    OK(setitimer(ITIMER_REAL, &timer, NULL));
    UNTIL(count >= 4);
    OK(getitimer(ITIMER_REAL, &old));
    EQUAL(old.it_interval.tv_usec, 3000);
    memset(&timer, 0, sizeof timer);
    OK(setitimer(ITIMER_REAL, &timer, &old));
    EQUAL(old.it_interval.tv_usec, 3000);
}

CASE(itimer_virtual_and_profiling) {
    static const int signals[] = {SIGVTALRM, SIGPROF};
    for (int which = ITIMER_VIRTUAL; which <= ITIMER_PROF; which++) {
        handle(signals[which - 1], note, 0);
        struct itimerval timer = {{0, 0}, {0, 5000}};
        seen = 0;
        OK(setitimer(which, &timer, NULL));
        while (!seen)
            ;
        EQUAL(seen, signals[which - 1]);
    }
}

CASE(itimer_errors) {
    struct itimerval timer = {{0, 0}, {0, 1000000}};
    FAILS(setitimer(ITIMER_REAL, &timer, NULL), EINVAL);
    FAILS(setitimer(77, &timer, NULL), EINVAL);
    FAILS(getitimer(77, &timer), EINVAL);
    FAILS(syscall(SYS_setitimer, 0, BAD, NULL), EFAULT);
    FAILS(syscall(SYS_getitimer, 0, BAD), EFAULT);
}

CASE(posix_timer_signals) {
    handle_info(SIGRTMIN, note_info, 0);
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN};
    event.sigev_value.sival_int = 88;
    timer_t timer;
    OK(timer_create(CLOCK_MONOTONIC, &event, &timer));
    struct itimerspec time = {{0, 0}, {0, 5000000}};
    OK(timer_settime(timer, 0, &time, NULL));
    UNTIL(seen);
    EQUAL(info_seen.si_code, SI_TIMER);
    EQUAL(info_seen.si_value.sival_int, 88);
    OK(timer_gettime(timer, &time));
    EQUAL(time.it_value.tv_sec + time.it_value.tv_nsec, 0);
    OK(timer_delete(timer));
}

CASE(posix_timer_default_event) {
    handle_info(SIGALRM, note_info, 0);
    timer_t timer;
    OK(timer_create(CLOCK_REALTIME, NULL, &timer));
    struct itimerspec time = {{0, 2000000}, {0, 2000000}};
    OK(timer_settime(timer, 0, &time, NULL));
    UNTIL(count >= 3);
    OK(timer_delete(timer));
}

CASE(posix_timer_overrun) {
    sigset_t set = set_of(SIGRTMIN, 0);
    siginfo_t info;
    block(SIGRTMIN, 0);
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN};
    timer_t timer;
    OK(timer_create(CLOCK_MONOTONIC, &event, &timer));
    struct itimerspec time = {{0, 1000000}, {0, 1000000}};
    OK(timer_settime(timer, 0, &time, NULL));
    suite_pause(20);
    EQUAL(sigwaitinfo(&set, &info), SIGRTMIN);
    TRUE(info.si_overrun >= 5);
    TRUE(timer_getoverrun(timer) >= 5);
}

CASE(posix_timer_absolute) {
    handle(SIGALRM, note, 0);
    timer_t timer;
    OK(timer_create(CLOCK_MONOTONIC, NULL, &timer));
    struct itimerspec time = {0};
    clock_gettime(CLOCK_MONOTONIC, &time.it_value);
    OK(timer_settime(timer, TIMER_ABSTIME, &time, NULL));
    UNTIL(seen);
}

CASE(posix_timer_to_a_thread) {
    static volatile int tid;
    void catcher(int number) { tid = syscall(SYS_gettid); }
    handle(SIGUSR1, catcher, 0);
    void *body(void *unused) {
        cell[0] = syscall(SYS_gettid);
        UNTIL(tid);
        return NULL;
    }
    pthread_t thread = started(body, NULL);
    UNTIL(cell[0]);
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGUSR1};
    event._sigev_un._tid = cell[0];
    timer_t timer;
    OK(timer_create(CLOCK_MONOTONIC, &event, &timer));
    struct itimerspec time = {{0, 0}, {0, 3000000}};
    OK(timer_settime(timer, 0, &time, NULL));
    joined(thread);
    EQUAL(tid, cell[0]);
}

CASE(posix_timer_thread_function) {
    void expired(union sigval data) { cell[0] = data.sival_int; }
    struct sigevent event = {.sigev_notify = SIGEV_THREAD, .sigev_notify_function = expired};
    event.sigev_value.sival_int = 44;
    timer_t timer;
    OK(timer_create(CLOCK_REALTIME, &event, &timer));
    struct itimerspec time = {{0, 0}, {0, 3000000}};
    OK(timer_settime(timer, 0, &time, NULL));
    UNTIL(cell[0] == 44);
}

CASE(posix_timer_of_cpu_time) {
    handle(SIGALRM, note, 0);
    timer_t timer;
    OK(timer_create(CLOCK_PROCESS_CPUTIME_ID, NULL, &timer));
    struct itimerspec time = {{0, 0}, {0, 5000000}};
    OK(timer_settime(timer, 0, &time, NULL));
    long start = now_ms(CLOCK_PROCESS_CPUTIME_ID);
    while (!seen && now_ms(CLOCK_PROCESS_CPUTIME_ID) - start < 2000)
        ;
    EQUAL(seen, SIGALRM);
}

CASE(posix_timer_errors) {
    timer_t timer;
    struct itimerspec time = {{0, 0}, {0, 1000000000}};
    struct sigevent event = {.sigev_notify = 77};
    FAILS(timer_create(77, NULL, &timer), EINVAL);
    FAILS(timer_create(CLOCK_REALTIME, &event, &timer), EINVAL);
    FAILS(syscall(SYS_timer_settime, 12345, 0, &time, NULL), EINVAL);
    FAILS(syscall(SYS_timer_gettime, 12345, &time), EINVAL);
    FAILS(syscall(SYS_timer_delete, 12345), EINVAL);
    FAILS(syscall(SYS_timer_getoverrun, 12345), EINVAL);
    FAILS(syscall(SYS_timer_create, CLOCK_REALTIME, NULL, BAD), EFAULT);
    FAILS(syscall(SYS_timer_create, CLOCK_REALTIME, BAD, &timer), EFAULT);
    OK(timer_create(CLOCK_REALTIME, NULL, &timer));
    FAILS(timer_settime(timer, 0, &time, NULL), EINVAL);
    FAILS(timer_settime(timer, 0, BAD, NULL), EFAULT);
}

CASE(timerfd_expires) {
    int file = OK(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK));
    uint64_t times;
    struct itimerspec time = {{0, 1000000}, {0, 1000000}};
    FAILS(read(file, &times, 8), EAGAIN);
    OK(timerfd_settime(file, 0, &time, NULL));
    suite_pause(10);
    EQUAL(read(file, &times, 8), 8);
    TRUE(times >= 2);
    OK(timerfd_gettime(file, &time));
    EQUAL(time.it_interval.tv_nsec, 1000000);
}

CASE(timerfd_blocks_and_absolute) {
    int file = OK(timerfd_create(CLOCK_REALTIME, 0));
    uint64_t times;
    struct itimerspec time = {0};
    clock_gettime(CLOCK_REALTIME, &time.it_value);
    OK(timerfd_settime(file, TFD_TIMER_ABSTIME, &time, NULL));
    EQUAL(read(file, &times, 8), 8);
    EQUAL(times, 1);
}

CASE(timerfd_errors) {
    struct itimerspec time = {{0, 0}, {0, 1000000000}};
    FAILS(timerfd_create(77, 0), EINVAL);
    FAILS(timerfd_create(CLOCK_REALTIME, 0x7777), EINVAL);
    int file = OK(timerfd_create(CLOCK_REALTIME, 0));
    FAILS(timerfd_settime(file, 0, &time, NULL), EINVAL);
    FAILS(timerfd_settime(0, 0, &time, NULL), EINVAL);
    FAILS(timerfd_gettime(999, &time), EBADF);
    FAILS(timerfd_settime(file, 0, BAD, NULL), EFAULT);
    FAILS(timerfd_gettime(file, BAD), EFAULT);
    char small[4];
    FAILS(read(file, small, 4), EINVAL);
}

CASE(itimer_survives_in_another_thread) {
    handle(SIGALRM, note, 0);
    void *body(void *unused) {
        block(SIGALRM, 0);
        struct itimerval timer = {{0, 0}, {0, 5000}};
        OK(setitimer(ITIMER_REAL, &timer, NULL));
        return NULL;
    }
    joined(started(body, NULL));
    UNTIL(seen);
}

CASE(signal_to_init_group_of_nobody) { FAILS(kill(-0x3ffffff, 0), ESRCH); }

CASE(io_signal) {
    int ends[2];
    OK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
    handle_info(SIGIO, note_info, 0);
    OK(fcntl(ends[0], F_SETOWN, getpid()));
    EQUAL(fcntl(ends[0], F_GETOWN), getpid());
    OK(fcntl(ends[0], F_SETFL, O_ASYNC | O_NONBLOCK));
    write(ends[1], "x", 1);
    UNTIL(seen);
    EQUAL(seen, SIGIO);
}

CASE(io_signal_chosen) {
    int ends[2];
    OK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
    handle_info(SIGRTMIN, note_info, 0);
    OK(fcntl(ends[0], F_SETOWN, getpid()));
    OK(fcntl(ends[0], F_SETSIG, SIGRTMIN));
    OK(fcntl(ends[0], F_SETFL, O_ASYNC | O_NONBLOCK));
    write(ends[1], "x", 1);
    UNTIL(seen);
    EQUAL(info_seen.si_fd, ends[0]);
    EQUAL(info_seen.si_code, POLL_IN);
}
