// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// System V shared memory.
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
    int shm = shmget(IPC_PRIVATE, 10000, IPC_CREAT | 0600);
    char *memory = shmat(shm, NULL, 0);
    if (memory == (void *)-1) {
        perror("shmat");
        return 1;
    }
    struct shmid_ds info;
    shmctl(shm, IPC_STAT, &info);
    printf("shm %zu attached %lu\n", info.shm_segsz, info.shm_nattch);
    if (fork() == 0) {
        strcpy(memory, "written by the child");
        _exit(0);
    }
    wait(NULL);
    printf("%s\n", memory);
    printf("detach %d remove %d\n", shmdt(memory), shmctl(shm, IPC_RMID, NULL));
    return 0;
}
