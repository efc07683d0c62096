// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// POSIX threads, futexes, robust lists, scheduling, affinity.
#include "suite.h"
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <semaphore.h>

static long futex(volatile int *word, int operation, int number, const void *timeout, volatile int *other, int third) {
    return syscall(SYS_futex, word, operation, number, timeout, other, third);
}

static struct timespec after(clockid_t clock, int milliseconds) {
    struct timespec time;
    clock_gettime(clock, &time);
    time.tv_nsec += milliseconds * 1000000l;
    time.tv_sec += time.tv_nsec / 1000000000;
    time.tv_nsec %= 1000000000;
    return time;
}

CASE(thread_returns_a_value) {
    void *body(void *argument) { return (char *)argument + 1; }
    EQUAL(joined(started(body, (void *)41)), 42);
}

CASE(thread_exit_in_nested_call) {
    void *body(void *argument) {
        pthread_exit((void *)9);
    }
    EQUAL(joined(started(body, NULL)), 9);
}

CASE(thread_has_own_tid_same_pid) {
    void *body(void *argument) {
        EQUAL(getpid(), *(pid_t *)argument);
        TRUE(syscall(SYS_gettid) != getpid());
        return NULL;
    }
    pid_t pid = getpid();
    joined(started(body, &pid));
}

CASE(thread_join_errors) {
    EQUAL(pthread_join(pthread_self(), NULL), EDEADLK);
    void *body(void *argument) { return NULL; }
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    EQUAL(pthread_create(&thread, &attributes, body, NULL), 0);
}

CASE(thread_many) {
    static volatile int count;
    void *body(void *argument) {
        __sync_fetch_and_add(&count, 1);
        return argument;
    }
    pthread_t threads[50];
    for (long i = 0; i < 50; i++)
        threads[i] = started(body, (void *)i);
    for (long i = 0; i < 50; i++)
        EQUAL(joined(threads[i]), i);
    EQUAL(count, 50);
}

CASE(thread_local_storage) {
    static __thread int own = 5;
    void *body(void *argument) {
        EQUAL(own, 5);
        own = 6;
        return NULL;
    }
    own = 7;
    joined(started(body, NULL));
    EQUAL(own, 7);
}

CASE(thread_keys_run_destructors) {
    static pthread_key_t key;
    static volatile long seen;
    void destroy(void *data) { seen = (long)data; }
    void *body(void *argument) {
        pthread_setspecific(key, (void *)12);
        return NULL;
    }
    EQUAL(pthread_key_create(&key, destroy), 0);
    joined(started(body, NULL));
    EQUAL(seen, 12);
}

CASE(thread_once) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    static volatile int count;
    void first(void) { count++; }
    void *body(void *argument) {
        pthread_once(&once, first);
        return NULL;
    }
    pthread_t threads[8];
    for (int i = 0; i < 8; i++)
        threads[i] = started(body, NULL);
    for (int i = 0; i < 8; i++)
        joined(threads[i]);
    EQUAL(count, 1);
}

CASE(thread_stack_size) {
    void *body(void *argument) {
        volatile char big[900000];
        memset((char *)big, 1, sizeof big);
        return (void *)(long)big[899999];
    }
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    EQUAL(pthread_attr_setstacksize(&attributes, 1 << 20), 0);
    EQUAL(pthread_create(&thread, &attributes, body, NULL), 0);
    EQUAL(joined(thread), 1);
}

CASE(thread_name) {
    char name[16];
    EQUAL(pthread_setname_np(pthread_self(), "somebody"), 0);
    OK(prctl(PR_GET_NAME, name));
    TRUE(strcmp(name, "somebody") == 0);
}

CASE(cancel_in_sleep) {
    void *body(void *argument) {
        for (;;)
            sleep(100);
    }
    pthread_t thread = started(body, NULL);
    EQUAL(pthread_cancel(thread), 0);
    EQUAL(joined(thread), PTHREAD_CANCELED);
}

CASE(cancel_in_read) {
    static int ends[2];
    void *body(void *argument) {
        char byte;
        cell[0] = 1;
        read(ends[0], &byte, 1);
        return NULL;
    }
    OK(pipe(ends));
    pthread_t thread = started(body, NULL);
    UNTIL(cell[0]);
    suite_pause(5);
    EQUAL(pthread_cancel(thread), 0);
    EQUAL(joined(thread), PTHREAD_CANCELED);
}

CASE(cancel_in_condition_locks_the_mutex) {
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
    void unlock(void *argument) { cell[1] = pthread_mutex_unlock(&mutex) + 100; }
    void *body(void *argument) {
        pthread_mutex_lock(&mutex);
        pthread_cleanup_push(unlock, NULL);
        cell[0] = 1;
        for (;;)
            pthread_cond_wait(&condition, &mutex);
        pthread_cleanup_pop(0);
    }
    pthread_t thread = started(body, NULL);
    UNTIL(cell[0]);
    EQUAL(pthread_cancel(thread), 0);
    EQUAL(joined(thread), PTHREAD_CANCELED);
    EQUAL(cell[1], 100);
}

CASE(cancel_disabled) {
    void *body(void *argument) {
        pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
        cell[0] = 1;
        UNTIL(cell[1]);
        suite_pause(2);
        return (void *)3;
    }
    pthread_t thread = started(body, NULL);
    UNTIL(cell[0]);
    EQUAL(pthread_cancel(thread), 0);
    cell[1] = 1;
    EQUAL(joined(thread), 3);
}

CASE(cancel_asynchronously) {
    void *body(void *argument) {
        pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
        for (;;)
            cell[0] = 1;
    }
    pthread_t thread = started(body, NULL);
    UNTIL(cell[0]);
    EQUAL(pthread_cancel(thread), 0);
    EQUAL(joined(thread), PTHREAD_CANCELED);
}

CASE(mutex_excludes) {
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    static volatile int count;
    void *body(void *argument) {
        for (int i = 0; i < 2000; i++) {
            pthread_mutex_lock(&mutex);
            count = count + 1;
            pthread_mutex_unlock(&mutex);
        }
        return NULL;
    }
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        threads[i] = started(body, NULL);
    for (int i = 0; i < 4; i++)
        joined(threads[i]);
    EQUAL(count, 8000);
}

CASE(mutex_types) {
    pthread_mutexattr_t attributes;
    pthread_mutex_t mutex;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
    pthread_mutex_init(&mutex, &attributes);
    EQUAL(pthread_mutex_lock(&mutex), 0);
    EQUAL(pthread_mutex_lock(&mutex), EDEADLK);
    EQUAL(pthread_mutex_unlock(&mutex), 0);
    EQUAL(pthread_mutex_unlock(&mutex), EPERM);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&mutex, &attributes);
    EQUAL(pthread_mutex_lock(&mutex), 0);
    EQUAL(pthread_mutex_lock(&mutex), 0);
}

CASE(mutex_timedlock) {
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&mutex);
    struct timespec time = after(CLOCK_REALTIME, 10);
    EQUAL(pthread_mutex_timedlock(&mutex, &time), ETIMEDOUT);
    time = after(CLOCK_MONOTONIC, 10);
    EQUAL(pthread_mutex_clocklock(&mutex, CLOCK_MONOTONIC, &time), ETIMEDOUT);
    EQUAL(pthread_mutex_trylock(&mutex), EBUSY);
}

CASE(mutex_robust_after_thread_death) {
    static pthread_mutex_t mutex;
    void *body(void *argument) {
        pthread_mutex_lock(&mutex);
        return NULL;
    }
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&mutex, &attributes);
    joined(started(body, NULL));
    EQUAL(pthread_mutex_lock(&mutex), EOWNERDEAD);
    EQUAL(pthread_mutex_consistent(&mutex), 0);
    EQUAL(pthread_mutex_unlock(&mutex), 0);
    EQUAL(pthread_mutex_lock(&mutex), 0);
}

CASE(mutex_robust_after_process_death) {
    pthread_mutex_t *mutex = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(mutex, &attributes);
    pid_t pid;
    CHILD(pid) {
        pthread_mutex_lock(mutex);
        raise(SIGKILL);
    }
    KILLED(pid, SIGKILL);
    EQUAL(pthread_mutex_lock(mutex), EOWNERDEAD);
    EQUAL(pthread_mutex_unlock(mutex), 0);
    EQUAL(pthread_mutex_lock(mutex), ENOTRECOVERABLE);
}

CASE(mutex_priority_inheriting) {
    static pthread_mutex_t mutex;
    void *body(void *argument) {
        cell[0] = 1;
        EQUAL(pthread_mutex_lock(&mutex), 0);
        EQUAL(pthread_mutex_unlock(&mutex), 0);
        return NULL;
    }
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    EQUAL(pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT), 0);
    EQUAL(pthread_mutex_init(&mutex, &attributes), 0);
    EQUAL(pthread_mutex_lock(&mutex), 0);
    pthread_t thread = started(body, NULL);
    UNTIL(cell[0]);
    suite_pause(5);
    EQUAL(pthread_mutex_unlock(&mutex), 0);
    joined(thread);
}

CASE(condition_signal_and_broadcast) {
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
    static volatile int waiting, released, open;
    void *body(void *argument) {
        pthread_mutex_lock(&mutex);
        waiting++;
        while (!open)
            pthread_cond_wait(&condition, &mutex);
        released++;
        pthread_mutex_unlock(&mutex);
        return NULL;
    }
    pthread_t threads[6];
    for (int i = 0; i < 6; i++)
        threads[i] = started(body, NULL);
    UNTIL(waiting == 6);
    pthread_mutex_lock(&mutex);
    open = 1;
    pthread_cond_broadcast(&condition);
    pthread_mutex_unlock(&mutex);
    for (int i = 0; i < 6; i++)
        joined(threads[i]);
    EQUAL(released, 6);
}

CASE(condition_timedwait_both_clocks) {
    static const clockid_t clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC};
    for (int i = 0; i < 2; i++) {
        pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
        pthread_condattr_t attributes;
        pthread_cond_t condition;
        pthread_condattr_init(&attributes);
        pthread_condattr_setclock(&attributes, clocks[i]);
        pthread_cond_init(&condition, &attributes);
        pthread_mutex_lock(&mutex);
        struct timespec time = after(clocks[i], 20);
        EQUAL(pthread_cond_timedwait(&condition, &mutex, &time), ETIMEDOUT);
        struct timespec now;
        clock_gettime(clocks[i], &now);
        TRUE(now.tv_sec > time.tv_sec || (now.tv_sec == time.tv_sec && now.tv_nsec >= time.tv_nsec));
    }
}

CASE(rwlock) {
    static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
    EQUAL(pthread_rwlock_rdlock(&lock), 0);
    EQUAL(pthread_rwlock_tryrdlock(&lock), 0);
    EQUAL(pthread_rwlock_trywrlock(&lock), EBUSY);
    void *body(void *argument) {
        EQUAL(pthread_rwlock_wrlock(&lock), 0);
        cell[0] = 1;
        EQUAL(pthread_rwlock_unlock(&lock), 0);
        return NULL;
    }
    pthread_t thread = started(body, NULL);
    EQUAL(pthread_rwlock_unlock(&lock), 0);
    EQUAL(cell[0], 0);
    EQUAL(pthread_rwlock_unlock(&lock), 0);
    joined(thread);
    EQUAL(cell[0], 1);
}

CASE(barrier) {
    static pthread_barrier_t barrier;
    static volatile int serial, before;
    void *body(void *argument) {
        for (int i = 0; i < 10; i++) {
            __sync_fetch_and_add(&before, 1);
            if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD)
                __sync_fetch_and_add(&serial, 1);
            TRUE(before >= 4 * (i + 1));
        }
        return NULL;
    }
    pthread_barrier_init(&barrier, NULL, 4);
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        threads[i] = started(body, NULL);
    for (int i = 0; i < 4; i++)
        joined(threads[i]);
    EQUAL(serial, 10);
}

CASE(semaphore_between_processes) {
    sem_t *semaphore = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    OK(sem_init(semaphore, 1, 0));
    pid_t pid;
    CHILD(pid) { OK(sem_wait(semaphore)); }
    suite_pause(5);
    OK(sem_post(semaphore));
    EXITS(pid, 0);
    FAILS(sem_trywait(semaphore), EAGAIN);
    struct timespec time = after(CLOCK_REALTIME, 5);
    FAILS(sem_timedwait(semaphore, &time), ETIMEDOUT);
}

CASE(semaphore_interrupted) {
    void catcher(int number) {}
    handle(SIGALRM, catcher, 0);
    sem_t semaphore;
    sem_init(&semaphore, 0, 0);
    struct itimerval timer = {{0, 0}, {0, 10000}};
    OK(setitimer(ITIMER_REAL, &timer, NULL));
    FAILS(sem_wait(&semaphore), EINTR);
}

CASE(semaphore_named) {
    char name[30];
    sprintf(name, "/suite-%d", getpid());
    sem_t *semaphore = sem_open(name, O_CREAT | O_EXCL, 0600, 1);
    TRUE(semaphore != SEM_FAILED);
    OK(sem_wait(semaphore));
    pid_t pid;
    CHILD(pid) { OK(sem_post(semaphore)); }
    OK(sem_wait(semaphore));
    EXITS(pid, 0);
    OK(sem_unlink(name));
}

CASE(futex_wait_value_differs) { FAILS(futex(&cell[0], FUTEX_WAIT, 1, NULL, NULL, 0), EAGAIN); }

CASE(futex_wait_timeout_is_relative) {
    struct timespec time = {0, 10000000};
    long start = now_ms(CLOCK_MONOTONIC);
    FAILS(futex(&cell[0], FUTEX_WAIT, 0, &time, NULL, 0), ETIMEDOUT);
    TRUE(now_ms(CLOCK_MONOTONIC) - start >= 9);
}

CASE(futex_wait_bitset_timeout_is_absolute) {
    struct timespec time = after(CLOCK_MONOTONIC, 10);
    FAILS(futex(&cell[0], FUTEX_WAIT_BITSET, 0, &time, NULL, -1), ETIMEDOUT);
    time = after(CLOCK_REALTIME, 10);
    FAILS(futex(&cell[0], FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 0, &time, NULL, -1), ETIMEDOUT);
    time = (struct timespec){0, 0};
    FAILS(futex(&cell[0], FUTEX_WAIT_BITSET, 0, &time, NULL, -1), ETIMEDOUT);
}

CASE(futex_bad_arguments) {
    struct timespec time = {0, 1000000000};
    FAILS(futex(&cell[0], FUTEX_WAIT, 0, &time, NULL, 0), EINVAL);
    time = (struct timespec){-1, 0};
    FAILS(futex(&cell[0], FUTEX_WAIT, 0, &time, NULL, 0), EINVAL);
    FAILS(futex((int *)((char *)cell + 1), FUTEX_WAIT, 0, NULL, NULL, 0), EINVAL);
    FAILS(futex((int *)((char *)cell + 1), FUTEX_WAKE, 1, NULL, NULL, 0), EINVAL);
    FAILS(futex((int *)4096, FUTEX_WAIT, 0, NULL, NULL, 0), EFAULT);
    FAILS(futex(&cell[0], FUTEX_WAIT, 0, BAD, NULL, 0), EFAULT);
    FAILS(futex(&cell[0], 100, 0, NULL, NULL, 0), ENOSYS);
    FAILS(futex(&cell[0], FUTEX_WAIT_BITSET, 0, NULL, NULL, 0), EINVAL);
    FAILS(futex(&cell[0], FUTEX_WAKE_BITSET, 1, NULL, NULL, 0), EINVAL);
    FAILS(futex(&cell[0], FUTEX_WAKE | FUTEX_CLOCK_REALTIME, 1, NULL, NULL, 0), ENOSYS);
}

CASE(futex_wait_interrupted) {
    void catcher(int number) {}
    handle(SIGALRM, catcher, 0);
    struct itimerval timer = {{0, 0}, {0, 10000}};
    OK(setitimer(ITIMER_REAL, &timer, NULL));
    FAILS(futex(&cell[0], FUTEX_WAIT, 0, NULL, NULL, 0), EINTR);
}

CASE(futex_wake_nobody) { EQUAL(futex(&cell[0], FUTEX_WAKE, 1, NULL, NULL, 0), 0); }

static void *futex_waiter(void *argument) {
    long result = futex(&cell[0], FUTEX_WAIT, 0, NULL, NULL, 0);
    EQUAL(result, 0);
    __sync_fetch_and_add(&cell[1], 1);
    return NULL;
}

// Wakes as many as said, waiting until they sleep.
static void wake(volatile int *word, int count) {
    for (int turn = 0; count > 0; turn++) {
        TRUE(turn < 5000);
        count -= OK(futex(word, FUTEX_WAKE, count, NULL, NULL, 0));
        if (count)
            suite_pause(1);
    }
}

CASE(futex_wakes_the_number_asked_for) {
    pthread_t threads[3];
    for (int i = 0; i < 3; i++)
        threads[i] = started(futex_waiter, NULL);
    wake(&cell[0], 1);
    UNTIL(cell[1] == 1);
    wake(&cell[0], 2);
    for (int i = 0; i < 3; i++)
        joined(threads[i]);
}

CASE(futex_between_processes) {
    pid_t pid;
    CHILD(pid) { futex_waiter(NULL); }
    wake(&cell[0], 1);
    EXITS(pid, 0);
}

CASE(futex_of_shared_file) {
    int file = file_of(4096);
    volatile int *one = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    volatile int *two = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    pid_t pid;
    CHILD(pid) { EQUAL(futex(one, FUTEX_WAIT, 0, NULL, NULL, 0), 0); }
    wake(two, 1);
    EXITS(pid, 0);
}

CASE(futex_private_is_apart_from_shared) {
    pthread_t thread = started(futex_waiter, NULL);
    suite_pause(20);
    EQUAL(futex(&cell[0], FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0), 0);
    wake(&cell[0], 1);
    joined(thread);
}

CASE(futex_bitset_selects) {
    void *body(void *argument) {
        EQUAL(futex(&cell[0], FUTEX_WAIT_BITSET, 0, NULL, NULL, 2), 0);
        return NULL;
    }
    pthread_t thread = started(body, NULL);
    suite_pause(20);
    EQUAL(futex(&cell[0], FUTEX_WAKE_BITSET, 1, NULL, NULL, 1), 0);
    UNTIL(futex(&cell[0], FUTEX_WAKE_BITSET, 1, NULL, NULL, 3) == 1);
    joined(thread);
}

CASE(futex_requeue) {
    pthread_t threads[3];
    for (int i = 0; i < 3; i++)
        threads[i] = started(futex_waiter, NULL);
    int moved = 0;
    for (int turn = 0; moved < 3; turn++) {
        TRUE(turn < 5000);
        moved += OK(futex(&cell[0], FUTEX_REQUEUE, 0, (void *)10, &cell[5], 0));
        suite_pause(1);
    }
    EQUAL(futex(&cell[0], FUTEX_WAKE, 10, NULL, NULL, 0), 0);
    wake(&cell[5], 3);
    for (int i = 0; i < 3; i++)
        joined(threads[i]);
}

CASE(futex_cmp_requeue) {
    FAILS(futex(&cell[0], FUTEX_CMP_REQUEUE, 1, (void *)1, &cell[5], 3), EAGAIN);
    pthread_t thread = started(futex_waiter, NULL);
    suite_pause(20);
    UNTIL(futex(&cell[0], FUTEX_CMP_REQUEUE, 0, (void *)1, &cell[5], 0) == 1);
    wake(&cell[5], 1);
    joined(thread);
    FAILS(futex(&cell[0], FUTEX_CMP_REQUEUE, -1, (void *)1, &cell[5], 0), EINVAL);
}

CASE(futex_wake_op) {
    pthread_t thread = started(futex_waiter, NULL);
    suite_pause(20);
    cell[5] = 10;
    EQUAL(futex(&cell[6], FUTEX_WAKE_OP, 1, (void *)1, &cell[5], FUTEX_OP(FUTEX_OP_ADD, 5, FUTEX_OP_CMP_EQ, 10)), 0);
    EQUAL(cell[5], 15);
    EQUAL(futex(&cell[6], FUTEX_WAKE_OP, 1, (void *)1, &cell[0], FUTEX_OP(FUTEX_OP_OR, 0, FUTEX_OP_CMP_EQ, 0)), 1);
    joined(thread);
}

CASE(futex_pi) {
    EQUAL(futex(&cell[0], FUTEX_LOCK_PI, 0, NULL, NULL, 0), 0);
    EQUAL(cell[0], syscall(SYS_gettid));
    FAILS(futex(&cell[0], FUTEX_LOCK_PI, 0, NULL, NULL, 0), EDEADLK);
    void *body(void *argument) {
        FAILS(futex(&cell[0], FUTEX_TRYLOCK_PI, 0, NULL, NULL, 0), EAGAIN);
        FAILS(futex(&cell[0], FUTEX_UNLOCK_PI, 0, NULL, NULL, 0), EPERM);
        struct timespec time = after(CLOCK_REALTIME, 10);
        FAILS(futex(&cell[0], FUTEX_LOCK_PI, 0, &time, NULL, 0), ETIMEDOUT);
        return NULL;
    }
    joined(started(body, NULL));
    EQUAL(futex(&cell[0], FUTEX_UNLOCK_PI, 0, NULL, NULL, 0), 0);
    EQUAL(cell[0], 0);
}

CASE(futex_wait_requeue_pi) {
    void *body(void *argument) {
        cell[1] = 1;
        EQUAL(futex(&cell[0], FUTEX_WAIT_REQUEUE_PI, 0, NULL, &cell[8], 0), 0);
        EQUAL(cell[8] & FUTEX_TID_MASK, syscall(SYS_gettid));
        EQUAL(futex(&cell[8], FUTEX_UNLOCK_PI, 0, NULL, NULL, 0), 0);
        return NULL;
    }
    pthread_t thread = started(body, NULL);
    UNTIL(cell[1]);
    UNTIL(OK(futex(&cell[0], FUTEX_CMP_REQUEUE_PI, 1, (void *)1, &cell[8], 0)) == 1);
    joined(thread);
}

struct waiter {
    uint64_t expected, address;
    uint32_t flags, reserved;
};

CASE(futex_waitv) {
    struct waiter waiters[2] = {{0, (uintptr_t)&cell[0], 2, 0}, {1, (uintptr_t)&cell[1], 2, 0}};
    FAILS(syscall(SYS_futex_waitv, waiters, 2, 0, NULL, 0), EAGAIN);
    struct timespec time = after(CLOCK_MONOTONIC, 10);
    waiters[1].expected = 0;
    FAILS(syscall(SYS_futex_waitv, waiters, 2, 0, &time, CLOCK_MONOTONIC), ETIMEDOUT);
    FAILS(syscall(SYS_futex_waitv, waiters, 0, 0, NULL, 0), EINVAL);
}

CASE(futex_requeue_pi_moves_all) {
    void *body(void *argument) {
        __sync_fetch_and_add(&cell[1], 1);
        EQUAL(futex(&cell[0], FUTEX_WAIT_REQUEUE_PI, 0, NULL, &cell[8], 0), 0);
        EQUAL(cell[8] & FUTEX_TID_MASK, syscall(SYS_gettid));
        cell[2]++;
        EQUAL(futex(&cell[8], FUTEX_UNLOCK_PI, 0, NULL, NULL, 0), 0);
        return NULL;
    }
    EQUAL(futex(&cell[8], FUTEX_LOCK_PI, 0, NULL, NULL, 0), 0);
    pthread_t threads[3];
    for (int i = 0; i < 3; i++)
        threads[i] = started(body, NULL);
    UNTIL(cell[1] == 3);
    int moved = 0;
    UNTIL((moved += OK(futex(&cell[0], FUTEX_CMP_REQUEUE_PI, 1, (void *)1000, &cell[8], 0))) == 3);
    EQUAL(cell[2], 0);
    EQUAL(cell[8] & FUTEX_TID_MASK, syscall(SYS_gettid));
    EQUAL(futex(&cell[8], FUTEX_UNLOCK_PI, 0, NULL, NULL, 0), 0);
    for (int i = 0; i < 3; i++)
        joined(threads[i]);
    EQUAL(cell[2], 3);
    EQUAL(cell[8], 0);
}

CASE(futex_requeue_pi_errors) {
    void *ordinary(void *argument) {
        EQUAL(futex(&cell[0], FUTEX_WAIT, 0, NULL, NULL, 0), 0);
        return NULL;
    }
    FAILS(futex(&cell[0], FUTEX_CMP_REQUEUE_PI, 2, (void *)1, &cell[8], 0), EINVAL);
    FAILS(futex(&cell[0], FUTEX_CMP_REQUEUE_PI, 1, (void *)1, &cell[0], 0), EINVAL);
    FAILS(futex(&cell[0], FUTEX_CMP_REQUEUE_PI, 1, (void *)1, &cell[8], 1), EAGAIN);
    FAILS(futex(&cell[0], FUTEX_WAIT_REQUEUE_PI, 0, NULL, &cell[0], 0), EINVAL);
    FAILS(futex(&cell[0], FUTEX_WAIT_REQUEUE_PI, 1, NULL, &cell[8], 0), EAGAIN);
    EQUAL(futex(&cell[0], FUTEX_CMP_REQUEUE_PI, 1, (void *)1, &cell[8], 0), 0);
    pthread_t thread = started(ordinary, NULL);
    UNTIL(futex(&cell[0], FUTEX_CMP_REQUEUE_PI, 1, (void *)1, &cell[8], 0) == -1 && errno == EINVAL);
    EQUAL(futex(&cell[0], FUTEX_WAKE, 1, NULL, NULL, 0), 1);
    joined(thread);
}

CASE(futex_wait_requeue_pi_is_not_woken) {
    void *body(void *argument) {
        struct timespec time = after(CLOCK_MONOTONIC, 200);
        FAILS(futex(&cell[0], FUTEX_WAIT_REQUEUE_PI, 0, &time, &cell[8], 0), ETIMEDOUT);
        time = after(CLOCK_REALTIME, 10);
        FAILS(futex(&cell[0], FUTEX_WAIT_REQUEUE_PI | FUTEX_CLOCK_REALTIME, 0, &time, &cell[8], 0), ETIMEDOUT);
        return NULL;
    }
    pthread_t thread = started(body, NULL);
    UNTIL(futex(&cell[0], FUTEX_WAKE, 1, NULL, NULL, 0) == -1 && errno == EINVAL);
    joined(thread);
}

CASE(futex_requeued_waiter_times_out) {
    void *body(void *argument) {
        struct timespec time = after(CLOCK_MONOTONIC, 300);
        FAILS(futex(&cell[0], FUTEX_WAIT_REQUEUE_PI, 0, &time, &cell[8], 0), ETIMEDOUT);
        return NULL;
    }
    EQUAL(futex(&cell[8], FUTEX_LOCK_PI, 0, NULL, NULL, 0), 0);
    pthread_t thread = started(body, NULL);
    UNTIL(OK(futex(&cell[0], FUTEX_CMP_REQUEUE_PI, 1, (void *)0, &cell[8], 0)) == 1);
    joined(thread);
    EQUAL(futex(&cell[8], FUTEX_UNLOCK_PI, 0, NULL, NULL, 0), 0);
    EQUAL(cell[8], 0);
}

CASE(futex_pi_of_a_thread_that_ended) {
    void *owner(void *argument) {
        EQUAL(futex(&cell[0], FUTEX_LOCK_PI, 0, NULL, NULL, 0), 0);
        cell[1] = 1;
        UNTIL(cell[0] < 0);
        return NULL;
    }
    pthread_t thread = started(owner, NULL);
    UNTIL(cell[1]);
    EQUAL(futex(&cell[0], FUTEX_LOCK_PI, 0, NULL, NULL, 0), 0);
    EQUAL(cell[0] & FUTEX_TID_MASK, syscall(SYS_gettid));
    joined(thread);
}

CASE(futex_pi_owner_is_not_a_thread) {
    cell[0] = 0x3ffffff;
    FAILS(futex(&cell[0], FUTEX_LOCK_PI, 0, NULL, NULL, 0), ESRCH);
}

CASE(futex_realtime_flag) {
    struct timespec time = {0, 1000000};
    FAILS(futex(&cell[0], FUTEX_WAIT | FUTEX_CLOCK_REALTIME, 0, &time, NULL, 0), ENOSYS);
    FAILS(futex(&cell[0], FUTEX_WAKE | FUTEX_CLOCK_REALTIME, 1, NULL, NULL, 0), ENOSYS);
    time = after(CLOCK_REALTIME, 5);
    FAILS(futex(&cell[0], FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 0, &time, NULL, -1), ETIMEDOUT);
    FAILS(futex(&cell[0], 77, 0, NULL, NULL, 0), ENOSYS);
}

CASE(futex_waitv_wakes) {
    void *body(void *argument) {
        struct waiter waiters[3] = {
            {0, (uintptr_t)&cell[0], 2, 0}, {0, (uintptr_t)&cell[1], 2, 0}, {0, (uintptr_t)&cell[2], 2, 0}};
        EQUAL(syscall(SYS_futex_waitv, waiters, 3, 0, NULL, 0), 1);
        return NULL;
    }
    pthread_t thread = started(body, NULL);
    UNTIL(futex(&cell[1], FUTEX_WAKE, 1, NULL, NULL, 0) == 1);
    joined(thread);
    EQUAL(futex(&cell[0], FUTEX_WAKE, 1, NULL, NULL, 0), 0);
}

CASE(futex_waitv_errors) {
    struct waiter waiters[2] = {{0, (uintptr_t)&cell[0], 2, 0}, {0, (uintptr_t)&cell[1], 2, 1}};
    FAILS(syscall(SYS_futex_waitv, waiters, 2, 0, NULL, 0), EINVAL);
    waiters[1].reserved = 0;
    waiters[1].flags = 0;
    FAILS(syscall(SYS_futex_waitv, waiters, 2, 0, NULL, 0), EINVAL);
    FAILS(syscall(SYS_futex_waitv, waiters, 1, 1, NULL, 0), EINVAL);
    FAILS(syscall(SYS_futex_waitv, waiters, 129, 0, NULL, 0), EINVAL);
    FAILS(syscall(SYS_futex_waitv, NULL, 1, 0, NULL, 0), EINVAL);
    struct timespec time = {0, 1};
    FAILS(syscall(SYS_futex_waitv, waiters, 1, 0, &time, CLOCK_BOOTTIME), EINVAL);
}

#define FUTEX2_WAKE 454
#define FUTEX2_WAIT 455
#define FUTEX2_REQUEUE 456

CASE(futex2_wait_and_wake) {
    void *body(void *argument) {
        EQUAL(syscall(FUTEX2_WAIT, &cell[0], 0, 6, 2, NULL, 0), 0);
        return NULL;
    }
    pthread_t thread = started(body, NULL);
    EQUAL(syscall(FUTEX2_WAKE, &cell[0], 1, 1, 2), 0);
    UNTIL(OK(syscall(FUTEX2_WAKE, &cell[0], 2, 1, 2)) == 1);
    joined(thread);
    struct timespec time = after(CLOCK_MONOTONIC, 5);
    FAILS(syscall(FUTEX2_WAIT, &cell[0], 0, 1, 2, &time, CLOCK_MONOTONIC), ETIMEDOUT);
    FAILS(syscall(FUTEX2_WAIT, &cell[0], 1, 1, 2, &time, CLOCK_MONOTONIC), EAGAIN);
}

CASE(futex2_requeue) {
    struct waiter words[2] = {{0, (uintptr_t)&cell[0], 2, 0}, {0, (uintptr_t)&cell[1], 2, 0}};
    void *body(void *argument) {
        EQUAL(syscall(FUTEX2_WAIT, &cell[0], 0, 1, 2, NULL, 0), 0);
        return NULL;
    }
    pthread_t thread = started(body, NULL);
    UNTIL(OK(syscall(FUTEX2_REQUEUE, words, 0, 0, 1)) == 1);
    EQUAL(syscall(FUTEX2_WAKE, &cell[0], 1, 1, 2), 0);
    EQUAL(syscall(FUTEX2_WAKE, &cell[1], 1, 1, 2), 1);
    joined(thread);
    words[0].expected = 1;
    FAILS(syscall(FUTEX2_REQUEUE, words, 0, 0, 1), EAGAIN);
}

CASE(futex2_errors) {
    FAILS(syscall(FUTEX2_WAKE, &cell[0], 0, 1, 2), EINVAL);
    FAILS(syscall(FUTEX2_WAKE, &cell[0], 1, 1, 0), EINVAL);
    FAILS(syscall(FUTEX2_WAKE, (char *)&cell[0] + 1, 1, 1, 2), EINVAL);
    FAILS(syscall(FUTEX2_WAIT, &cell[0], 0, 0, 2, NULL, 0), EINVAL);
    FAILS(syscall(FUTEX2_WAIT, &cell[0], 1l << 32, 1, 2, NULL, 0), EINVAL);
    FAILS(syscall(FUTEX2_REQUEUE, NULL, 0, 0, 1), EINVAL);
}

CASE(membarrier_kinds) {
    // MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE, _RSEQ and what registers for them.
    FAILS(syscall(SYS_membarrier, 32, 0, 0), EPERM);
    EQUAL(syscall(SYS_membarrier, 64, 0, 0), 0);
    EQUAL(syscall(SYS_membarrier, 32, 0, 0), 0);
    FAILS(syscall(SYS_membarrier, 128, 0, 0), EPERM);
    EQUAL(syscall(SYS_membarrier, 256, 0, 0), 0);
    EQUAL(syscall(SYS_membarrier, 128, 0, 0), 0);
    FAILS(syscall(SYS_membarrier, 8, 1, 0), EINVAL);
}

static void be_on_one_processor(void) {
    cpu_set_t set, one;
    OK(sched_getaffinity(0, sizeof set, &set));
    CPU_ZERO(&one);
    for (int i = 0; i < CPU_SETSIZE; i++)
        if (CPU_ISSET(i, &set)) {
            CPU_SET(i, &one);
            break;
        }
    OK(sched_setaffinity(0, sizeof one, &one));
}

static pthread_t started_with(int policy, int priority, void *(*body)(void *), void *argument) {
    pthread_attr_t attributes;
    struct sched_param parameter = {priority};
    pthread_t thread;
    pthread_attr_init(&attributes);
    pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED);
    pthread_attr_setschedpolicy(&attributes, policy);
    pthread_attr_setschedparam(&attributes, &parameter);
    EQUAL(pthread_create(&thread, &attributes, body, argument), 0);
    return thread;
}

static void be_realtime(int policy, int priority) {
    struct sched_param parameter = {priority};
    EQUAL(pthread_setschedparam(pthread_self(), policy, &parameter), 0);
}

CASE(fifo_runs_by_priority) {
    void *body(void *argument) {
        cell[1 + cell[0]++] = (long)argument;
        return NULL;
    }
    be_on_one_processor();
    be_realtime(SCHED_FIFO, 50);
    pthread_t threads[3];
    threads[0] = started_with(SCHED_FIFO, 10, body, (void *)10);
    threads[1] = started_with(SCHED_FIFO, 30, body, (void *)30);
    threads[2] = started_with(SCHED_FIFO, 20, body, (void *)20);
    EQUAL(cell[0], 0);
    for (int i = 0; i < 3; i++)
        joined(threads[i]);
    EQUAL(cell[1], 30);
    EQUAL(cell[2], 20);
    EQUAL(cell[3], 10);
}

CASE(fifo_yields_to_its_own_priority) {
    void *body(void *argument) {
        cell[0]++;
        return NULL;
    }
    be_on_one_processor();
    be_realtime(SCHED_FIFO, 20);
    pthread_t low = started_with(SCHED_FIFO, 10, body, NULL), same = started_with(SCHED_FIFO, 20, body, NULL);
    EQUAL(cell[0], 0);
    sched_yield();
    EQUAL(cell[0], 1);
    sched_yield();
    EQUAL(cell[0], 1);
    joined(same);
    joined(low);
    EQUAL(cell[0], 2);
}

CASE(fifo_preempts_when_it_is_woken) {
    void *body(void *argument) {
        cell[1] = 1;
        EQUAL(futex(&cell[0], FUTEX_WAIT, 0, NULL, NULL, 0), 0);
        cell[1] = 2;
        return NULL;
    }
    be_on_one_processor();
    be_realtime(SCHED_FIFO, 10);
    pthread_t thread = started_with(SCHED_FIFO, 20, body, NULL);
    EQUAL(cell[1], 1);
    EQUAL(futex(&cell[0], FUTEX_WAKE, 1, NULL, NULL, 0), 1);
    EQUAL(cell[1], 2);
    joined(thread);
}

CASE(fifo_raising_a_priority_preempts) {
    void *body(void *argument) {
        cell[0]++;
        return NULL;
    }
    be_on_one_processor();
    be_realtime(SCHED_FIFO, 20);
    pthread_t thread = started_with(SCHED_FIFO, 10, body, NULL);
    EQUAL(cell[0], 0);
    EQUAL(pthread_setschedprio(thread, 30), 0);
    EQUAL(cell[0], 1);
    joined(thread);
}

CASE(fifo_leaves_others_a_share) {
    void *body(void *argument) {
        cell[0] = 1;
        return NULL;
    }
    be_on_one_processor();
    pthread_t thread = started(body, NULL);
    be_realtime(SCHED_FIFO, 10);
    while (!cell[0])
        ;
    joined(thread);
}

CASE(rr_takes_turns) {
    void *body(void *argument) {
        cell[0] = 1;
        while (!cell[1])
            ;
        return NULL;
    }
    be_on_one_processor();
    be_realtime(SCHED_RR, 10);
    pthread_t thread = started_with(SCHED_RR, 10, body, NULL);
    while (!cell[0])
        ;
    cell[1] = 1;
    joined(thread);
}

CASE(futex_wakes_by_priority) {
    void *body(void *argument) {
        EQUAL(futex(&cell[0], FUTEX_WAIT, 0, NULL, NULL, 0), 0);
        cell[2 + cell[1]++] = (long)argument;
        return NULL;
    }
    be_on_one_processor();
    be_realtime(SCHED_FIFO, 5);
    pthread_t threads[3];
    threads[0] = started_with(SCHED_FIFO, 10, body, (void *)10);
    threads[1] = started_with(SCHED_FIFO, 30, body, (void *)30);
    threads[2] = started_with(SCHED_FIFO, 20, body, (void *)20);
    for (int i = 0; i < 3; i++)
        EQUAL(futex(&cell[0], FUTEX_WAKE, 1, NULL, NULL, 0), 1);
    for (int i = 0; i < 3; i++)
        joined(threads[i]);
    EQUAL(cell[2], 30);
    EQUAL(cell[3], 20);
    EQUAL(cell[4], 10);
}

CASE(mutex_owner_inherits_priority) {
    static pthread_mutex_t mutex;
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    EQUAL(pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT), 0);
    EQUAL(pthread_mutex_init(&mutex, &attributes), 0);
    void *high(void *argument) {
        EQUAL(pthread_mutex_lock(&mutex), 0);
        cell[1 + cell[0]++] = 30;
        EQUAL(pthread_mutex_unlock(&mutex), 0);
        return NULL;
    }
    void *middle(void *argument) {
        cell[1 + cell[0]++] = 20;
        return NULL;
    }
    be_on_one_processor();
    be_realtime(SCHED_FIFO, 10);
    EQUAL(pthread_mutex_lock(&mutex), 0);
    pthread_t first = started_with(SCHED_FIFO, 30, high, NULL);
    pthread_t second = started_with(SCHED_FIFO, 20, middle, NULL);
    EQUAL(cell[0], 0);
    EQUAL(pthread_mutex_unlock(&mutex), 0);
    EQUAL(cell[0], 2);
    EQUAL(cell[1], 30);
    EQUAL(cell[2], 20);
    joined(first);
    joined(second);
}

CASE(robust_list_is_stored) {
    void *head;
    size_t size;
    static long list[3];
    OK(syscall(SYS_set_robust_list, list, 24));
    OK(syscall(SYS_get_robust_list, 0, &head, &size));
    TRUE(head == list);
    EQUAL(size, 24);
    FAILS(syscall(SYS_set_robust_list, list, 23), EINVAL);
    FAILS(syscall(SYS_get_robust_list, 0x3fffffff, &head, &size), ESRCH);
    FAILS(syscall(SYS_get_robust_list, 0, BAD, &size), EFAULT);
    FAILS(syscall(SYS_get_robust_list, 0, &head, BAD), EFAULT);
}

CASE(membarrier_commands) {
    long commands = OK(syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0));
    TRUE(commands & MEMBARRIER_CMD_GLOBAL);
    TRUE(commands & MEMBARRIER_CMD_PRIVATE_EXPEDITED);
    OK(syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0));
    FAILS(syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0), EPERM);
    OK(syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0));
    OK(syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0));
    FAILS(syscall(SYS_membarrier, 0x40000000, 0), EINVAL);
    FAILS(syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 1), EINVAL);
}

CASE(tgkill_reaches_one_thread) {
    static volatile int seen;
    void catcher(int number) { seen = syscall(SYS_gettid); }
    void *body(void *argument) {
        cell[0] = syscall(SYS_gettid);
        UNTIL(seen);
        return NULL;
    }
    handle(SIGUSR1, catcher, 0);
    pthread_t thread = started(body, NULL);
    UNTIL(cell[0]);
    EQUAL(pthread_kill(thread, SIGUSR1), 0);
    joined(thread);
    EQUAL(seen, cell[0]);
}

CASE(signal_of_process_goes_to_a_thread_that_accepts_it) {
    static volatile int seen;
    void catcher(int number) { seen = syscall(SYS_gettid); }
    void *body(void *argument) {
        unblock(SIGUSR1, 0);
        cell[0] = syscall(SYS_gettid);
        UNTIL(seen);
        return NULL;
    }
    handle(SIGUSR1, catcher, 0);
    block(SIGUSR1, 0);
    pthread_t thread = started(body, NULL);
    UNTIL(cell[0]);
    OK(kill(getpid(), SIGUSR1));
    joined(thread);
    EQUAL(seen, cell[0]);
}

CASE(thread_mask_is_inherited_and_own) {
    block(SIGUSR2, 0);
    void *body(void *argument) {
        sigset_t set;
        pthread_sigmask(SIG_BLOCK, NULL, &set);
        EQUAL(sigismember(&set, SIGUSR2), 1);
        unblock(SIGUSR2, 0);
        return NULL;
    }
    joined(started(body, NULL));
    sigset_t set;
    pthread_sigmask(SIG_BLOCK, NULL, &set);
    EQUAL(sigismember(&set, SIGUSR2), 1);
}

CASE(sched_policies_are_stored) {
    struct sched_param parameter = {.sched_priority = 0};
    EQUAL(sched_getscheduler(0), SCHED_OTHER);
    OK(sched_setscheduler(0, SCHED_BATCH, &parameter));
    EQUAL(sched_getscheduler(0), SCHED_BATCH);
    parameter.sched_priority = 20;
    OK(sched_setscheduler(0, SCHED_FIFO, &parameter));
    parameter.sched_priority = 0;
    OK(sched_getparam(0, &parameter));
    EQUAL(parameter.sched_priority, 20);
    parameter.sched_priority = 30;
    OK(sched_setparam(0, &parameter));
    OK(sched_getparam(0, &parameter));
    EQUAL(parameter.sched_priority, 30);
}

CASE(sched_errors) {
    struct sched_param parameter = {.sched_priority = 5};
    FAILS(sched_setscheduler(0, SCHED_OTHER, &parameter), EINVAL);
    FAILS(sched_setscheduler(0, 77, &parameter), EINVAL);
    FAILS(sched_setscheduler(-1, SCHED_FIFO, &parameter), EINVAL);
    FAILS(sched_setscheduler(0x3fffffff, SCHED_FIFO, &parameter), ESRCH);
    FAILS(sched_getscheduler(-1), EINVAL);
    FAILS(sched_getscheduler(0x3fffffff), ESRCH);
    FAILS(sched_getparam(0, NULL), EINVAL);
    FAILS(sched_getparam(0x3fffffff, &parameter), ESRCH);
    FAILS(syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, BAD), EFAULT);
    parameter.sched_priority = 100;
    FAILS(sched_setscheduler(0, SCHED_FIFO, &parameter), EINVAL);
    parameter.sched_priority = 0;
    FAILS(sched_setscheduler(0, SCHED_RR, &parameter), EINVAL);
}

CASE(sched_priority_ranges) {
    EQUAL(sched_get_priority_min(SCHED_OTHER), 0);
    EQUAL(sched_get_priority_max(SCHED_OTHER), 0);
    EQUAL(sched_get_priority_min(SCHED_FIFO), 1);
    EQUAL(sched_get_priority_max(SCHED_FIFO), 99);
    EQUAL(sched_get_priority_max(SCHED_RR), 99);
    EQUAL(sched_get_priority_max(SCHED_IDLE), 0);
    FAILS(sched_get_priority_max(77), EINVAL);
    FAILS(sched_get_priority_min(-1), EINVAL);
}

CASE(sched_policy_is_inherited_unless_reset) {
    struct sched_param parameter = {.sched_priority = 7};
    OK(sched_setscheduler(0, SCHED_RR, &parameter));
    pid_t pid;
    CHILD(pid) { EQUAL(sched_getscheduler(0), SCHED_RR); }
    EXITS(pid, 0);
    OK(sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &parameter));
    EQUAL(sched_getscheduler(0), SCHED_RR | SCHED_RESET_ON_FORK);
    CHILD(pid) { EQUAL(sched_getscheduler(0), SCHED_OTHER); }
    EXITS(pid, 0);
}

CASE(sched_rr_interval) {
    struct timespec time = {-1, -1};
    OK(sched_rr_get_interval(0, &time));
    TRUE(time.tv_sec == 0 && time.tv_nsec >= 0);
    FAILS(sched_rr_get_interval(-1, &time), EINVAL);
    FAILS(sched_rr_get_interval(0x3fffffff, &time), ESRCH);
    FAILS(syscall(SYS_sched_rr_get_interval, 0, BAD), EFAULT);
}

struct attributes {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
};

CASE(sched_attributes) {
    struct attributes is = {.size = 48, .policy = SCHED_FIFO, .priority = 11};
    OK(syscall(SYS_sched_setattr, 0, &is, 0));
    EQUAL(sched_getscheduler(0), SCHED_FIFO);
    memset(&is, 0, sizeof is);
    OK(syscall(SYS_sched_getattr, 0, &is, sizeof is, 0));
    EQUAL(is.policy, SCHED_FIFO);
    EQUAL(is.priority, 11);
    FAILS(syscall(SYS_sched_getattr, 0, &is, 47, 0), EINVAL);
    FAILS(syscall(SYS_sched_getattr, 0, &is, 48, 1), EINVAL);
    FAILS(syscall(SYS_sched_getattr, 0, NULL, 48, 0), EINVAL);
    FAILS(syscall(SYS_sched_getattr, 0x3fffffff, &is, 48, 0), ESRCH);
    FAILS(syscall(SYS_sched_setattr, 0, NULL, 0), EINVAL);
    FAILS(syscall(SYS_sched_setattr, -1, &is, 0), EINVAL);
}

struct blocked_read {
    int pipe[2];
    char *buffer;
    pthread_t thread;
    long result;
};

static void *read_blocked(void *argument) {
    struct blocked_read *self = argument;
    self->result = read(self->pipe[0], self->buffer, 1);
    return NULL;
}

static void begin_blocked_read(struct blocked_read *self, char *buffer) {
    self->buffer = buffer;
    OK(pipe(self->pipe));
    EQUAL(pthread_create(&self->thread, NULL, read_blocked, self), 0);
    usleep(100000);
}

static void end_blocked_read(struct blocked_read *self) {
    EQUAL(write(self->pipe[1], "x", 1), 1);
    EQUAL(pthread_join(self->thread, NULL), 0);
    EQUAL(self->result, 1);
    EQUAL(*self->buffer, 'x');
}

/** The buffers are neighbours; one read begins before fork and ends while the other one waits. A call names other memory then. */
CASE(blocked_reads_go_on_after_fork) {
    static char memory[16][4096] __attribute__((aligned(65536)));
    struct blocked_read before, after;
    pid_t pid;
    char *far = (char *)OK(mmap(NULL, 4 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    memset(memory, 1, sizeof memory);
    begin_blocked_read(&before, memory[3]);
    CHILD(pid) {}
    EXITS(pid, 0);
    begin_blocked_read(&after, memory[5]);
    end_blocked_read(&before);
    EQUAL(access(strcpy(far + (2 << 20), "/"), F_OK), 0);
    end_blocked_read(&after);
}

static void become_unprivileged(void) {
    struct rlimit zero = {0, 0};
    OK(setrlimit(RLIMIT_NICE, &zero));
    OK(setresuid(1000, 1000, 1000));
}

CASE(sched_realtime_needs_a_limit) {
    struct attributes fifo = {.size = 48, .policy = SCHED_FIFO, .priority = 5};
    struct sched_param five = {5};
    struct rlimit zero = {0, 0};
    if (geteuid() != 0)
        return;
    OK(setrlimit(RLIMIT_RTPRIO, &zero));
    become_unprivileged();
    FAILS(sched_setscheduler(0, SCHED_FIFO, &five), EPERM);
    FAILS(syscall(SYS_sched_setattr, 0, &fifo, 0), EPERM);
}

CASE(sched_realtime_within_its_limit) {
    struct attributes fifo = {.size = 48, .policy = SCHED_FIFO, .priority = 5};
    struct sched_param none = {0}, five = {5}, ten = {10}, eleven = {11};
    struct rlimit limit = {10, 10}, zero = {0, 0};
    if (geteuid() != 0 || setrlimit(RLIMIT_RTPRIO, &limit) != 0)
        return;
    become_unprivileged();
    FAILS(sched_setscheduler(0, SCHED_FIFO, &eleven), EPERM);
    OK(sched_setscheduler(0, SCHED_RR, &ten));
    FAILS(sched_setparam(0, &eleven), EPERM);
    OK(sched_setparam(0, &five));
    OK(syscall(SYS_sched_setattr, 0, &fifo, 0));
    EQUAL(sched_getscheduler(0), SCHED_FIFO);
    OK(setrlimit(RLIMIT_RTPRIO, &zero));
    OK(sched_setparam(0, &five));
    FAILS(sched_setparam(0, &ten), EPERM);
    FAILS(sched_setscheduler(0, SCHED_RR, &five), EPERM);
    OK(sched_setscheduler(0, SCHED_OTHER, &none));
}

CASE(sched_realtime_of_an_unprivileged_thread) {
    struct sched_param none = {0}, five = {5}, ten = {10};
    if (geteuid() != 0)
        return;
    OK(sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &ten));
    become_unprivileged();
    OK(sched_setparam(0, &five));
    FAILS(sched_setparam(0, &ten), EPERM);
    FAILS(sched_setscheduler(0, SCHED_RR, &five), EPERM);
    FAILS(sched_setscheduler(0, SCHED_OTHER, &none), EPERM);
    OK(sched_setscheduler(0, SCHED_OTHER | SCHED_RESET_ON_FORK, &none));
}

CASE(sched_idle_is_left_with_a_nice_limit_only) {
    struct attributes other = {.size = 48, .policy = SCHED_OTHER}, batch = {.size = 48, .policy = SCHED_BATCH};
    struct sched_param none = {0};
    if (geteuid() != 0)
        return;
    become_unprivileged();
    OK(sched_setscheduler(0, SCHED_BATCH, &none));
    OK(sched_setscheduler(0, SCHED_OTHER, &none));
    OK(sched_setscheduler(0, SCHED_IDLE, &none));
    FAILS(sched_setscheduler(0, SCHED_BATCH, &none), EPERM);
    FAILS(syscall(SYS_sched_setattr, 0, &other, 0), EPERM);
    FAILS(syscall(SYS_sched_setattr, 0, &batch, 0), EPERM);
    EQUAL(sched_getscheduler(0), SCHED_IDLE);
}

CASE(sched_attributes_nice) {
    struct attributes is = {.size = 48, .policy = SCHED_OTHER, .nice = 6};
    OK(syscall(SYS_sched_setattr, 0, &is, 0));
    EQUAL(getpriority(PRIO_PROCESS, 0), 6);
    memset(&is, 0, sizeof is);
    OK(syscall(SYS_sched_getattr, 0, &is, sizeof is, 0));
    EQUAL(is.policy, SCHED_OTHER);
    EQUAL(is.nice, 6);
}

CASE(affinity_of_one_processor) {
    cpu_set_t all, one;
    OK(sched_getaffinity(0, sizeof all, &all));
    TRUE(CPU_COUNT(&all) >= 1);
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (CPU_ISSET(cpu, &all)) {
            CPU_ZERO(&one);
            CPU_SET(cpu, &one);
            OK(sched_setaffinity(0, sizeof one, &one));
            EQUAL(sched_getcpu(), cpu);
            unsigned is;
            OK(syscall(SYS_getcpu, &is, NULL, NULL));
            EQUAL(is, cpu);
        }
    }
    cpu_set_t now;
    OK(sched_getaffinity(0, sizeof now, &now));
    TRUE(CPU_EQUAL(&now, &one));
}

CASE(affinity_is_inherited) {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(1, &one);
    OK(sched_setaffinity(0, sizeof one, &one));
    pid_t pid;
    CHILD(pid) { EQUAL(sched_getcpu(), 1); }
    EXITS(pid, 0);
    void *body(void *argument) {
        EQUAL(sched_getcpu(), 1);
        return NULL;
    }
    joined(started(body, NULL));
}

CASE(affinity_errors) {
    cpu_set_t set;
    CPU_ZERO(&set);
    FAILS(sched_setaffinity(0, sizeof set, &set), EINVAL);
    FAILS(syscall(SYS_sched_setaffinity, 0, 128, BAD), EFAULT);
    FAILS(syscall(SYS_sched_getaffinity, 0, 128, BAD), EFAULT);
    FAILS(syscall(SYS_sched_getaffinity, 0, 3, &set), EINVAL);
    FAILS(sched_getaffinity(0x3fffffff, sizeof set, &set), ESRCH);
    CPU_SET(0, &set);
    FAILS(sched_setaffinity(0x3fffffff, sizeof set, &set), ESRCH);
}

CASE(affinity_of_child) {
    int ends[2];
    OK(pipe(ends));
    pid_t pid;
    CHILD(pid) {
        read(ends[0], &pid, 1);
        EQUAL(sched_getcpu(), 1);
    }
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(1, &one);
    OK(sched_setaffinity(pid, sizeof one, &one));
    write(ends[1], "x", 1);
    EXITS(pid, 0);
}

CASE(getcpu_null_and_bad_pointers) {
    EQUAL(syscall(SYS_getcpu, NULL, NULL, NULL), 0);
    FAILS(syscall(SYS_getcpu, BAD, NULL, NULL), EFAULT);
    FAILS(syscall(SYS_getcpu, NULL, BAD, NULL), EFAULT);
}

CASE(yield_succeeds) { EQUAL(sched_yield(), 0); }

CASE(arch_prctl_segments) {
    unsigned long fs = 0, gs = 1;
    OK(syscall(SYS_arch_prctl, 0x1003, &fs));
    TRUE(fs == *(unsigned long *)pthread_self());
    OK(syscall(SYS_arch_prctl, 0x1001, 0x12345000ul));
    OK(syscall(SYS_arch_prctl, 0x1004, &gs));
    EQUAL(gs, 0x12345000);
    FAILS(syscall(SYS_arch_prctl, 0x1003, BAD), EFAULT);
    FAILS(syscall(SYS_arch_prctl, 0x7777, 0), EINVAL);
    FAILS(syscall(SYS_arch_prctl, 0x1001, KERNEL), EPERM);
}

#define RSEQ_SIGNATURE 0x53053053

struct sequence_area {
    uint32_t cpu_start, cpu;
    uint64_t sequence;
    uint32_t flags, node, more[2];
} __attribute__((aligned(32)));

// Only a thread without a registration of the C library can register: one made by clone itself.
static int without_sequences(int (*body)(void *)) {
    static char stack[65536] __attribute__((aligned(16)));
    int flags = CLONE_VM | CLONE_FILES | CLONE_FS | SIGCHLD, status;
    pid_t pid = OK(clone(body, stack + sizeof stack, flags, NULL));
    EQUAL(suite_wait(pid, &status), pid);
    return status;
}

CASE(rseq_tells_the_processor) {
    int body(void *unused) {
        static struct sequence_area area;
        area.cpu = -1;
        EQUAL(syscall(SYS_rseq, &area, 32, 0, RSEQ_SIGNATURE), 0);
        FAILS(syscall(SYS_rseq, &area, 32, 0, RSEQ_SIGNATURE), EBUSY);
        FAILS(syscall(SYS_rseq, &area, 32, 0, 1), EPERM);
        FAILS(syscall(SYS_rseq, &area + 1, 32, 0, RSEQ_SIGNATURE), EINVAL);
        cpu_set_t set, one;
        OK(sched_getaffinity(0, sizeof set, &set));
        for (int i = 0; i < CPU_SETSIZE; i++)
            if (CPU_ISSET(i, &set)) {
                CPU_ZERO(&one);
                CPU_SET(i, &one);
                OK(sched_setaffinity(0, sizeof one, &one));
                EQUAL(*(volatile uint32_t *)&area.cpu, i);
                EQUAL(*(volatile uint32_t *)&area.cpu_start, i);
            }
        FAILS(syscall(SYS_rseq, &area, 32, 1, 1), EPERM);
        EQUAL(syscall(SYS_rseq, &area, 32, 1, RSEQ_SIGNATURE), 0);
        EQUAL((int)area.cpu, -1);
        FAILS(syscall(SYS_rseq, &area, 32, 1, RSEQ_SIGNATURE), EINVAL);
        return 0;
    }
    EQUAL(without_sequences(body), 0);
}

// Spins in a sequence until it is aborted; 1.
static int aborted(struct sequence_area *area) {
    int result;
    __asm__ volatile(
        ".pushsection .data.sequences, \"aw\"\n"
        ".balign 32\n"
        "3: .long 0, 0\n"
        ".quad 1f, 2f - 1f, 4f\n"
        ".popsection\n"
        "leaq 3b(%%rip), %%rax\n"
        "movq %%rax, 8(%1)\n"
        "1: pause\n"
        "jmp 1b\n"
        "2: ud2\n"
        ".long 0x53053053\n"
        "4: movl $1, %0\n"
        : "=r"(result)
        : "r"(area)
        : "rax", "memory");
    return result;
}

static struct sequence_area signalled_area;
static volatile int signals_seen;

static void see_signal(int number) {
    signals_seen++;
}

CASE(rseq_is_aborted_by_a_signal) {
    int body(void *unused) {
        struct itimerval time = {{0, 0}, {0, 20000}};
        handle(SIGALRM, see_signal, 0);
        EQUAL(syscall(SYS_rseq, &signalled_area, 32, 0, RSEQ_SIGNATURE), 0);
        OK(setitimer(ITIMER_REAL, &time, NULL));
        while (!signals_seen)
            EQUAL(aborted(&signalled_area), 1);
        EQUAL(signalled_area.sequence, 0);
        EQUAL(syscall(SYS_rseq, &signalled_area, 32, 1, RSEQ_SIGNATURE), 0);
        return 0;
    }
    EQUAL(without_sequences(body), 0);
}

CASE(rseq_is_aborted_when_others_run) {
    int body(void *unused) {
        EQUAL(syscall(SYS_rseq, &signalled_area, 32, 0, RSEQ_SIGNATURE), 0);
        EQUAL(aborted(&signalled_area), 1);
        cell[0] = 1;
        EQUAL(syscall(SYS_rseq, &signalled_area, 32, 1, RSEQ_SIGNATURE), 0);
        return 0;
    }
    be_on_one_processor();
    pid_t pid;
    CHILD(pid) {
        while (!cell[0])
            ;
    }
    EQUAL(without_sequences(body), 0);
    EXITS(pid, 0);
}

CASE(rseq_is_aborted_by_a_barrier) {
    int body(void *unused) {
        EQUAL(syscall(SYS_rseq, &signalled_area, 32, 0, RSEQ_SIGNATURE), 0);
        cell[0] = 1;
        EQUAL(aborted(&signalled_area), 1);
        cell[1] = 1;
        EQUAL(syscall(SYS_rseq, &signalled_area, 32, 1, RSEQ_SIGNATURE), 0);
        return 0;
    }
    EQUAL(syscall(SYS_membarrier, 256, 0, 0), 0);
    static char stack[65536] __attribute__((aligned(16)));
    int flags = CLONE_VM | CLONE_FILES | CLONE_FS | CLONE_SIGHAND | CLONE_THREAD;
    OK(clone(body, stack + sizeof stack, flags, NULL));
    UNTIL(cell[0]);
    for (int turn = 0; turn < 1000 && !cell[1]; turn++) {
        suite_pause(1);
        EQUAL(syscall(SYS_membarrier, 128, 0, 0), 0);
    }
    EQUAL(cell[1], 1);
}

CASE(rseq_with_a_wrong_signature_is_deadly) {
    int body(void *unused) {
        static struct sequence_area area;
        static uint64_t sequence[4] __attribute__((aligned(32))) = {0, 0x400000, 16, 0x401000};
        EQUAL(syscall(SYS_rseq, &area, 32, 0, 0x12345678), 0);
        area.sequence = (uintptr_t)sequence;
        handle(SIGUSR1, see_signal, 0);
        for (;;)
            raise(SIGUSR1);
    }
    EQUAL(WTERMSIG(without_sequences(body)), SIGSEGV);
}

CASE(rseq_is_absent_or_registered) {
    FAILS(syscall(SYS_rseq, BAD, 3, 0, 0), EINVAL);
}

CASE(prctl_tells_the_tid_address) {
    static int word;
    unsigned long address = 0;
    void *body(void *unused) {
        OK(prctl(PR_GET_TID_ADDRESS, &address));
        int *tid = (int *)address;
        EQUAL(*tid, syscall(SYS_gettid));
        syscall(SYS_set_tid_address, &word);
        unsigned long other = 0;
        OK(prctl(PR_GET_TID_ADDRESS, &other));
        TRUE(other == (unsigned long)&word);
        syscall(SYS_set_tid_address, address);
        return NULL;
    }
    pthread_t thread;
    EQUAL(pthread_create(&thread, NULL, body, NULL), 0);
    EQUAL(pthread_join(thread, NULL), 0);
    FAILS(prctl(PR_GET_TID_ADDRESS, BAD), EFAULT);
}
