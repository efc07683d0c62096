// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// What a program finds at its start: stack layout, auxiliary vector, identity.
#define _GNU_SOURCE
#include <elf.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

extern char **environ;

int main(int argc, char **argv) {
    printf("argc %d, argv ends %d, environment follows %d\n", argc, argv[argc] == NULL, environ == argv + argc + 1);
    printf("aligned %d\n", ((uintptr_t)__builtin_frame_address(0) & 15) == 0);
    for (char **variable = environ; *variable; variable++)
        printf("%s\n", *variable);
    printf("page %lu clock %lu secure %lu\n", getauxval(AT_PAGESZ), getauxval(AT_CLKTCK), getauxval(AT_SECURE));
    printf("uid %d euid %d gid %d egid %d\n", getauxval(AT_UID) == getuid(), getauxval(AT_EUID) == geteuid(), getauxval(AT_GID) == getgid(), getauxval(AT_EGID) == getegid());
    printf("phent %lu, phdr %d, entry %d\n", getauxval(AT_PHENT), getauxval(AT_PHDR) != 0, getauxval(AT_ENTRY) != 0);
    printf("platform %s, program %s\n", (char *)getauxval(AT_PLATFORM), basename((char *)getauxval(AT_EXECFN)));
    const uint64_t *random = (const uint64_t *)getauxval(AT_RANDOM);
    printf("random %d\n", random && random[0] != random[1]);
    struct utsname name;
    uname(&name);
    printf("%s %s\n", name.sysname, name.machine);
    for (int i = 0; i < RLIM_NLIMITS; i++) {
        struct rlimit limit;
        getrlimit((__rlimit_resource_t)i, &limit);
        if (i != RLIMIT_STACK)
            printf("limit %d: %lu %lu\n", i, limit.rlim_cur, limit.rlim_max);
    }
    char link[4096] = "";
    (void)!readlink("/proc/self/cwd", link, sizeof link - 1);
    printf("cwd %d, tty %d\n", strcmp(link, getcwd(NULL, 0)) == 0, isatty(0));
    printf("session %d group %d\n", getsid(0) > 0, getpgrp() > 0);
    return 0;
}
