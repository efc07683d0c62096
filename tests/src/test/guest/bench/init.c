// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// First and only process of a Linux in a virtual machine: reads commands from the serial console, one a line, words between spaces; runs each, whose
// output goes to the console, and then prints "@@ " and its status. Without further commands the machine is switched off.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { WORDS = 32 };

static void quiet_console(void) {
    struct termios settings;
    tcgetattr(0, &settings);
    settings.c_lflag &= (tcflag_t)~ECHO;
    settings.c_oflag &= (tcflag_t)~OPOST;
    tcsetattr(0, TCSANOW, &settings);
}

static int run(char *line) {
    char *words[WORDS + 1];
    int count = 0, status;
    for (char *word = strtok(line, " \r\n"); word && count < WORDS; word = strtok(NULL, " \r\n"))
        words[count++] = word;
    words[count] = NULL;
    if (count == 0)
        return 0;
    pid_t child = fork();
    if (child == 0) {
        execv(words[0], words);
        perror(words[0]);
        _exit(127);
    }
    if (child < 0 || waitpid(child, &status, 0) != child)
        return 255;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(void) {
    char line[1024];
    mount("proc", "/proc", "proc", 0, NULL);
    quiet_console();
    printf("@@ ready\n");
    fflush(stdout);
    while (fgets(line, sizeof line, stdin) && strcmp(line, "off\n") != 0) {
        printf("@@ %d\n", run(line));
        fflush(stdout);
    }
    reboot(RB_POWER_OFF);
    return 1;
}
