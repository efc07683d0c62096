// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// System V semaphores and message queues, POSIX shared memory.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
    int sem = semget(IPC_PRIVATE, 1, IPC_CREAT | 0600);
    if (fork() == 0) {
        struct sembuf up = {0, 3, 0};
        usleep(10000);
        semop(sem, &up, 1);
        _exit(0);
    }
    struct sembuf down = {0, -2, 0};
    printf("semop %d value %d\n", semop(sem, &down, 1), semctl(sem, 0, GETVAL));
    wait(NULL);
    semctl(sem, 0, IPC_RMID);
    int queue = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
    struct {
        long type;
        char text[32];
    } message = {4, "a message"};
    msgsnd(queue, &message, 10, 0);
    memset(&message, 0, sizeof message);
    printf("msgrcv %zd %ld %s\n", msgrcv(queue, &message, 32, 4, 0), message.type, message.text);
    msgctl(queue, IPC_RMID, NULL);
    char name[64];
    snprintf(name, sizeof name, "/mckernelj-%d", getpid());
    int fd = shm_open(name, O_RDWR | O_CREAT, 0600);
    shm_unlink(name);
    printf("ftruncate %d\n", ftruncate(fd, 8192));
    int *numbers = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    numbers[1500] = 99;
    int *again = mmap(NULL, 8192, PROT_READ, MAP_SHARED, fd, 0);
    printf("shm_open %d\n", again[1500]);
    return 0;
}
