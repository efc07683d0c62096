// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Files of /proc and /sys: what they say agrees with what system calls say.
#include "suite.h"
#include <elf.h>
#include <sys/auxv.h>
#include <sys/sysinfo.h>

static char text[1 << 18];

static char *contents(const char *name) {
    int file = OK(open(name, O_RDONLY));
    size_t length = 0;
    for (ssize_t got; (got = OK(read(file, text + length, sizeof text - 1 - length))) > 0;)
        length += got;
    text[length] = 0;
    close(file);
    return text;
}

static char *of(pid_t pid, const char *name) {
    static char path[100];
    snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
    return path;
}

// The value of a line "Name:   value" of a file.
static char *value(const char *file, const char *name) {
    char *at = contents(file);
    size_t length = strlen(name);
    while (strncmp(at, name, length) || at[length] != ':') {
        at = strchr(at, '\n');
        if (!at)
            failed(__LINE__, name, "no such line in %s", file);
        at++;
    }
    at += length + 1;
    at += strspn(at, " \t");
    *strchr(at, '\n') = 0;
    return at;
}

static long number(const char *file, const char *name) {
    return strtol(value(file, name), NULL, 10);
}

// A field of stat, counted from 1.
static char *field(const char *file, int which) {
    char *at = strrchr(contents(file), ')') + 2;
    for (int i = 3; i < which; i++)
        at = strchr(at, ' ') + 1;
    at[strcspn(at, " \n")] = 0;
    return at;
}

static int online(void) {
    cpu_set_t set;
    OK(sched_getaffinity(0, sizeof set, &set));
    return CPU_COUNT(&set);
}

static int lines(const char *file, const char *start) {
    int found = 0;
    for (char *line = contents(file); line && *line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
        found += !strncmp(line, start, strlen(start));
    return found;
}

CASE(status_tells_who_the_process_is) {
    EQUAL(number("/proc/self/status", "Pid"), getpid());
    EQUAL(number("/proc/self/status", "PPid"), getppid());
    EQUAL(number("/proc/self/status", "Uid"), getuid());
    EQUAL(number("/proc/self/status", "TracerPid"), 0);
    EQUAL(number("/proc/self/status", "Threads"), 1);
    EQUAL(value("/proc/self/status", "State")[0], 'R');
}

CASE(status_counts_memory) {
    long size = number("/proc/self/status", "VmSize"), resident = number("/proc/self/status", "VmRSS");
    char *memory = mmap(NULL, 64 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    EQUAL(number("/proc/self/status", "VmSize") - size, 64 << 10);
    memset(memory, 1, 16 << 20);
    BETWEEN(number("/proc/self/status", "VmRSS") - resident, 16 << 10, 20 << 10);
    OK(munmap(memory, 64 << 20));
    BETWEEN(number("/proc/self/status", "VmRSS"), resident - 300, resident + 300);
    TRUE(number("/proc/self/status", "VmHWM") >= resident + (15 << 10));
    TRUE(number("/proc/self/status", "VmPeak") >= size + (64 << 10));
    TRUE(number("/proc/self/status", "VmStk") >= 8);
}

CASE(status_shows_the_signals) {
    sigset_t set = set_of(SIGUSR1, SIGRTMIN, 0);
    OK(sigprocmask(SIG_BLOCK, &set, NULL));
    handle(SIGUSR2, (void (*)(int))BAD, 0);
    signal(SIGHUP, SIG_IGN);
    raise(SIGUSR1);
    kill(getpid(), SIGRTMIN);
    unsigned long usr1 = 1ul << (SIGUSR1 - 1), rt = 1ul << (SIGRTMIN - 1);
    EQUAL(strtoul(value("/proc/self/status", "SigBlk"), NULL, 16) & (usr1 | rt), usr1 | rt);
    EQUAL(strtoul(value("/proc/self/status", "SigPnd"), NULL, 16), usr1);
    EQUAL(strtoul(value("/proc/self/status", "ShdPnd"), NULL, 16), rt);
    TRUE(strtoul(value("/proc/self/status", "SigCgt"), NULL, 16) & 1ul << (SIGUSR2 - 1));
    TRUE(strtoul(value("/proc/self/status", "SigIgn"), NULL, 16) & 1ul << (SIGHUP - 1));
}

CASE(status_lists_the_processors) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(1, &set);
    OK(sched_setaffinity(0, sizeof set, &set));
    TRUE(!strcmp(value("/proc/self/status", "Cpus_allowed_list"), "1"));
    EQUAL(strtol(value("/proc/self/status", "Cpus_allowed"), NULL, 16), 2);
}

static void *wait_in_thread(void *unused) {
    prctl(PR_SET_NAME, "a thread");
    cell[1] = syscall(SYS_gettid);
    cell[0] = 1;
    UNTIL(cell[2]);
    return NULL;
}

CASE(threads_have_directories) {
    pthread_t thread;
    pthread_create(&thread, NULL, wait_in_thread, NULL);
    UNTIL(cell[0]);
    char name[60];
    sprintf(name, "task/%d/status", cell[1]);
    EQUAL(number("/proc/self/status", "Threads"), 2);
    EQUAL(number(of(getpid(), name), "Pid"), cell[1]);
    EQUAL(number(of(getpid(), name), "Tgid"), getpid());
    TRUE(!strcmp(value(of(getpid(), name), "Name"), "a thread"));
    sprintf(name, "task/%d/comm", cell[1]);
    TRUE(!strcmp(contents(of(getpid(), name)), "a thread\n"));
    EQUAL(strtol(contents("/proc/thread-self/stat"), NULL, 10), getpid());
    cell[2] = 1;
    pthread_join(thread, NULL);
    UNTIL(number("/proc/self/status", "Threads") == 1); // a join ends a little before the thread is gone, on Linux too
}

CASE(stat_has_its_52_fields) {
    prctl(PR_SET_NAME, "a) R (b");
    char *whole = contents("/proc/self/stat");
    EQUAL(strtol(whole, NULL, 10), getpid());
    TRUE(strstr(whole, " (a) R (b) R "));
    int spaces = 0;
    for (char *at = strrchr(whole, ')'); *at; at++)
        spaces += *at == ' ';
    EQUAL(spaces, 50);
    EQUAL(strtol(field("/proc/self/stat", 4), NULL, 10), getppid());
    EQUAL(strtol(field("/proc/self/stat", 5), NULL, 10), getpgrp());
    EQUAL(strtol(field("/proc/self/stat", 20), NULL, 10), 1);
    EQUAL(strtol(field("/proc/self/stat", 23), NULL, 10), number("/proc/self/status", "VmSize") << 10);
    TRUE(strtoul(field("/proc/self/stat", 26), NULL, 10) <= (unsigned long)of);
    TRUE(strtoul(field("/proc/self/stat", 27), NULL, 10) > (unsigned long)of);
}

CASE(stat_counts_time) {
    long before = strtol(field("/proc/self/stat", 14), NULL, 10);
    for (clock_t start = clock(); clock() - start < CLOCKS_PER_SEC / 20;)
        ;
    struct tms times_;
    long after = strtol(field("/proc/self/stat", 14), NULL, 10) + strtol(field("/proc/self/stat", 15), NULL, 10);
    times(&times_);
    TRUE(after - before >= 4);
    BETWEEN(times_.tms_utime + times_.tms_stime - after, 0, 30);
}

CASE(stat_shows_the_state) {
    pid_t child;
    CHILD(child) {
        cell[0] = 1;
        pause();
    }
    UNTIL(cell[0]);
    UNTIL(*field(of(child, "stat"), 3) == 'S');
    kill(child, SIGSTOP);
    UNTIL(*field(of(child, "stat"), 3) == 'T');
    kill(child, SIGCONT);
    UNTIL(*field(of(child, "stat"), 3) == 'S');
    kill(child, SIGKILL);
    UNTIL(*field(of(child, "stat"), 3) == 'Z');
    KILLED(child, SIGKILL);
    FAILS(open(of(child, "stat"), O_RDONLY), ENOENT);
}

CASE(statm_is_in_pages) {
    long size, resident, shared, code, library, data;
    EQUAL(sscanf(contents("/proc/self/statm"), "%ld %ld %ld %ld %ld %ld", &size, &resident, &shared, &code, &library, &data), 6);
    EQUAL(size * 4, number("/proc/self/status", "VmSize"));
    BETWEEN(resident * 4, number("/proc/self/status", "VmRSS") - 400, number("/proc/self/status", "VmRSS") + 400);
    TRUE(shared <= resident && code > 0 && data > 0 && library == 0);
}

CASE(maps_and_smaps_agree) {
    char first[200];
    snprintf(first, sizeof first, "%s", contents("/proc/self/maps"));
    *strchr(first, '\n') = 0;
    char *smaps = contents("/proc/self/smaps");
    TRUE(!strncmp(smaps, first, strlen(first)));
    unsigned long start, end;
    long size = -1;
    EQUAL(sscanf(smaps, "%lx-%lx", &start, &end), 2);
    EQUAL(sscanf(strchr(smaps, '\n'), "\nSize: %ld kB", &size), 1);
    EQUAL(size, (end - start) >> 10);
    int count = lines("/proc/self/smaps", "VmFlags: ");
    EQUAL(lines("/proc/self/smaps", "Pss: "), count);
}

CASE(smaps_knows_what_is_shared) {
    char *memory = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(memory, 1, 1 << 20);
    long before = number("/proc/self/smaps_rollup", "Pss_Anon");
    TRUE(before >= 1024);
    pid_t child;
    CHILD(child) {
        cell[0] = 1;
        UNTIL(cell[1]);
    }
    UNTIL(cell[0]);
    BETWEEN(number("/proc/self/smaps_rollup", "Pss_Anon"), 400, before - 450);
    TRUE(number("/proc/self/smaps_rollup", "Anonymous") >= 1024);
    cell[1] = 1;
    EXITS(child, 0);
}

CASE(mem_reads_and_writes) {
    static const char constant[4096] __attribute__((aligned(4096))) = "constant";
    volatile long mine = 42;
    long copy = 0;
    int file = OK(open("/proc/self/mem", O_RDWR));
    EQUAL(pread(file, &copy, 8, (off_t)&mine), 8);
    EQUAL(copy, 42);
    copy = 7;
    EQUAL(pwrite(file, &copy, 8, (off_t)&mine), 8);
    EQUAL(mine, 7);
    EQUAL(lseek(file, (off_t)&mine, SEEK_SET), (off_t)&mine);
    struct iovec parts[] = {{&copy, 3}, {(char *)&copy + 3, 5}};
    mine = -5;
    EQUAL(readv(file, parts, 2), 8);
    EQUAL(copy, -5);
    EQUAL(lseek(file, 0, SEEK_CUR), (off_t)&mine + 8);
    FAILS(pread(file, &copy, 8, 16), EIO);
    FAILS(pread(file, BAD, 8, (off_t)&mine), EFAULT);
    EQUAL(pwrite(file, "C", 1, (off_t)constant), 1);
    EQUAL(*(volatile char *)constant, 'C');
    FAILS(pread(file, &copy, 8, -1), EINVAL);
    int reader = OK(open("/proc/self/mem", O_RDONLY)), writer = OK(open("/proc/self/mem", O_WRONLY));
    FAILS(pwrite(reader, &copy, 8, (off_t)&mine), EBADF);
    FAILS(pread(writer, &copy, 8, (off_t)&mine), EBADF);
    FAILS(read(OK(open("/proc/self/status", O_PATH)), text, 10), EBADF);
    FAILS(read(OK(open("/proc/self", O_RDONLY)), text, 10), EISDIR);
}

CASE(mem_of_a_child) {
    char *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    *shared = 1;
    pid_t child;
    CHILD(child) {
        *shared = 2;
        cell[0] = 1;
        UNTIL(*(volatile char *)shared == 3);
    }
    UNTIL(cell[0]);
    int file = OK(open(of(child, "mem"), O_RDWR));
    char byte = 0;
    EQUAL(pread(file, &byte, 1, (off_t)shared), 1);
    EQUAL(byte, 2);
    byte = 3;
    EQUAL(pwrite(file, &byte, 1, (off_t)shared), 1);
    EXITS(child, 0);
    EQUAL(*shared, 1);
    EQUAL(pread(file, &byte, 1, (off_t)shared), 0);
}

CASE(pagemap_tells_what_is_present) {
    char *memory = mmap(NULL, 4 << 21, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memory[0] = 1;
    int file = OK(open("/proc/self/pagemap", O_RDONLY));
    uint64_t entry = 0;
    EQUAL(pread(file, &entry, 8, (uintptr_t)memory / 4096 * 8), 8);
    TRUE(entry >> 63 && !(entry >> 62 & 1));
    EQUAL(pread(file, &entry, 8, (uintptr_t)(memory + (3 << 21)) / 4096 * 8), 8);
    EQUAL(entry >> 62, 0);
    FAILS(pread(file, &entry, 7, (uintptr_t)memory / 4096 * 8), EINVAL);
}

CASE(auxv_is_the_vector) {
    unsigned long word[2];
    int file = OK(open("/proc/self/auxv", O_RDONLY));
    int found = 0;
    while (read(file, word, sizeof word) == sizeof word && word[0] != AT_NULL)
        if (word[0] == AT_ENTRY || word[0] == AT_PHDR || word[0] == AT_RANDOM) {
            EQUAL(word[1], getauxval(word[0]));
            found++;
        }
    EQUAL(found, 3);
}

CASE(limits_are_those_of_getrlimit) {
    struct rlimit limit = {1 << 20, 1 << 21};
    OK(setrlimit(RLIMIT_STACK, &limit));
    char *line = strstr(contents("/proc/self/limits"), "Max stack size");
    long soft, hard;
    EQUAL(sscanf(line, "Max stack size %ld %ld bytes", &soft, &hard), 2);
    EQUAL(soft, 1 << 20);
    EQUAL(hard, 1 << 21);
}

CASE(comm_can_be_written) {
    int file = OK(open("/proc/self/comm", O_RDWR));
    EQUAL(write(file, "other", 5), 5);
    char name[16];
    OK(prctl(PR_GET_NAME, name));
    TRUE(!strcmp(name, "other"));
    TRUE(!strcmp(value("/proc/self/status", "Name"), "other"));
}

CASE(content_is_made_when_it_is_read) {
    int file = OK(open("/proc/self/status", O_RDONLY));
    OK(prctl(PR_SET_NAME, "later"));
    EQUAL(read(file, text, sizeof text - 1) > 100, 1);
    TRUE(strstr(text, "Name:\tlater\n"));
    EQUAL(read(file, text, 10), 0);
    OK(prctl(PR_SET_NAME, "again"));
    EQUAL(lseek(file, 0, SEEK_SET), 0);
    memset(text, 0, sizeof text);
    TRUE(read(file, text, 100) == 100 && strstr(text, "again"));
}

CASE(small_reads_give_the_whole) {
    char pieces[4096];
    size_t length = 0;
    int file = OK(open("/proc/self/maps", O_RDONLY));
    for (ssize_t got; length < sizeof pieces - 13 && (got = OK(read(file, pieces + length, 13))) > 0; length += got)
        EQUAL(lseek(file, 0, SEEK_CUR), length + got);
    pieces[length] = 0;
    TRUE(!strncmp(pieces, contents("/proc/self/maps"), length > 300 ? 300 : length));
    TRUE(length > 200);
    char byte[2] = "";
    EQUAL(pread(file, byte, 1, 5), 1);
    EQUAL(byte[0], pieces[5]);
}

CASE(descriptors_share_a_position) {
    int file = OK(open("/proc/meminfo", O_RDONLY)), copy = OK(dup(file)), other = OK(fcntl(file, F_DUPFD_CLOEXEC, 100));
    char a[8], b[8];
    EQUAL(read(file, a, 8), 8);
    EQUAL(read(copy, b, 1), 1);
    TRUE(!memcmp(a, "MemTotal", 8));
    EQUAL(b[0], ':');
    OK(dup2(file, 77));
    EQUAL(lseek(77, 0, SEEK_CUR), 9);
    EQUAL(lseek(other, 0, SEEK_SET), 0);
    pid_t child;
    CHILD(child) {
        EQUAL(read(77, b, 8), 8);
        TRUE(!memcmp(b, "MemTotal", 8));
    }
    EXITS(child, 0);
    EQUAL(lseek(file, 0, SEEK_CUR), 8);
}

CASE(a_closed_descriptor_is_forgotten) {
    int file = OK(open("/proc/self/status", O_RDONLY)), ends[2];
    OK(close(file));
    OK(pipe(ends));
    EQUAL(ends[0], file);
    EQUAL(write(ends[1], "pipe", 4), 4);
    EQUAL(read(file, text, 10), 4);
    TRUE(!memcmp(text, "pipe", 4));
}

CASE(names_lead_there_in_every_way) {
    int proc = OK(open("/proc", O_RDONLY | O_DIRECTORY)), self = OK(openat(proc, "self", O_RDONLY | O_DIRECTORY));
    struct stat one, two;
    int file = OK(openat(self, "statm", O_RDONLY));
    TRUE(read(file, text, 100) > 10);
    TRUE(!strncmp(text, contents("/proc/../proc/./self//statm"), 3));
    OK(chdir("/proc/self/task"));
    TRUE(!strncmp(text, contents("../statm"), 3));
    OK(fstat(file, &one));
    OK(stat("/proc/self/statm", &two));
    EQUAL(one.st_ino, two.st_ino);
    EQUAL(one.st_size, 0);
    char target[100] = "", wanted[100];
    char link[40];
    sprintf(link, "/proc/self/fd/%d", file);
    OK(readlink(link, target, sizeof target));
    sprintf(wanted, "/proc/%d/statm", getpid());
    TRUE(!strcmp(target, wanted));
    char directory[100];
    TRUE(getcwd(directory, sizeof directory));
    sprintf(wanted, "/proc/%d/task", getpid());
    TRUE(!strcmp(directory, wanted));
    memset(target, 0, sizeof target);
    OK(readlinkat(self, "exe", target, sizeof target));
    TRUE(!strcmp(strrchr(target, '/'), "/proc"));
    FAILS(readlinkat(self, "nothing", target, sizeof target), ENOENT);
    FAILS(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, file, 0), ENODEV);
}

CASE(a_link_outside_leads_there_too) {
    char name[] = "/tmp/proc-link-XXXXXX";
    OK(mkdtemp(name));
    char link[60];
    sprintf(link, "%s/l", name);
    OK(symlink("/proc/self/status", link));
    EQUAL(number(link, "VmSize"), number("/proc/self/status", "VmSize"));
    unlink(link);
    rmdir(name);
}

CASE(processes_are_listed) {
    pid_t child;
    CHILD(child) {
        UNTIL(cell[0]);
    }
    char name[20];
    sprintf(name, "%d", child);
    DIR *proc = opendir("/proc");
    int found = 0;
    for (struct dirent *entry; (entry = readdir(proc));)
        found += !strcmp(entry->d_name, name);
    EQUAL(found, 1);
    EQUAL(number(of(child, "status"), "PPid"), getpid());
    cell[0] = 1;
    EXITS(child, 0);
}

CASE(processors_are_counted_alike) {
    int count = online();
    EQUAL(sysconf(_SC_NPROCESSORS_ONLN), count);
    EQUAL(sysconf(_SC_NPROCESSORS_CONF), count);
    EQUAL(lines("/proc/cpuinfo", "processor\t: "), count);
    EQUAL(lines("/proc/stat", "cpu") - 1, count);
    DIR *cpus = opendir("/sys/devices/system/cpu");
    int directories = 0;
    for (struct dirent *entry; (entry = readdir(cpus));)
        directories += !strncmp(entry->d_name, "cpu", 3) && entry->d_name[3] >= '0' && entry->d_name[3] <= '9';
    EQUAL(directories, count);
    char last[80];
    sprintf(last, "/sys/devices/system/cpu/cpu%d/topology/core_id", count - 1);
    TRUE(*contents(last) >= '0');
    sprintf(last, "/sys/devices/system/cpu/cpu%d/topology", count);
    FAILS(access(last, F_OK), ENOENT);
}

CASE(memory_is_counted_alike) {
    struct sysinfo info;
    OK(sysinfo(&info));
    EQUAL(number("/proc/meminfo", "MemTotal"), info.totalram * info.mem_unit >> 10);
    TRUE(number("/proc/meminfo", "MemFree") <= number("/proc/meminfo", "MemTotal"));
    TRUE(number("/proc/meminfo", "MemAvailable") > 0);
    BETWEEN(atof(contents("/proc/uptime")), info.uptime - 1, info.uptime + 1);
    double averages[3];
    int running, all, last;
    EQUAL(sscanf(contents("/proc/loadavg"), "%lf %lf %lf %d/%d %d", averages, averages + 1, averages + 2, &running, &all, &last), 6);
    TRUE(running >= 1 && all >= running);
}

CASE(sysfs_is_walked_by_every_road) {
    OK(chdir("/sys/devices/system/node"));
    TRUE(!strcmp(contents("../cpu/online"), contents("/sys/devices/system/cpu/online")));
    char directory[100];
    TRUE(!strcmp(getcwd(directory, sizeof directory), "/sys/devices/system/node"));
    int root = OK(open("/", O_PATH | O_DIRECTORY)), node = OK(open("node0", O_RDONLY | O_DIRECTORY));
    int file = OK(openat(root, "sys/devices/system/cpu/present", O_RDONLY));
    TRUE(read(file, text, 100) >= 2);
    char target[100] = "";
    OK(readlinkat(node, "cpu0", target, sizeof target));
    TRUE(!strcmp(target, "../../cpu/cpu0"));
    OK(faccessat(node, "cpu0/topology/core_id", R_OK, 0));
    OK(faccessat(AT_FDCWD, "/sys/bus/cpu/devices/cpu0/topology", R_OK, 0));
    EQUAL(strtol(strstr(contents("node0/meminfo"), "MemTotal:") + 9, NULL, 10) > 1000, 1);
    EQUAL(atoi(contents("node0/distance")), 10);
}

// The entry point of the program, as a descriptor of auxv tells.
static unsigned long entry(int file) {
    Elf64_auxv_t vector[64];
    ssize_t length = OK(pread(file, vector, sizeof vector, 0));
    for (int i = 0; i < length / (ssize_t)sizeof *vector; i++)
        if (vector[i].a_type == AT_ENTRY)
            return vector[i].a_un.a_val;
    return 0;
}

CASE(files_opened_by_a_process_that_shares_descriptors) {
    pid_t pid = OK(syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0));
    if (pid == 0) {
        cell[0] = OK(open("/proc/self/auxv", O_RDONLY));
        UNTIL(cell[1]);
        _exit(0);
    }
    UNTIL(cell[0]);
    EQUAL(entry(cell[0]), getauxval(AT_ENTRY));
    OK(unshare(CLONE_FILES));
    EQUAL(entry(cell[0]), getauxval(AT_ENTRY));
    cell[1] = 1;
    EXITS(pid, 0);
}

CASE(copies_of_a_descriptor) {
    int file = OK(open("/proc/self/auxv", O_RDONLY));
    int copies[] = {OK(dup(file)), OK(dup2(file, 50)), OK(dup3(file, 51, O_CLOEXEC)), OK(fcntl(file, F_DUPFD, 60)), 0};
    close(file);
    for (int *copy = copies; *copy; copy++)
        EQUAL(entry(*copy), getauxval(AT_ENTRY));
    pid_t pid;
    CHILD(pid) EQUAL(entry(50), getauxval(AT_ENTRY));
    EXITS(pid, 0);
    OK(dup2(OK(open("/dev/zero", O_RDONLY)), 50));
    char byte = 1;
    EQUAL(OK(read(50, &byte, 1)), 1);
    EQUAL(byte, 0);
}
