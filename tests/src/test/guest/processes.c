// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// fork, vfork, wait, exec, pipes between processes, copied memory.
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static void report(const char *what, int status) {
    if (WIFEXITED(status))
        printf("%s: exit %d\n", what, WEXITSTATUS(status));
    else
        printf("%s: signal %d\n", what, WTERMSIG(status));
    fflush(stdout);
}

static int value = 1;

int main(int argc, char **argv) {
    if (argc > 1) {
        printf("executed with %s, %s\n", argv[1], getenv("ONLY"));
        return 9;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    int status;
    pid_t parent = getpid();
    if (fork() == 0) {
        value = 2;
        _exit(getppid() == parent && getpid() != parent ? 3 : 4);
    }
    wait(&status);
    report("fork", status);
    printf("own memory: %d\n", value);
    if (vfork() == 0)
        _exit(5);
    wait(&status);
    report("vfork", status);
    static const int signals[] = {SIGKILL, SIGTERM, SIGSEGV, SIGUSR1};
    for (int i = 0; i < 4; i++) {
        pid_t child = fork();
        if (child == 0)
            for (;;)
                pause();
        kill(child, signals[i]);
        waitpid(child, &status, 0);
        report("killed", status);
    }
    pid_t child = fork();
    if (child == 0) {
        execve("/proc/self/exe", (char *[]){argv[0], "word", NULL}, (char *[]){"ONLY=this", NULL});
        execve(argv[0], (char *[]){argv[0], "word", NULL}, (char *[]){"ONLY=this", NULL});
        _exit(127);
    }
    waitpid(child, &status, 0);
    report("execve", status);
    report("system", system("exit 6"));
    int ends[2];
    if (pipe(ends))
        return 1;
    for (int i = 0; i < 3; i++)
        if (fork() == 0) {
            int mine = i * 100;
            (void)!write(ends[1], &mine, sizeof mine);
            _exit(0);
        }
    close(ends[1]);
    int sum = 0, got, ended = 0;
    while (read(ends[0], &got, sizeof got) == sizeof got)
        sum += got;
    while (wait(NULL) > 0)
        ended++;
    printf("pipe: %d of %d\n", sum, ended);
    int *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (fork() == 0) {
        shared[0] = 42;
        _exit(0);
    }
    wait(NULL);
    printf("shared: %d\n", shared[0]);
    printf("no child: %d\n", wait(NULL));
    perror("wait");
    if (fork() == 0) {
        if (fork() == 0) {
            while (getppid() != 1 && kill(getppid(), 0) == 0)
                usleep(1000);
            _exit(0);
        }
        _exit(8);
    }
    wait(&status);
    report("parent of an orphan", status);
    FILE *command = popen("echo from a pipe; exit 2", "r");
    char line[80] = "";
    (void)!fgets(line, sizeof line, command);
    printf("%s", line);
    report("popen", pclose(command));
    return 0;
}
