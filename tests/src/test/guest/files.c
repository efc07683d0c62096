// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Files and directories: the argument is an empty directory.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/uio.h>
#include <unistd.h>

static void show(const char *name) {
    struct stat s;
    if (lstat(name, &s))
        printf("%s: %s\n", name, strerror(errno));
    else
        printf("%s: mode %o links %ld size %ld\n", name, s.st_mode, (long)s.st_nlink, S_ISDIR(s.st_mode) ? 0L : (long)s.st_size);
}

static int by_name(const struct dirent **a, const struct dirent **b) {
    return strcmp((*a)->d_name, (*b)->d_name);
}

int main(int argc, char **argv) {
    if (argc < 2 || chdir(argv[1]))
        return 2;
    umask(027);
    int fd = open("a", O_RDWR | O_CREAT | O_EXCL, 0666);
    struct iovec parts[2] = {{"vector ", 7}, {"write\n", 6}};
    printf("writev %zd\n", writev(fd, parts, 2));
    printf("pwrite %zd lseek %ld\n", pwrite(fd, "END", 3, 100000), (long)lseek(fd, -3, SEEK_END));
    char buffer[16] = "";
    printf("read %zd %s\n", read(fd, buffer, 15), buffer);
    printf("hole %zd %d\n", pread(fd, buffer, 8, 50000), buffer[0]);
    printf("again %d\n", open("a", O_CREAT | O_EXCL, 0666));
    perror("open");
    show("a");
    printf("truncate %d\n", ftruncate(fd, 5));
    show("a");
    printf("link %d symlink %d mkdir %d\n", link("a", "b"), symlink("a", "c"), mkdir("d", 0777));
    show("a"), show("c"), show("d");
    printf("rename %d rmdir %d\n", rename("b", "d/e"), rmdir("d"));
    perror("rmdir");
    printf("readlink %zd %.1s\n", readlink("c", buffer, 16), buffer);
    for (int i = 0; i < 30; i++) {
        char name[16];
        snprintf(name, sizeof name, "file%02d", i);
        close(open(name, O_WRONLY | O_CREAT, 0600));
    }
    struct dirent **list;
    int count = scandir(".", &list, NULL, by_name);
    printf("%d entries:", count);
    for (int i = 0; i < count; i++)
        printf(" %s", list[i]->d_name);
    printf("\nchmod %d access %d\n", chmod("a", 0400), access("a", R_OK));
    int copy = dup2(fd, 77);
    printf("dup2 %d flags %x cloexec %d\n", copy, fcntl(copy, F_GETFL) & O_ACCMODE, fcntl(fd, F_DUPFD_CLOEXEC, 80));
    printf("flock %d\n", flock(fd, LOCK_EX | LOCK_NB));
    struct statfs fs;
    printf("statfs %d\n", statfs(".", &fs));
    char where[4096];
    printf("cwd %s\n", strcmp(getcwd(where, sizeof where), realpath(".", NULL)) ? "wrong" : "right");
    struct timespec times[2] = {{1000000000, 5}, {1111111111, 7}};
    struct stat s;
    utimensat(AT_FDCWD, "a", times, 0);
    stat("a", &s);
    printf("times %ld.%ld %ld.%ld\n", (long)s.st_atim.tv_sec, s.st_atim.tv_nsec, (long)s.st_mtim.tv_sec, s.st_mtim.tv_nsec);
    return 0;
}
