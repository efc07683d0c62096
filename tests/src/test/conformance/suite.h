// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
//
// A program of named cases. Each case runs in a process of its own, in its own process group; the first check that fails, in whichever
// process, is its report. "suite" runs all cases, "suite NAME..." these; "suite -l" lists them.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

struct suite_case {
    const char *name;
    void (*run)(void);
    int seconds;
};

static struct suite_case suite_cases[200];
static int suite_count;

// What the processes of a case share.
struct suite_shared {
    volatile int failed;
    char text[240];
    volatile int cell[64];
    volatile long wide[16];
};

static struct suite_shared *suite_memory;
static char *suite_program;
#define cell suite_memory->cell
#define wide suite_memory->wide

// CASE(name) { statements }
#define CASE(title) \
    static void case_##title(void); \
    __attribute__((constructor)) static void register_##title(void) { \
        suite_cases[suite_count++] = (struct suite_case){#title, case_##title, 60}; \
    } \
    static void case_##title(void)

__attribute__((noreturn, format(printf, 3, 4))) static void failed(int line, const char *what, const char *format, ...) {
    if (__sync_bool_compare_and_swap(&suite_memory->failed, 0, 1)) {
        va_list list;
        va_start(list, format);
        int length = snprintf(suite_memory->text, sizeof suite_memory->text, "line %d: %s: ", line, what);
        if (length < (int)sizeof suite_memory->text)
            vsnprintf(suite_memory->text + length, sizeof suite_memory->text - length, format, list);
        va_end(list);
    }
    _exit(99);
}

#define EQUAL(expression, expected) \
    do { \
        long is_ = (long)(expression), should_ = (long)(expected); \
        if (is_ != should_) \
            failed(__LINE__, #expression, "expected %ld got %ld", should_, is_); \
    } while (0)

#define TRUE(condition) \
    do { \
        if (!(condition)) \
            failed(__LINE__, #condition, "expected true got false (errno %d)", errno); \
    } while (0)

#define BETWEEN(expression, low, high) \
    do { \
        long is_ = (long)(expression); \
        if (is_ < (long)(low) || is_ > (long)(high)) \
            failed(__LINE__, #expression, "expected %ld..%ld got %ld", (long)(low), (long)(high), is_); \
    } while (0)

#define OK(expression) \
    ({ \
        errno = 0; \
        long is_ = (long)(expression); \
        if (is_ == -1) \
            failed(__LINE__, #expression, "expected success got errno %d (%s)", errno, strerror(errno)); \
        is_; \
    })

#define FAILS(expression, number) \
    do { \
        errno = 0; \
        long is_ = (long)(expression); \
        if (is_ != -1) \
            failed(__LINE__, #expression, "expected %s got %ld", #number, is_); \
        if (errno != (number)) \
            failed(__LINE__, #expression, "expected %s got errno %d (%s)", #number, errno, strerror(errno)); \
    } while (0)

// Waits, without being interrupted, until another process or thread has made the condition true.
#define UNTIL(condition) \
    do { \
        for (int turn_ = 0; !(condition); turn_++) { \
            if (turn_ == 5000) \
                failed(__LINE__, #condition, "expected true, waited in vain"); \
            suite_pause(1); \
        } \
    } while (0)

// CHILD(pid) { what the child does, then it exits with 0 }
#define CHILD(pid) for ((pid) = OK(fork()); (pid) == 0; _exit(0))

#define EXITS(pid, code) \
    do { \
        pid_t pid_ = (pid); \
        int status_; \
        EQUAL(suite_wait(pid_, &status_), pid_); \
        if (!WIFEXITED(status_) || WEXITSTATUS(status_) != (code)) \
            failed(__LINE__, #pid, "expected exit %d got status 0x%x", (int)(code), status_); \
    } while (0)

#define KILLED(pid, number) \
    do { \
        pid_t pid_ = (pid); \
        int status_; \
        EQUAL(suite_wait(pid_, &status_), pid_); \
        if (!WIFSIGNALED(status_) || WTERMSIG(status_) != (number)) \
            failed(__LINE__, #pid, "expected signal %d got status 0x%x", (int)(number), status_); \
    } while (0)

#define BAD ((void *)16)
#define KERNEL ((void *)0xffff888000000000ul)

static void suite_pause(int milliseconds) {
    struct timespec left = {milliseconds / 1000, milliseconds % 1000 * 1000000l};
    while (nanosleep(&left, &left) < 0)
        ;
}

static pid_t suite_wait(pid_t pid, int *status) {
    pid_t result;
    do
        result = waitpid(pid, status, 0);
    while (result < 0 && errno == EINTR);
    return result;
}

__attribute__((unused)) static long now_ms(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

__attribute__((unused)) static void handle(int number, void (*handler)(int), int flags) {
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
    OK(sigaction(number, &action, NULL));
}

__attribute__((unused)) static void handle_info(int number, void (*handler)(int, siginfo_t *, void *), int flags) {
    struct sigaction action = {.sa_sigaction = handler, .sa_flags = flags | SA_SIGINFO};
    OK(sigaction(number, &action, NULL));
}

__attribute__((unused)) static sigset_t set_of(int one, ...) {
    sigset_t set;
    sigemptyset(&set);
    va_list list;
    va_start(list, one);
    for (int number = one; number; number = va_arg(list, int))
        sigaddset(&set, number);
    va_end(list);
    return set;
}

// block(SIGUSR1, SIGUSR2, 0)
#define block(...) \
    do { \
        sigset_t set_ = set_of(__VA_ARGS__); \
        EQUAL(pthread_sigmask(SIG_BLOCK, &set_, NULL), 0); \
    } while (0)
#define unblock(...) \
    do { \
        sigset_t set_ = set_of(__VA_ARGS__); \
        EQUAL(pthread_sigmask(SIG_UNBLOCK, &set_, NULL), 0); \
    } while (0)

__attribute__((unused)) static pthread_t started(void *(*body)(void *), void *argument) {
    pthread_t thread;
    EQUAL(pthread_create(&thread, NULL, body, argument), 0);
    return thread;
}

__attribute__((unused)) static void *joined(pthread_t thread) {
    void *result;
    EQUAL(pthread_join(thread, &result), 0);
    return result;
}

__attribute__((unused)) static char *pages(int count) {
    return (char *)OK(mmap(NULL, count * 4096l, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

// A file without a name in the working directory.
__attribute__((unused)) static int file_of(long size) {
    static int number;
    char name[64];
    sprintf(name, "file-%d-%d", (int)getpid(), number++);
    int file = OK(open(name, O_RDWR | O_CREAT | O_TRUNC, 0600));
    unlink(name);
    OK(ftruncate(file, size));
    return file;
}

static void suite_run(struct suite_case *one) {
    memset(suite_memory, 0, sizeof *suite_memory);
    pid_t pid = fork();
    if (pid == 0) {
        setpgid(0, 0);
        for (int number = 1; number < 32; number++)
            signal(number, SIG_DFL);
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        one->run();
        _exit(0);
    }
    int status = 0;
    int waited = 0;
    while (waitpid(pid, &status, WNOHANG) == 0 && waited < one->seconds * 500) {
        suite_pause(2);
        waited++;
    }
    kill(-pid, SIGKILL);
    if (waited == one->seconds * 500) {
        waitpid(pid, &status, 0);
        printf("%s: FAIL does not end within %d s %s\n", one->name, one->seconds, suite_memory->text);
    } else if (suite_memory->failed) {
        printf("%s: FAIL %s\n", one->name, suite_memory->text);
    } else if (status != 0) {
        printf("%s: FAIL status of the case: expected 0 got 0x%x\n", one->name, status);
    } else {
        printf("%s: ok\n", one->name);
    }
    fflush(stdout);
}

int program(int argc, char **argv);

int main(int argc, char **argv) {
    suite_program = argv[0];
    if (argc > 1 && strcmp(argv[1], "-x") == 0)
        return program(argc - 2, argv + 2);
    suite_memory = mmap(NULL, sizeof *suite_memory, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < suite_count; i++) {
        int wanted = argc == 1;
        for (int j = 1; j < argc; j++)
            wanted |= strcmp(argv[j], suite_cases[i].name) == 0;
        if (argc > 1 && strcmp(argv[1], "-l") == 0)
            puts(suite_cases[i].name);
        else if (wanted)
            suite_run(&suite_cases[i]);
    }
    return 0;
}

// What "suite -x arguments..." does; a source that has a function of its own for it defines EXECUTED.
#ifndef EXECUTED
int program(int argc, char **argv) {
    return argc > 0 ? atoi(argv[0]) : 0;
}
#endif
