// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Memory: mapping, protection, moving, advice, locking, the break, shared mappings, System V IPC.
#include "suite.h"
#include <sys/sendfile.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

#define ANONYMOUS (MAP_PRIVATE | MAP_ANONYMOUS)
#define BOTH (PROT_READ | PROT_WRITE)

// Whether a byte can be read or written, found out by a child that tries.
static int dies(volatile char *address, int writing) {
    pid_t pid;
    int status;
    CHILD(pid) {
        if (writing)
            *address = 1;
        else
            (void)*address;
    }
    suite_wait(pid, &status);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

CASE(mmap_anonymous_is_zero) {
    char *memory = pages(4);
    for (int i = 0; i < 16384; i++)
        EQUAL(memory[i], 0);
    OK(munmap(memory, 16384));
    EQUAL(dies(memory, 0), SIGSEGV);
}

CASE(mmap_errors) {
    FAILS(mmap(NULL, 0, BOTH, ANONYMOUS, -1, 0), EINVAL);
    FAILS(mmap(NULL, 4096, BOTH, MAP_ANONYMOUS, -1, 0), EINVAL);
    FAILS(mmap((void *)1, 4096, BOTH, ANONYMOUS | MAP_FIXED, -1, 0), EINVAL);
    FAILS(mmap(NULL, 4096, BOTH, MAP_PRIVATE, 999, 0), EBADF);
    FAILS(mmap(NULL, -4096l, BOTH, ANONYMOUS, -1, 0), ENOMEM);
    FAILS(syscall(SYS_mmap, NULL, 4096, BOTH, ANONYMOUS, -1, 1), EINVAL);
    FAILS(mmap((void *)0x7ffffffff000, 8192, BOTH, ANONYMOUS | MAP_FIXED, -1, 0), ENOMEM);
}

CASE(mmap_file_errors) {
    int file = file_of(4096), reader = OK(open("/dev/null", O_WRONLY));
    FAILS(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, reader, 0), EACCES);
    char name[40];
    sprintf(name, "/proc/self/fd/%d", file);
    int read_only = OK(open("/etc/passwd", O_RDONLY));
    FAILS(mmap(NULL, 4096, BOTH, MAP_SHARED, read_only, 0), EACCES);
    OK(mmap(NULL, 4096, BOTH, MAP_PRIVATE, read_only, 0));
    int ends[2];
    OK(pipe(ends));
    FAILS(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, ends[0], 0), ENODEV);
}

CASE(mmap_hint_is_taken_if_free) {
    char *memory = pages(4);
    OK(munmap(memory, 16384));
    TRUE(mmap(memory, 4096, BOTH, ANONYMOUS, -1, 0) == memory);
    TRUE(mmap(memory, 4096, BOTH, ANONYMOUS, -1, 0) != memory);
}

CASE(mmap_fixed_replaces) {
    char *memory = pages(3);
    memory[4096] = 5;
    TRUE(mmap(memory + 4096, 4096, BOTH, ANONYMOUS | MAP_FIXED, -1, 0) == memory + 4096);
    EQUAL(memory[4096], 0);
    FAILS(mmap(memory, 4096, BOTH, ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0), EEXIST);
}

CASE(mmap_below_4g) {
    char *memory = (char *)OK(mmap(NULL, 4096, BOTH, ANONYMOUS | MAP_32BIT, -1, 0));
    TRUE((uintptr_t)memory < 0x80000000);
    memory[0] = 1;
}

CASE(mmap_file_private) {
    int file = file_of(4096);
    pwrite(file, "abc", 3, 0);
    char *memory = (char *)OK(mmap(NULL, 4096, BOTH, MAP_PRIVATE, file, 0)), buffer[4] = "";
    TRUE(memcmp(memory, "abc", 4) == 0);
    memory[0] = 'x';
    pread(file, buffer, 3, 0);
    TRUE(strcmp(buffer, "abc") == 0);
}

CASE(mmap_file_shared_is_written) {
    int file = file_of(8192);
    char *memory = (char *)OK(mmap(NULL, 8192, BOTH, MAP_SHARED, file, 0)), buffer[6] = "";
    memcpy(memory + 4094, "hello", 5);
    OK(msync(memory, 8192, MS_SYNC));
    pread(file, buffer, 5, 4094);
    TRUE(strcmp(buffer, "hello") == 0);
}

CASE(mmap_file_shared_is_seen_by_read) {
    int file = file_of(4096);
    char *memory = (char *)OK(mmap(NULL, 4096, BOTH, MAP_SHARED, file, 0)), buffer[4] = "";
    memcpy(memory, "abc", 3);
    pread(file, buffer, 3, 0);
    TRUE(strcmp(buffer, "abc") == 0);
}

CASE(mmap_file_shared_sees_write) {
    int file = file_of(4096);
    char *memory = (char *)OK(mmap(NULL, 4096, BOTH, MAP_SHARED, file, 0));
    EQUAL(memory[0], 0);
    pwrite(file, "abc", 3, 0);
    TRUE(memcmp(memory, "abc", 4) == 0);
}

CASE(mmap_file_is_not_an_earlier_one_with_its_inode) {
    for (int i = 0; i < 30; i++) {
        pid_t pid;
        CHILD(pid) {
            int file = file_of(4096);
            char *memory = (char *)OK(mmap(NULL, 4096, BOTH, MAP_SHARED, file, 0));
            EQUAL(memory[0], 0);
            memory[0] = 'a';
        }
        EXITS(pid, 0);
    }
}

CASE(mmap_file_shared_between_processes) {
    int file = file_of(4096);
    volatile char *memory = (char *)OK(mmap(NULL, 4096, BOTH, MAP_SHARED, file, 0));
    pid_t pid;
    CHILD(pid) {
        volatile char *other = (char *)OK(mmap(NULL, 4096, BOTH, MAP_SHARED, file, 0));
        other[10] = 33;
    }
    EXITS(pid, 0);
    EQUAL(memory[10], 33);
}

CASE(mmap_file_tail_is_zero) {
    int file = file_of(100);
    char *memory = (char *)OK(mmap(NULL, 4096, BOTH, MAP_SHARED, file, 0));
    EQUAL(memory[100], 0);
    EQUAL(memory[4095], 0);
    memory[100] = 1;
    OK(msync(memory, 4096, MS_SYNC));
    EQUAL(lseek(file, 0, SEEK_END), 100);
}

CASE(mmap_file_stays_after_close_and_unlink) {
    int file = file_of(4096);
    pwrite(file, "z", 1, 50);
    char *memory = (char *)OK(mmap(NULL, 4096, PROT_READ, MAP_SHARED, file, 0));
    close(file);
    EQUAL(memory[50], 'z');
}

CASE(mmap_shared_anonymous_is_inherited) {
    volatile int *memory = (int *)OK(mmap(NULL, 4096, BOTH, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    pid_t pid;
    CHILD(pid) { memory[3] = 8; }
    EXITS(pid, 0);
    EQUAL(memory[3], 8);
}

CASE(mmap_dev_zero) {
    int file = OK(open("/dev/zero", O_RDWR));
    char *memory = (char *)OK(mmap(NULL, 8192, BOTH, MAP_PRIVATE, file, 0));
    EQUAL(memory[5000], 0);
    memory[5000] = 1;
}

CASE(mmap_memfd) {
    int file = OK(syscall(SYS_memfd_create, "memory", 0));
    OK(ftruncate(file, 4096));
    char *one = (char *)OK(mmap(NULL, 4096, BOTH, MAP_SHARED, file, 0));
    char *two = (char *)OK(mmap(NULL, 4096, BOTH, MAP_SHARED, file, 0));
    one[7] = 7;
    EQUAL(two[7], 7);
}

// Three pages of sevens, and the file.
static char *shared_sevens(int *file) {
    *file = OK(syscall(SYS_memfd_create, "memory", 0));
    OK(ftruncate(*file, 12288));
    return memset((void *)OK(mmap(NULL, 12288, BOTH, MAP_SHARED, *file, 0)), 7, 12288);
}

CASE(shared_mapping_shows_a_punched_hole) {
    char byte;
    int file;
    char *memory = shared_sevens(&file);
    OK(fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 4000, 4196));
    EQUAL(memory[3999], 7);
    EQUAL(memory[4000], 0);
    EQUAL(memory[8191], 0);
    EQUAL(memory[8195], 0);
    EQUAL(memory[8196], 7);
    EQUAL(pread(file, &byte, 1, 5000), 1);
    EQUAL(byte, 0);
    EQUAL(pread(file, &byte, 1, 3999), 1);
    EQUAL(byte, 7);
}

CASE(shared_mapping_is_zero_where_the_file_was_cut) {
    char byte;
    int file;
    char *memory = shared_sevens(&file);
    OK(ftruncate(file, 5000));
    EQUAL(memory[4999], 7);
    EQUAL(memory[5000], 0);
    OK(ftruncate(file, 12288));
    EQUAL(memory[4999], 7);
    EQUAL(memory[5000], 0);
    EQUAL(memory[8192], 0);
    EQUAL(pread(file, &byte, 1, 9000), 1);
    EQUAL(byte, 0);
    memory[9000] = 8;
    EQUAL(pread(file, &byte, 1, 9000), 1);
    EQUAL(byte, 8);
}

CASE(mmap_populate_and_lock) {
    unsigned char resident[2];
    char *memory = (char *)OK(mmap(NULL, 8192, BOTH, ANONYMOUS | MAP_POPULATE, -1, 0));
    OK(mincore(memory, 8192, resident));
    EQUAL(resident[0] & resident[1] & 1, 1);
}

CASE(mmap_execute) {
    unsigned char code[] = {0xb8, 42, 0, 0, 0, 0xc3};
    char *memory = pages(1);
    memcpy(memory, code, sizeof code);
    OK(mprotect(memory, 4096, PROT_READ | PROT_EXEC));
    EQUAL(((int (*)(void))memory)(), 42);
    OK(mprotect(memory, 4096, PROT_READ));
    pid_t pid;
    CHILD(pid) { ((int (*)(void))memory)(); }
    KILLED(pid, SIGSEGV);
}

CASE(mmap_none_reserves) {
    char *memory = (char *)OK(mmap(NULL, 1ul << 36, PROT_NONE, ANONYMOUS | MAP_NORESERVE, -1, 0));
    EQUAL(dies(memory, 0), SIGSEGV);
    OK(mprotect(memory + (1ul << 35), 4096, BOTH));
    memory[1ul << 35] = 1;
}

// A hole of 400 pages, larger than the gap that a growing range keeps from its neighbour; a range of 4 pages at its end.
static char *growing_range(void) {
    char *memory = (char *)OK(mmap(NULL, 400 << 12, BOTH, ANONYMOUS, -1, 0));
    OK(munmap(memory, 400 << 12));
    return (char *)OK(mmap(memory + (396 << 12), 4 << 12, BOTH, ANONYMOUS | MAP_GROWSDOWN | MAP_FIXED, -1, 0));
}

CASE(mmap_grows_down) {
    char *top = growing_range();
    top[-1] = 1;
    EQUAL(top[-1], 1);
    top[-50 << 12] = 2;
    EQUAL(top[-50 << 12], 2);
    EQUAL(top[-30 << 12], 0);
}

CASE(mmap_grows_down_to_a_gap_before_its_neighbour) {
    char *top = growing_range();
    OK(mmap(top - (200 << 12), 4096, BOTH, ANONYMOUS | MAP_FIXED, -1, 0));
    EQUAL(dies(top - 4096, 1), SIGSEGV);
}

CASE(mmap_file_shared_is_coherent_with_everything) {
    int file = file_of(3 * 4096), pipes[2];
    char *memory = (char *)OK(mmap(NULL, 3 * 4096, BOTH, MAP_SHARED, file, 0)), buffer[16] = "";
    memory[4096] = 'm';
    EQUAL(pwrite(file, "xyz", 3, 4095), 3);
    EQUAL(memcmp(memory + 4095, "xyz", 3), 0);
    memory[4097] = 'n';
    OK(lseek(file, 4095, SEEK_SET));
    EQUAL(read(file, buffer, 3), 3);
    EQUAL(memcmp(buffer, "xyn", 3), 0);
    struct iovec parts[2] = {{"12", 2}, {"3", 1}};
    EQUAL(writev(file, parts, 2), 3);
    EQUAL(memcmp(memory + 4098, "123", 3), 0);
    pid_t pid;
    CHILD(pid) {
        memory[0] = 'c';
        EQUAL(pwrite(file, "child", 5, 8192), 5);
    }
    EXITS(pid, 0);
    EQUAL(memcmp(memory + 8192, "child", 5), 0);
    EQUAL(pread(file, buffer, 1, 0), 1);
    EQUAL(buffer[0], 'c');
    OK(pipe(pipes));
    memory[1] = 'p';
    OK(lseek(file, 0, SEEK_SET));
    EQUAL(sendfile(pipes[1], file, NULL, 2), 2);
    EQUAL(read(pipes[0], buffer, 2), 2);
    EQUAL(memcmp(buffer, "cp", 2), 0);
}

CASE(mmap_file_shared_takes_what_calls_read) {
    int file = file_of(4096), pipes[2];
    char *memory = (char *)OK(mmap(NULL, 4096, BOTH, MAP_SHARED, file, 0)), buffer[4] = "";
    OK(pipe(pipes));
    for (int i = 0; i < 3; i++) {
        EQUAL(write(pipes[1], &"abc"[i], 1), 1);
        EQUAL(read(pipes[0], memory + i, 1), 1);
        OK(msync(memory, 4096, MS_SYNC));
        EQUAL(pread(file, buffer, 3, 0), 3);
        EQUAL(buffer[i], "abc"[i]);
    }
}

CASE(munmap_in_the_middle) {
    char *memory = pages(3);
    memory[0] = memory[8192] = 1;
    OK(munmap(memory + 4096, 4096));
    EQUAL(memory[0] + memory[8192], 2);
    EQUAL(dies(memory + 4096, 0), SIGSEGV);
}

CASE(munmap_errors) {
    char *memory = pages(1);
    FAILS(munmap(memory + 1, 4096), EINVAL);
    FAILS(munmap(memory, 0), EINVAL);
    FAILS(munmap((void *)0xffff800000000000, 4096), EINVAL);
    OK(munmap(memory, 4096));
    OK(munmap(memory, 4096));
}

CASE(mprotect_is_obeyed) {
    char *memory = pages(3);
    OK(mprotect(memory + 4096, 4096, PROT_READ));
    EQUAL(dies(memory + 4096, 0), 0);
    EQUAL(dies(memory + 4096, 1), SIGSEGV);
    EQUAL(dies(memory, 1), 0);
    EQUAL(dies(memory + 8192, 1), 0);
    OK(mprotect(memory + 4096, 4096, PROT_NONE));
    EQUAL(dies(memory + 4096, 0), SIGSEGV);
    OK(mprotect(memory, 12288, BOTH));
    EQUAL(dies(memory + 4096, 1), 0);
}

CASE(mprotect_errors) {
    char *memory = pages(3);
    FAILS(mprotect(memory + 1, 4096, BOTH), EINVAL);
    FAILS(mprotect(memory, 4096, 0x7777), EINVAL);
    OK(munmap(memory + 4096, 4096));
    FAILS(mprotect(memory, 12288, PROT_READ), ENOMEM);
    int file = OK(open("/etc/passwd", O_RDONLY));
    char *shared = (char *)OK(mmap(NULL, 4096, PROT_READ, MAP_SHARED, file, 0));
    FAILS(mprotect(shared, 4096, BOTH), EACCES);
    OK(mprotect(memory, 0, PROT_READ));
}

CASE(protection_holds_for_system_calls) {
    char *memory = pages(2);
    int file = file_of(100), ends[2];
    OK(mprotect(memory, 4096, PROT_READ));
    OK(mprotect(memory + 4096, 4096, PROT_NONE));
    OK(pipe(ends));
    FAILS(pread(file, memory, 10, 0), EFAULT);
    FAILS(write(ends[1], memory + 4096, 10), EFAULT);
    EQUAL(write(ends[1], memory, 10), 10);
    FAILS(read(ends[0], memory, 10), EFAULT);
}

CASE(mremap_grows_and_shrinks) {
    char *memory = pages(2);
    memory[4096] = 4;
    char *more = mremap(memory, 8192, 65536, MREMAP_MAYMOVE);
    TRUE(more != MAP_FAILED);
    EQUAL(more[4096], 4);
    EQUAL(more[65535], 0);
    TRUE(mremap(more, 65536, 4096, 0) == more);
    EQUAL(dies(more + 4096, 0), SIGSEGV);
}

CASE(mremap_fixed) {
    char *memory = pages(1), *target = pages(4);
    memory[0] = 6;
    target[0] = target[4096] = 9;
    TRUE(mremap(memory, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED, target) == target);
    EQUAL(target[0], 6);
    EQUAL(target[4096], 9);
    EQUAL(dies(memory, 0), SIGSEGV);
}

CASE(mremap_dont_unmap) {
    char *memory = pages(1);
    memory[0] = 6;
    char *moved = mremap(memory, 4096, 4096, MREMAP_MAYMOVE | 4, NULL);
    TRUE(moved != MAP_FAILED && moved != memory);
    EQUAL(moved[0], 6);
    EQUAL(memory[0], 0);
}

CASE(mremap_errors) {
    char *memory = pages(4);
    FAILS(mremap(memory + 1, 4096, 8192, MREMAP_MAYMOVE), EINVAL);
    FAILS(mremap(memory, 4096, 0, MREMAP_MAYMOVE), EINVAL);
    FAILS(mremap(memory, 4096, 8192, 77), EINVAL);
    FAILS(mremap(memory, 4096, 8192, MREMAP_FIXED, memory), EINVAL);
    FAILS(mremap(memory, 8192, 8192, MREMAP_FIXED | MREMAP_MAYMOVE, memory + 4096), EINVAL);
    FAILS(mremap(memory, 4096, 8192, 0), ENOMEM);
    OK(munmap(memory, 16384));
    FAILS(mremap(memory, 4096, 8192, MREMAP_MAYMOVE), EFAULT);
}

CASE(mremap_duplicates_shared) {
    char *memory = (char *)OK(mmap(NULL, 4096, BOTH, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    char *twin = mremap(memory, 0, 4096, MREMAP_MAYMOVE);
    TRUE(twin != MAP_FAILED && twin != memory);
    twin[9] = 9;
    EQUAL(memory[9], 9);
}

CASE(msync_errors) {
    char *memory = pages(2);
    FAILS(msync(memory + 1, 4096, MS_SYNC), EINVAL);
    FAILS(msync(memory, 4096, MS_SYNC | MS_ASYNC), EINVAL);
    FAILS(msync(memory, 4096, 0x7777), EINVAL);
    OK(munmap(memory, 4096));
    FAILS(msync(memory, 8192, MS_SYNC), ENOMEM);
}

CASE(madvise_dontneed_zeroes) {
    char *memory = pages(2);
    memory[0] = memory[4096] = 1;
    OK(madvise(memory, 4096, MADV_DONTNEED));
    EQUAL(memory[0], 0);
    EQUAL(memory[4096], 1);
}

CASE(madvise_dontneed_of_file_reads_anew) {
    int file = file_of(4096);
    pwrite(file, "a", 1, 0);
    char *memory = (char *)OK(mmap(NULL, 4096, BOTH, MAP_PRIVATE, file, 0));
    memory[0] = 'x';
    OK(madvise(memory, 4096, MADV_DONTNEED));
    EQUAL(memory[0], 'a');
}

CASE(madvise_fork_advice) {
    char *memory = pages(2);
    memory[0] = memory[4096] = 3;
    OK(madvise(memory, 4096, MADV_DONTFORK));
    OK(madvise(memory + 4096, 4096, MADV_WIPEONFORK));
    pid_t pid;
    CHILD(pid) {
        EQUAL(memory[4096], 0);
        EQUAL(*(volatile char *)memory, 3);
    }
    KILLED(pid, SIGSEGV);
    OK(madvise(memory, 4096, MADV_DOFORK));
    OK(madvise(memory + 4096, 4096, MADV_KEEPONFORK));
    CHILD(pid) { EQUAL(memory[0] + memory[4096], 6); }
    EXITS(pid, 0);
}

CASE(madvise_errors) {
    char *memory = pages(2);
    FAILS(madvise(memory + 1, 4096, MADV_NORMAL), EINVAL);
    FAILS(madvise(memory, 4096, 7777), EINVAL);
    OK(munmap(memory + 4096, 4096));
    FAILS(madvise(memory, 8192, MADV_DONTNEED), ENOMEM);
    OK(madvise(memory, 0, MADV_DONTNEED));
    FAILS(madvise(memory, -4096l, MADV_DONTNEED), EINVAL);
}

CASE(madvise_hints) {
    char *memory = pages(16);
    static const int hints[] = {MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL, MADV_WILLNEED, MADV_FREE, MADV_DONTDUMP,
        MADV_DODUMP, MADV_HUGEPAGE, MADV_NOHUGEPAGE, MADV_COLD, MADV_PAGEOUT, 22, 23};
    for (int i = 0; i < 13; i++)
        OK(madvise(memory, 65536, hints[i]));
}

CASE(madvise_remove_of_shared) {
    char *memory = (char *)OK(mmap(NULL, 8192, BOTH, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    memory[0] = memory[4096] = 1;
    OK(madvise(memory, 4096, MADV_REMOVE));
    EQUAL(memory[0], 0);
    EQUAL(memory[4096], 1);
    FAILS(madvise(pages(1), 4096, MADV_REMOVE), EINVAL);
}

CASE(brk_moves) {
    char *start = sbrk(0);
    TRUE(sbrk(10000) == start);
    memset(start, 1, 10000);
    TRUE(sbrk(-10000) == start + 10000);
    TRUE(sbrk(0) == start);
    TRUE(sbrk(20000) == start);
    EQUAL(start[8192], 0);
    TRUE((char *)syscall(SYS_brk, 16) == start + 20000);
}

CASE(brk_limit) {
    struct rlimit limit = {1 << 20, 1 << 20};
    OK(setrlimit(RLIMIT_DATA, &limit));
    FAILS(sbrk(16 << 20), ENOMEM);
}

CASE(address_space_limit) {
    struct rlimit limit = {256 << 20, 256 << 20};
    OK(setrlimit(RLIMIT_AS, &limit));
    FAILS(mmap(NULL, 512 << 20, BOTH, ANONYMOUS, -1, 0), ENOMEM);
    OK(mmap(NULL, 16 << 20, BOTH, ANONYMOUS, -1, 0));
}

CASE(mincore_errors) {
    unsigned char resident[4];
    char *memory = pages(2);
    FAILS(mincore(memory + 1, 4096, resident), EINVAL);
    FAILS(mincore(memory, 4096, BAD), EFAULT);
    OK(munmap(memory, 8192));
    FAILS(mincore(memory, 8192, resident), ENOMEM);
}

CASE(mlock_and_limits) {
    char *memory = pages(8);
    OK(mlock(memory, 32768));
    OK(munlock(memory, 32768));
    OK(mlock(memory + 5, 10));
    OK(mlock2(memory, 4096, MLOCK_ONFAULT));
    FAILS(mlock2(memory, 4096, 77), EINVAL);
    OK(mlockall(MCL_CURRENT));
    OK(munlockall());
    FAILS(mlockall(0), EINVAL);
    FAILS(mlockall(77), EINVAL);
    OK(munmap(memory, 4096));
    FAILS(mlock(memory, 4096), ENOMEM);
    FAILS(munlock(memory, 4096), ENOMEM);
}

CASE(process_vm_readv_of_child) {
    char *memory = pages(1), buffer[6] = "";
    memcpy(memory, "child", 5);
    int ends[2];
    OK(pipe(ends));
    pid_t pid;
    CHILD(pid) { read(ends[0], &pid, 1); }
    memcpy(memory, "owner", 5);
    struct iovec mine = {buffer, 5}, theirs = {memory, 5};
    EQUAL(process_vm_readv(pid, &mine, 1, &theirs, 1, 0), 5);
    TRUE(strcmp(buffer, "child") == 0);
    FAILS(process_vm_readv(0x3fffffff, &mine, 1, &theirs, 1, 0), ESRCH);
    FAILS(process_vm_readv(pid, &mine, 1, &theirs, 1, 1), EINVAL);
    theirs.iov_base = BAD;
    FAILS(process_vm_readv(pid, &mine, 1, &theirs, 1, 0), EFAULT);
    write(ends[1], "x", 1);
    EXITS(pid, 0);
}

CASE(numa_policies) {
    int mode = -1;
    unsigned long nodes = 1;
    OK(syscall(SYS_get_mempolicy, &mode, NULL, 0, NULL, 0));
    EQUAL(mode, 0);
    OK(syscall(SYS_set_mempolicy, 2, &nodes, 8));
    OK(syscall(SYS_get_mempolicy, &mode, NULL, 0, NULL, 0));
    EQUAL(mode, 2);
    FAILS(syscall(SYS_set_mempolicy, 77, &nodes, 8), EINVAL);
    OK(syscall(SYS_mbind, pages(1), 4096, 2, &nodes, 8, 0));
}

CASE(shm_lives_in_many_processes) {
    int id = OK(shmget(IPC_PRIVATE, 5000, IPC_CREAT | 0600));
    char *memory = (char *)OK(shmat(id, NULL, 0));
    pid_t pid;
    CHILD(pid) {
        char *other = (char *)OK(shmat(id, NULL, 0));
        other[4999] = memory[3] = 3;
    }
    EXITS(pid, 0);
    EQUAL(memory[4999] + memory[3], 6);
    struct shmid_ds data;
    OK(shmctl(id, IPC_STAT, &data));
    EQUAL(data.shm_nattch, 1);
    EQUAL(data.shm_segsz, 5000);
    EQUAL(data.shm_cpid, getpid());
    EQUAL(data.shm_lpid, pid);
    OK(shmctl(id, IPC_RMID, NULL));
    OK(shmdt(memory));
    FAILS(shmctl(id, IPC_STAT, &data), EINVAL);
}

CASE(shm_keys) {
    key_t key = 0x51000000 + getpid();
    int id = OK(shmget(key, 100, IPC_CREAT | IPC_EXCL | 0600));
    EQUAL(shmget(key, 50, 0), id);
    FAILS(shmget(key, 100, IPC_CREAT | IPC_EXCL), EEXIST);
    FAILS(shmget(key, 10000, 0), EINVAL);
    OK(shmctl(id, IPC_RMID, NULL));
    FAILS(shmget(key, 100, 0), ENOENT);
    FAILS(shmget(IPC_PRIVATE, 0, IPC_CREAT), EINVAL);
}

CASE(shm_attach_errors) {
    int id = OK(shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600));
    FAILS(shmat(0x7fffffff, NULL, 0), EINVAL);
    FAILS(shmat(id, (void *)0x10001, 0), EINVAL);
    FAILS(shmdt(pages(1)), EINVAL);
    char *memory = (char *)OK(shmat(id, NULL, SHM_RDONLY));
    EQUAL(dies(memory, 1), SIGSEGV);
    FAILS(shmctl(id, IPC_STAT, BAD), EFAULT);
    FAILS(shmctl(id, 777, NULL), EINVAL);
    OK(shmctl(id, IPC_RMID, NULL));
}

CASE(shm_round_address) {
    int id = OK(shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600));
    char *memory = pages(4);
    OK(munmap(memory, 16384));
    TRUE(shmat(id, memory + 4097, SHM_RND) == memory + 4096);
    OK(shmctl(id, IPC_RMID, NULL));
}

CASE(sem_counts) {
    int id = OK(semget(IPC_PRIVATE, 3, 0600));
    unsigned short all[3] = {1, 2, 3};
    OK(semctl(id, 0, SETALL, all));
    EQUAL(semctl(id, 1, GETVAL), 2);
    struct sembuf two[2] = {{0, -1, IPC_NOWAIT}, {2, 4, 0}};
    OK(semop(id, two, 2));
    EQUAL(semctl(id, 2, GETVAL), 7);
    FAILS(semop(id, two, 2), EAGAIN);
    EQUAL(semctl(id, 2, GETVAL), 7);
    EQUAL(semctl(id, 2, GETPID), getpid());
    OK(semctl(id, 0, IPC_RMID));
}

CASE(sem_wakes_and_undoes) {
    int id = OK(semget(IPC_PRIVATE, 1, 0600));
    struct sembuf take = {0, -1, SEM_UNDO}, give = {0, 1, 0};
    pid_t pid;
    CHILD(pid) { OK(semop(id, &take, 1)); }
    OK(semop(id, &give, 1));
    EXITS(pid, 0);
    UNTIL(semctl(id, 0, GETVAL) == 1);
    OK(semctl(id, 0, IPC_RMID));
    FAILS(semop(id, &take, 1), EINVAL);
}

CASE(sem_timed) {
    int id = OK(semget(IPC_PRIVATE, 1, 0600));
    struct sembuf take = {0, -1, 0};
    struct timespec time = {0, 5000000};
    FAILS(semtimedop(id, &take, 1, &time), EAGAIN);
    FAILS(semop(id, BAD, 1), EFAULT);
    FAILS(semop(id, &take, 0), EINVAL);
    FAILS(semctl(id, 5, GETVAL), EINVAL);
    take.sem_num = 7;
    FAILS(semop(id, &take, 1), EFBIG);
    OK(semctl(id, 0, IPC_RMID));
}

CASE(sem_removal_wakes) {
    int id = OK(semget(IPC_PRIVATE, 1, 0600));
    pid_t pid;
    CHILD(pid) {
        struct sembuf take = {0, -1, 0};
        cell[0] = 1;
        FAILS(semop(id, &take, 1), EIDRM);
    }
    UNTIL(cell[0]);
    UNTIL(semctl(id, 0, GETNCNT) == 1);
    OK(semctl(id, 0, IPC_RMID));
    EXITS(pid, 0);
}

struct text {
    long type;
    char bytes[20];
};

CASE(msg_types) {
    int id = OK(msgget(IPC_PRIVATE, 0600));
    struct text message = {2, "two"}, got;
    OK(msgsnd(id, &message, 4, 0));
    message = (struct text){1, "one"};
    OK(msgsnd(id, &message, 4, 0));
    EQUAL(msgrcv(id, &got, 20, 1, 0), 4);
    TRUE(strcmp(got.bytes, "one") == 0);
    FAILS(msgrcv(id, &got, 20, 1, IPC_NOWAIT), ENOMSG);
    FAILS(msgrcv(id, &got, 2, 0, 0), E2BIG);
    EQUAL(msgrcv(id, &got, 2, 0, MSG_NOERROR), 2);
    EQUAL(got.type, 2);
    OK(msgctl(id, IPC_RMID, NULL));
}

CASE(msg_between_processes) {
    int id = OK(msgget(IPC_PRIVATE, 0600));
    struct text message = {5, "hello"}, got;
    pid_t pid;
    CHILD(pid) {
        EQUAL(msgrcv(id, &got, 20, 0, 0), 6);
        TRUE(strcmp(got.bytes, "hello") == 0);
    }
    OK(msgsnd(id, &message, 6, 0));
    EXITS(pid, 0);
    OK(msgctl(id, IPC_RMID, NULL));
}

CASE(msg_errors) {
    int id = OK(msgget(IPC_PRIVATE, 0600));
    struct text message = {0, ""};
    FAILS(msgsnd(id, &message, 4, 0), EINVAL);
    message.type = 1;
    FAILS(msgsnd(0x7fffffff, &message, 4, 0), EINVAL);
    FAILS(msgsnd(id, BAD, 4, 0), EFAULT);
    FAILS(msgsnd(id, &message, -1, 0), EINVAL);
    FAILS(msgctl(id, IPC_STAT, BAD), EFAULT);
    OK(msgctl(id, IPC_RMID, NULL));
    FAILS(msgctl(id, IPC_RMID, NULL), EINVAL);
}

CASE(mbind_of_shared_pages_needs_root) {
    char *memory = pages(1);
    OK(syscall(SYS_mbind, memory, 4096, 0, NULL, 0, 0));
    if (geteuid() == 0) {
        OK(syscall(SYS_mbind, memory, 4096, 0, NULL, 0, 4));
        OK(setresuid(65534, 65534, 65534));
    }
    FAILS(syscall(SYS_mbind, memory, 4096, 0, NULL, 0, 4), EPERM);
}
