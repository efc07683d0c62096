// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// terminal WAIT KEYS COMMAND...: runs the command on a terminal of its own, sends KEYS (\xx is a byte) when WAIT was printed, copies all
// that appears, and says how the command ended. A stopped command is continued.
#define _GNU_SOURCE
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char seen[65536];
static size_t length;

static size_t decode(char *keys) {
    char *out = keys;
    for (char *in = keys; *in; in++) {
        unsigned value;
        if (*in == '\\' && sscanf(in + 1, "%2x", &value) == 1) {
            *out++ = (char)value;
            in += 2;
        } else
            *out++ = *in;
    }
    return (size_t)(out - keys);
}

static void stopped(int signal) {
    (void)signal;
}

int main(int argc, char **argv) {
    if (argc < 4)
        return 2;
    size_t count = decode(argv[2]);
    struct winsize size = {30, 90, 0, 0};
    int terminal;
    struct sigaction action = {.sa_handler = stopped};
    sigaction(SIGCHLD, &action, NULL);
    pid_t child = forkpty(&terminal, NULL, NULL, &size);
    if (child == 0) {
        sigset_t none; // who started us (a JVM, a shell's background job) may have blocked or ignored some
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        signal(SIGINT, SIG_DFL);
        signal(SIGQUIT, SIG_DFL);
        signal(SIGTSTP, SIG_DFL);
        execvp(argv[3], argv + 3);
        _exit(127);
    }
    int sent = 0, status;
    for (;;) {
        ssize_t got = read(terminal, seen + length, sizeof seen - 1 - length);
        if (got > 0) {
            length += (size_t)got;
            if (!sent && memmem(seen, length, argv[1], strlen(argv[1])))
                sent = write(terminal, argv[2], count) > 0;
            continue;
        }
        pid_t who = waitpid(child, &status, WUNTRACED | (got < 0 ? WNOHANG : 0));
        if (who == child && WIFSTOPPED(status)) {
            length += (size_t)snprintf(seen + length, sizeof seen - length, "[stopped by %d]", WSTOPSIG(status));
            kill(child, SIGCONT);
        } else if (who == child)
            break;
        else
            usleep(1000);
    }
    fwrite(seen, 1, length, stdout);
    printf("\n[%s %d]\n", WIFEXITED(status) ? "exit" : "signal", WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
    return 0;
}
