// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Descriptors: pipes, sockets, readiness, eventfd, locks, inotify, files; what common calls do with bad arguments.
#include "suite.h"
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/statfs.h>
#include <sys/timerfd.h>

CASE(pipe_passes_bytes) {
    int ends[2];
    char buffer[10];
    OK(pipe(ends));
    EQUAL(write(ends[1], "hello", 5), 5);
    EQUAL(read(ends[0], buffer, 10), 5);
    FAILS(write(ends[0], "x", 1), EBADF);
    FAILS(read(ends[1], buffer, 1), EBADF);
    close(ends[1]);
    EQUAL(read(ends[0], buffer, 10), 0);
}

CASE(pipe_flags) {
    int ends[2];
    char byte;
    OK(pipe2(ends, O_NONBLOCK | O_CLOEXEC));
    FAILS(read(ends[0], &byte, 1), EAGAIN);
    EQUAL(fcntl(ends[0], F_GETFD), FD_CLOEXEC);
    FAILS(pipe2(ends, 0x7777777), EINVAL);
    FAILS(syscall(SYS_pipe, BAD), EFAULT);
    FAILS(syscall(SYS_pipe2, KERNEL, 0), EFAULT);
}

CASE(pipe_size) {
    int ends[2];
    OK(pipe2(ends, O_NONBLOCK));
    EQUAL(fcntl(ends[0], F_GETPIPE_SZ), 65536);
    EQUAL(fcntl(ends[0], F_SETPIPE_SZ, 4096), 4096);
    static char buffer[8192];
    EQUAL(write(ends[1], buffer, 8192), 4096);
    FAILS(write(ends[1], buffer, 1), EAGAIN);
    int waiting;
    OK(ioctl(ends[0], FIONREAD, &waiting));
    EQUAL(waiting, 4096);
}

CASE(pipe_many_writers) {
    int ends[2];
    OK(pipe(ends));
    for (int i = 0; i < 5; i++) {
        pid_t pid;
        CHILD(pid) {
            for (int j = 0; j < 100; j++)
                write(ends[1], "0123456789", 10);
        }
    }
    close(ends[1]);
    char buffer[1000];
    long total = 0, got;
    while ((got = read(ends[0], buffer, 1000)) > 0)
        total += got;
    EQUAL(total, 5000);
}

CASE(pipe_splice_and_tee) {
    int from[2], to[2], file = file_of(0);
    OK(pipe(from));
    OK(pipe(to));
    write(from[1], "splice", 6);
    EQUAL(tee(from[0], to[1], 100, 0), 6);
    EQUAL(splice(from[0], NULL, file, NULL, 100, 0), 6);
    EQUAL(lseek(file, 0, SEEK_END), 6);
    struct iovec part = {"vm", 2};
    EQUAL(vmsplice(from[1], &part, 1, 0), 2);
}

CASE(fifo) {
    char name[40], buffer[4];
    sprintf(name, "fifo-%d", getpid());
    OK(mkfifo(name, 0600));
    FAILS(open(name, O_WRONLY | O_NONBLOCK), ENXIO);
    pid_t pid;
    CHILD(pid) {
        int end = OK(open(name, O_WRONLY));
        write(end, "fifo", 4);
    }
    int end = OK(open(name, O_RDONLY));
    EQUAL(read(end, buffer, 4), 4);
    EXITS(pid, 0);
    OK(unlink(name));
}

CASE(socketpair_both_ways) {
    int ends[2];
    char buffer[10];
    OK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
    OK(send(ends[0], "ab", 2, 0));
    OK(send(ends[1], "cde", 3, 0));
    EQUAL(recv(ends[1], buffer, 10, MSG_PEEK), 2);
    EQUAL(recv(ends[1], buffer, 10, 0), 2);
    EQUAL(recv(ends[0], buffer, 10, 0), 3);
    FAILS(recv(ends[0], buffer, 10, MSG_DONTWAIT), EAGAIN);
    OK(shutdown(ends[0], SHUT_WR));
    EQUAL(recv(ends[1], buffer, 10, 0), 0);
    FAILS(send(ends[0], "x", 1, MSG_NOSIGNAL), EPIPE);
}

CASE(socket_datagrams_keep_bounds) {
    int ends[2];
    char buffer[10];
    OK(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends));
    OK(send(ends[0], "abc", 3, 0));
    OK(send(ends[0], "de", 2, 0));
    EQUAL(recv(ends[1], buffer, 10, 0), 3);
    EQUAL(recv(ends[1], buffer, 1, MSG_TRUNC), 2);
}

CASE(socket_passes_a_descriptor) {
    int ends[2], file = file_of(0);
    OK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
    char byte = 'x', control[CMSG_SPACE(sizeof(int))] = {0};
    struct iovec part = {&byte, 1};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    pid_t pid;
    CHILD(pid) {
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        *header = (struct cmsghdr){CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
        int other = file_of(77);
        *(int *)CMSG_DATA(header) = other;
        EQUAL(sendmsg(ends[0], &message, 0), 1);
    }
    EQUAL(recvmsg(ends[1], &message, 0), 1);
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    TRUE(header && header->cmsg_type == SCM_RIGHTS);
    int got = *(int *)CMSG_DATA(header);
    TRUE(got != file);
    EQUAL(lseek(got, 0, SEEK_END), 77);
    EXITS(pid, 0);
}

CASE(socket_passes_credentials) {
    int ends[2], on = 1;
    struct ucred peer;
    socklen_t length = sizeof peer;
    OK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
    OK(getsockopt(ends[0], SOL_SOCKET, SO_PEERCRED, &peer, &length));
    EQUAL(peer.pid, getpid());
    OK(setsockopt(ends[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof on));
    pid_t pid;
    CHILD(pid) { OK(send(ends[0], "x", 1, 0)); }
    char byte, control[CMSG_SPACE(sizeof peer)];
    struct iovec part = {&byte, 1};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    EQUAL(recvmsg(ends[1], &message, 0), 1);
    EQUAL(((struct ucred *)CMSG_DATA(CMSG_FIRSTHDR(&message)))->pid, pid);
    EXITS(pid, 0);
}

CASE(socket_listen_accept) {
    int listener = OK(socket(AF_UNIX, SOCK_STREAM, 0));
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    sprintf(address.sun_path + 1, "suite-%d", getpid());
    OK(bind(listener, (void *)&address, sizeof address));
    OK(listen(listener, 5));
    pid_t pid;
    CHILD(pid) {
        int client = OK(socket(AF_UNIX, SOCK_STREAM, 0));
        OK(connect(client, (void *)&address, sizeof address));
        OK(send(client, "hi", 2, 0));
    }
    int client = OK(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
    char buffer[4];
    EQUAL(recv(client, buffer, 2, MSG_WAITALL), 2);
    EXITS(pid, 0);
}

CASE(socket_tcp_on_loopback) {
    int listener = OK(socket(AF_INET, SOCK_STREAM, 0)), client = OK(socket(AF_INET, SOCK_STREAM, 0));
    unsigned char address[16] = {AF_INET, 0, 0, 0, 127, 0, 0, 1};
    socklen_t length = 16;
    OK(bind(listener, (void *)address, 16));
    OK(listen(listener, 1));
    OK(getsockname(listener, (void *)address, &length));
    OK(connect(client, (void *)address, 16));
    int server = OK(accept(listener, (void *)address, &length));
    OK(send(server, "tcp", 3, 0));
    char buffer[4];
    EQUAL(recv(client, buffer, 3, MSG_WAITALL), 3);
}

CASE(socket_many_messages) {
    int ends[2];
    OK(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends));
    char buffers[3][10];
    struct iovec parts[3] = {{"one", 3}, {"four", 4}, {"x", 1}}, into[3] = {{buffers[0], 10}, {buffers[1], 10}, {buffers[2], 10}};
    struct mmsghdr messages[3] = {0};
    for (int i = 0; i < 3; i++)
        messages[i].msg_hdr = (struct msghdr){.msg_iov = &parts[i], .msg_iovlen = 1};
    EQUAL(sendmmsg(ends[0], messages, 3, 0), 3);
    for (int i = 0; i < 3; i++)
        messages[i].msg_hdr.msg_iov = &into[i];
    EQUAL(recvmmsg(ends[1], messages, 3, 0, NULL), 3);
    EQUAL(messages[1].msg_len, 4);
}

CASE(socket_errors) {
    char buffer[16];
    int file = OK(socket(AF_UNIX, SOCK_STREAM, 0)), on = 0;
    FAILS(socket(1000, SOCK_STREAM, 0), EAFNOSUPPORT);
    FAILS(socket(AF_INET, 77, 0), EINVAL);
    FAILS(bind(0, (void *)buffer, 16), ENOTSOCK);
    FAILS(bind(999, (void *)buffer, 16), EBADF);
    FAILS(bind(file, BAD, 16), EFAULT);
    FAILS(connect(file, BAD, 16), EFAULT);
    FAILS(accept(file, NULL, NULL), EINVAL);
    FAILS(getsockopt(file, SOL_SOCKET, SO_TYPE, BAD, BAD), EFAULT);
    FAILS(setsockopt(file, SOL_SOCKET, SO_REUSEADDR, BAD, 4), EFAULT);
    FAILS(setsockopt(file, SOL_SOCKET, 9999, &on, 4), ENOPROTOOPT);
    FAILS(getpeername(file, (void *)buffer, BAD), ENOTCONN);
    FAILS(getsockname(file, BAD, BAD), EFAULT);
    FAILS(socketpair(AF_UNIX, SOCK_STREAM, 0, BAD), EFAULT);
    FAILS(sendto(999, buffer, 1, 0, NULL, 0), EBADF);
    FAILS(recvmsg(file, BAD, 0), EFAULT);
    FAILS(listen(0, 1), ENOTSOCK);
}

CASE(poll_readiness) {
    int ends[2];
    OK(pipe(ends));
    struct pollfd wait[3] = {{ends[0], POLLIN}, {ends[1], POLLOUT}, {-1, POLLIN, 77}};
    EQUAL(poll(wait, 3, 0), 1);
    EQUAL(wait[0].revents, 0);
    EQUAL(wait[1].revents, POLLOUT);
    EQUAL(wait[2].revents, 0);
    close(ends[1]);
    EQUAL(poll(wait, 1, 1000), 1);
    EQUAL(wait[0].revents, POLLHUP);
    wait[0].fd = 999;
    EQUAL(poll(wait, 1, 0), 1);
    EQUAL(wait[0].revents, POLLNVAL);
    FAILS(syscall(SYS_poll, BAD, 1, 0), EFAULT);
    FAILS(syscall(SYS_ppoll, wait, 1, BAD, NULL, 8), EFAULT);
}

CASE(poll_times_out) {
    long start = now_ms(CLOCK_MONOTONIC);
    EQUAL(poll(NULL, 0, 20), 0);
    TRUE(now_ms(CLOCK_MONOTONIC) - start >= 19);
    struct timespec time = {0, 1000000000};
    FAILS(ppoll(NULL, 0, &time, NULL), EINVAL);
}

CASE(poll_wakes_up) {
    int ends[2];
    OK(pipe(ends));
    pid_t pid;
    CHILD(pid) {
        suite_pause(10);
        write(ends[1], "x", 1);
    }
    struct pollfd wait = {ends[0], POLLIN};
    EQUAL(poll(&wait, 1, 10000), 1);
    EXITS(pid, 0);
}

CASE(select_readiness) {
    int ends[2];
    OK(pipe(ends));
    fd_set in, out;
    FD_ZERO(&in);
    FD_ZERO(&out);
    FD_SET(ends[0], &in);
    FD_SET(ends[1], &out);
    struct timeval time = {1, 0};
    EQUAL(select(ends[1] + 1, &in, &out, NULL, &time), 1);
    TRUE(!FD_ISSET(ends[0], &in) && FD_ISSET(ends[1], &out));
    FAILS(select(-1, NULL, NULL, NULL, &time), EINVAL);
    FD_SET(60, &in);
    FAILS(select(61, &in, NULL, NULL, &time), EBADF);
    FAILS(syscall(SYS_select, 10, BAD, NULL, NULL, &time), EFAULT);
    FAILS(syscall(SYS_select, 10, NULL, NULL, NULL, BAD), EFAULT);
    time = (struct timeval){-1, 0};
    FAILS(syscall(SYS_select, 0, NULL, NULL, NULL, &time), EINVAL);
}

CASE(select_tells_the_time_left) {
    struct timeval time = {0, 10000};
    EQUAL(syscall(SYS_select, 0, NULL, NULL, NULL, &time), 0);
    EQUAL(time.tv_sec + time.tv_usec, 0);
}

CASE(epoll_level_and_edge) {
    int ends[2], poll = OK(epoll_create1(EPOLL_CLOEXEC));
    OK(pipe(ends));
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = 0x123456789a};
    OK(epoll_ctl(poll, EPOLL_CTL_ADD, ends[0], &event));
    EQUAL(epoll_wait(poll, &event, 1, 0), 0);
    write(ends[1], "x", 1);
    EQUAL(epoll_wait(poll, &event, 1, 1000), 1);
    EQUAL(event.data.u64, 0x123456789a);
    EQUAL(epoll_wait(poll, &event, 1, 0), 1);
    event.events = EPOLLIN | EPOLLET;
    OK(epoll_ctl(poll, EPOLL_CTL_MOD, ends[0], &event));
    EQUAL(epoll_wait(poll, &event, 1, 0), 1);
    EQUAL(epoll_wait(poll, &event, 1, 0), 0);
    OK(epoll_ctl(poll, EPOLL_CTL_DEL, ends[0], NULL));
}

CASE(epoll_oneshot) {
    int file = OK(eventfd(1, 0)), poll = OK(epoll_create(1));
    struct epoll_event event = {.events = EPOLLIN | EPOLLONESHOT};
    OK(epoll_ctl(poll, EPOLL_CTL_ADD, file, &event));
    EQUAL(epoll_wait(poll, &event, 1, 0), 1);
    EQUAL(epoll_wait(poll, &event, 1, 0), 0);
}

CASE(epoll_errors) {
    int poll = OK(epoll_create1(0)), file = OK(eventfd(0, 0)), plain = file_of(0);
    struct epoll_event event = {.events = EPOLLIN};
    FAILS(epoll_create(0), EINVAL);
    FAILS(epoll_create1(77), EINVAL);
    FAILS(epoll_ctl(poll, EPOLL_CTL_MOD, file, &event), ENOENT);
    FAILS(epoll_ctl(poll, EPOLL_CTL_DEL, file, &event), ENOENT);
    OK(epoll_ctl(poll, EPOLL_CTL_ADD, file, &event));
    FAILS(epoll_ctl(poll, EPOLL_CTL_ADD, file, &event), EEXIST);
    FAILS(epoll_ctl(poll, EPOLL_CTL_ADD, plain, &event), EPERM);
    FAILS(epoll_ctl(poll, EPOLL_CTL_ADD, poll, &event), EINVAL);
    FAILS(epoll_ctl(999, EPOLL_CTL_ADD, file, &event), EBADF);
    FAILS(epoll_ctl(poll, EPOLL_CTL_ADD, 999, &event), EBADF);
    FAILS(syscall(SYS_epoll_ctl, poll, EPOLL_CTL_ADD, OK(dup(file)), BAD), EFAULT);
    FAILS(epoll_wait(poll, &event, 0, 0), EINVAL);
    FAILS(epoll_wait(file, &event, 1, 0), EINVAL);
    uint64_t one = 1;
    write(file, &one, 8);
    FAILS(syscall(SYS_epoll_wait, poll, BAD, 1, 0), EFAULT);
}

CASE(epoll_pwait2_timeout) {
    int poll = OK(epoll_create1(0));
    struct epoll_event event;
    struct timespec time = {0, 3000000};
    EQUAL(syscall(441, poll, &event, 1, &time, NULL, 8), 0);
    FAILS(syscall(441, poll, &event, 1, BAD, NULL, 8), EFAULT);
}

CASE(eventfd_counts) {
    int file = OK(eventfd(3, EFD_NONBLOCK));
    uint64_t number = 4;
    EQUAL(write(file, &number, 8), 8);
    EQUAL(read(file, &number, 8), 8);
    EQUAL(number, 7);
    FAILS(read(file, &number, 8), EAGAIN);
    number = -1;
    FAILS(write(file, &number, 8), EINVAL);
    FAILS(read(file, &number, 7), EINVAL);
    FAILS(eventfd(0, 0x7777), EINVAL);
}

CASE(eventfd_semaphore_between_processes) {
    int file = OK(eventfd(0, EFD_SEMAPHORE));
    pid_t pid;
    uint64_t number;
    CHILD(pid) {
        for (int i = 0; i < 2; i++) {
            EQUAL(read(file, &number, 8), 8);
            EQUAL(number, 1);
        }
    }
    number = 2;
    EQUAL(write(file, &number, 8), 8);
    EXITS(pid, 0);
}

CASE(flock_excludes) {
    int file = file_of(0);
    OK(flock(file, LOCK_EX));
    char name[40];
    sprintf(name, "/proc/self/fd/%d", file);
    int plain = OK(open("lock", O_RDWR | O_CREAT, 0600)), other = OK(open("lock", O_RDWR));
    OK(flock(plain, LOCK_EX));
    FAILS(flock(other, LOCK_SH | LOCK_NB), EAGAIN);
    OK(flock(plain, LOCK_UN));
    OK(flock(other, LOCK_SH));
    OK(flock(plain, LOCK_SH));
    FAILS(flock(999, LOCK_SH), EBADF);
    FAILS(flock(file, 77), EINVAL);
}

CASE(flock_blocks_until_released) {
    int file = OK(open("lock2", O_RDWR | O_CREAT, 0600));
    OK(flock(file, LOCK_EX));
    pid_t pid;
    CHILD(pid) {
        int other = OK(open("lock2", O_RDWR));
        OK(flock(other, LOCK_EX));
        EQUAL(cell[0], 1);
    }
    suite_pause(10);
    cell[0] = 1;
    OK(flock(file, LOCK_UN));
    EXITS(pid, 0);
}

CASE(fcntl_locks) {
    int file = file_of(100);
    struct flock lock = {.l_type = F_WRLCK, .l_start = 10, .l_len = 10};
    OK(fcntl(file, F_SETLK, &lock));
    pid_t pid, me = getpid();
    CHILD(pid) {
        struct flock mine = {.l_type = F_RDLCK, .l_start = 15, .l_len = 1};
        FAILS(fcntl(file, F_SETLK, &mine), EAGAIN);
        OK(fcntl(file, F_GETLK, &mine));
        EQUAL(mine.l_type, F_WRLCK);
        EQUAL(mine.l_pid, me);
        EQUAL(mine.l_start, 10);
        mine = (struct flock){.l_type = F_WRLCK, .l_start = 20, .l_len = 1};
        OK(fcntl(file, F_SETLK, &mine));
    }
    EXITS(pid, 0);
    FAILS(fcntl(file, F_SETLK, BAD), EFAULT);
}

CASE(fcntl_deadlock) {
    int file = file_of(100);
    struct flock first = {.l_type = F_WRLCK, .l_len = 1}, second = {.l_type = F_WRLCK, .l_start = 1, .l_len = 1};
    OK(fcntl(file, F_SETLK, &first));
    pid_t pid;
    CHILD(pid) {
        OK(fcntl(file, F_SETLK, &second));
        cell[0] = 1;
        OK(fcntl(file, F_SETLKW, &first));
    }
    UNTIL(cell[0]);
    suite_pause(20);
    FAILS(fcntl(file, F_SETLKW, &second), EDEADLK);
    kill(pid, SIGKILL);
    KILLED(pid, SIGKILL);
}

CASE(fcntl_open_file_locks) {
    int one = OK(open("lock3", O_RDWR | O_CREAT, 0600)), two = OK(open("lock3", O_RDWR));
    struct flock lock = {.l_type = F_WRLCK, .l_len = 1};
    OK(fcntl(one, F_OFD_SETLK, &lock));
    FAILS(fcntl(two, F_OFD_SETLK, &lock), EAGAIN);
}

CASE(fcntl_duplicates_and_flags) {
    int file = file_of(0);
    EQUAL(fcntl(file, F_DUPFD, 50), 50);
    EQUAL(fcntl(file, F_DUPFD_CLOEXEC, 50), 51);
    EQUAL(fcntl(51, F_GETFD), FD_CLOEXEC);
    OK(fcntl(file, F_SETFL, O_APPEND));
    EQUAL(fcntl(50, F_GETFL) & (O_APPEND | O_ACCMODE), O_APPEND | O_RDWR);
    FAILS(fcntl(999, F_GETFD), EBADF);
    FAILS(fcntl(file, 7777), EINVAL);
    FAILS(dup2(999, 5), EBADF);
    FAILS(dup2(file, -1), EBADF);
    FAILS(dup3(file, file, 0), EINVAL);
}

CASE(close_range_closes) {
    int file = file_of(0);
    dup2(file, 60);
    dup2(file, 62);
    OK(syscall(SYS_close_range, 60, 61, 0));
    FAILS(fcntl(60, F_GETFD), EBADF);
    OK(fcntl(62, F_GETFD));
    OK(syscall(SYS_close_range, 62, 62, 4));
    EQUAL(fcntl(62, F_GETFD), FD_CLOEXEC);
    FAILS(syscall(SYS_close_range, 5, 4, 0), EINVAL);
}

CASE(inotify_tells) {
    int file = OK(inotify_init1(IN_NONBLOCK));
    char name[40], buffer[400];
    FAILS(read(file, buffer, sizeof buffer), EAGAIN);
    sprintf(name, "watched-%d", getpid());
    OK(mkdir(name, 0700));
    int watch = OK(inotify_add_watch(file, name, IN_CREATE | IN_DELETE));
    OK(chdir(name));
    close(OK(open("new", O_CREAT | O_WRONLY, 0600)));
    EQUAL(read(file, buffer, sizeof buffer), 32);
    struct inotify_event *event = (void *)buffer;
    EQUAL(event->wd, watch);
    EQUAL(event->mask, IN_CREATE);
    TRUE(strcmp(event->name, "new") == 0);
    unlink("new");
    EQUAL(read(file, buffer, sizeof buffer), 32);
    EQUAL(event->mask, IN_DELETE);
    OK(inotify_rm_watch(file, watch));
    FAILS(inotify_rm_watch(file, 77), EINVAL);
    FAILS(inotify_add_watch(file, "/nonexistent", IN_CREATE), ENOENT);
    FAILS(inotify_add_watch(file, BAD, IN_CREATE), EFAULT);
    FAILS(inotify_init1(0x77777), EINVAL);
}

CASE(file_positions) {
    int file = file_of(0);
    char buffer[10];
    EQUAL(pwrite(file, "abcdef", 6, 10), 6);
    EQUAL(lseek(file, 0, SEEK_CUR), 0);
    EQUAL(pread(file, buffer, 10, 12), 4);
    EQUAL(lseek(file, -2, SEEK_END), 14);
    FAILS(lseek(file, -1, SEEK_SET), EINVAL);
    FAILS(lseek(file, 0, 77), EINVAL);
    FAILS(pread(file, buffer, 1, -1), EINVAL);
    int ends[2];
    OK(pipe(ends));
    FAILS(lseek(ends[0], 0, SEEK_SET), ESPIPE);
    FAILS(pread(ends[0], buffer, 1, 0), ESPIPE);
}

CASE(file_vectors) {
    int file = file_of(0);
    char one[3], two[3];
    struct iovec out[2] = {{"abc", 3}, {"de", 2}}, in[2] = {{one, 3}, {two, 3}}, wrong[2] = {{"abc", 3}, {BAD, 2}};
    EQUAL(writev(file, out, 2), 5);
    EQUAL(preadv(file, in, 2, 0), 5);
    EQUAL(preadv2(file, in, 2, 1, 0), 4);
    EQUAL(pwritev(file, out, 2, 3), 5);
    FAILS(writev(file, BAD, 1), EFAULT);
    FAILS(writev(file, out, -1), EINVAL);
    FAILS(writev(file, out, 1025), EINVAL);
    EQUAL(writev(file, out, 0), 0);
    int ends[2];
    OK(pipe(ends));
    BETWEEN(writev(ends[1], wrong, 2), -1, 3);
    in[0].iov_len = -1;
    FAILS(readv(file, in, 2), EINVAL);
}

CASE(file_names_bad) {
    struct stat status;
    struct statfs system;
    char buffer[10];
    FAILS(open(BAD, O_RDONLY), EFAULT);
    FAILS(syscall(SYS_openat, AT_FDCWD, KERNEL, 0, 0), EFAULT);
    FAILS(syscall(SYS_openat, 999, "x", 0, 0), EBADF);
    FAILS(syscall(SYS_stat, BAD, &status), EFAULT);
    FAILS(syscall(SYS_stat, "/", BAD), EFAULT);
    FAILS(syscall(SYS_fstat, 0, BAD), EFAULT);
    FAILS(syscall(SYS_newfstatat, AT_FDCWD, "/", BAD, 0), EFAULT);
    FAILS(syscall(SYS_statx, AT_FDCWD, "/", 0, 0, BAD), EFAULT);
    FAILS(syscall(SYS_statfs, BAD, &system), EFAULT);
    FAILS(syscall(SYS_statfs, "/", BAD), EFAULT);
    FAILS(syscall(SYS_access, BAD, 0), EFAULT);
    FAILS(syscall(SYS_mkdir, BAD, 0), EFAULT);
    FAILS(syscall(SYS_rmdir, BAD), EFAULT);
    FAILS(syscall(SYS_unlink, BAD), EFAULT);
    FAILS(syscall(SYS_rename, BAD, "x"), EFAULT);
    FAILS(syscall(SYS_link, BAD, "x"), EFAULT);
    FAILS(syscall(SYS_symlink, "x", BAD), EFAULT);
    FAILS(syscall(SYS_readlink, "/proc/self/exe", BAD, 10), EFAULT);
    FAILS(syscall(SYS_readlink, "/", buffer, 10), EINVAL);
    FAILS(syscall(SYS_chdir, BAD), EFAULT);
    FAILS(syscall(SYS_chmod, BAD, 0), EFAULT);
    FAILS(syscall(SYS_chown, BAD, 0, 0), EFAULT);
    FAILS(syscall(SYS_truncate, BAD, 0), EFAULT);
    FAILS(syscall(SYS_getcwd, BAD, 100), EFAULT);
    FAILS(syscall(SYS_getcwd, buffer, 1), ERANGE);
    FAILS(syscall(SYS_utimensat, AT_FDCWD, "/", BAD, 0), EFAULT);
    FAILS(syscall(SYS_mknod, BAD, S_IFIFO, 0), EFAULT);
    FAILS(syscall(SYS_getdents64, 999, buffer, 10), EBADF);
}

CASE(descriptors_bad) {
    char buffer[100];
    FAILS(read(999, buffer, 1), EBADF);
    FAILS(read(-1, buffer, 1), EBADF);
    FAILS(write(999, buffer, 1), EBADF);
    FAILS(pread(999, buffer, 1, 0), EBADF);
    FAILS(close(999), EBADF);
    FAILS(lseek(999, 0, 0), EBADF);
    FAILS(fsync(999), EBADF);
    FAILS(ftruncate(999, 0), EBADF);
    FAILS(fchdir(999), EBADF);
    FAILS(fchmod(999, 0), EBADF);
    FAILS(dup(999), EBADF);
    FAILS(syscall(SYS_fstat, 999, buffer), EBADF);
    FAILS(ioctl(999, FIONREAD, buffer), EBADF);
    FAILS(syscall(SYS_fallocate, 999, 0, 0, 1), EBADF);
    FAILS(syscall(SYS_sendfile, 999, 0, NULL, 1), EBADF);
    FAILS(syscall(SYS_fadvise64, 999, 0, 0, 0), EBADF);
    FAILS(mmap(NULL, 4096, PROT_READ, MAP_SHARED, 999, 0), EBADF);
}

CASE(buffers_bad) {
    int file = file_of(100), ends[2];
    OK(pipe(ends));
    FAILS(read(file, BAD, 10), EFAULT);
    FAILS(write(file, BAD, 10), EFAULT);
    FAILS(pread(file, KERNEL, 10, 0), EFAULT);
    FAILS(pwrite(file, KERNEL, 10, 0), EFAULT);
    FAILS(write(ends[1], BAD, 1), EFAULT);
    write(ends[1], "x", 1);
    FAILS(read(ends[0], BAD, 1), EFAULT);
    FAILS(syscall(SYS_getrandom, BAD, 10, 0), EFAULT);
    FAILS(ioctl(ends[0], FIONREAD, BAD), EFAULT);
    EQUAL(read(file, BAD, 0), 0);
    EQUAL(write(file, NULL, 0), 0);
    FAILS(syscall(SYS_sendfile, ends[1], file, BAD, 10), EFAULT);
}

CASE(buffer_across_the_end_of_memory) {
    char *memory = pages(2);
    OK(munmap(memory + 4096, 4096));
    int file = file_of(100), ends[2];
    OK(pipe(ends));
    write(ends[1], "0123456789", 10);
    FAILS(read(file, memory + 4096, 100), EFAULT);
    BETWEEN(pread(file, memory + 4091, 100, 0), -1, 5);
    EQUAL(write(ends[1], memory + 4090, 6), 6);
    strcpy(memory + 4090, "/etc/");
    memory[4095] = 'x';
    FAILS(open(memory + 4090, O_RDONLY), EFAULT);
    strcpy(memory + 4091, "/etc");
    OK(open(memory + 4091, O_RDONLY));
}

CASE(too_many_descriptors) {
    struct rlimit limit = {20, 20};
    OK(setrlimit(RLIMIT_NOFILE, &limit));
    int file;
    while ((file = open("/dev/null", O_RDONLY)) >= 0)
        TRUE(file < 20);
    EQUAL(errno, EMFILE);
    int ends[2];
    FAILS(pipe(ends), EMFILE);
    FAILS(dup2(0, 20), EBADF);
    FAILS(fcntl(0, F_DUPFD, 20), EINVAL);
    FAILS(socket(AF_UNIX, SOCK_STREAM, 0), EMFILE);
    FAILS(syscall(SYS_memfd_create, "x", 0), EMFILE);
}

struct control {
    uint64_t data;
    uint32_t key, rw_flags;
    uint16_t opcode;
    int16_t priority;
    uint32_t file;
    uint64_t buffer, length;
    int64_t offset;
    uint64_t reserved;
    uint32_t flags, event_file;
};

struct completion {
    uint64_t data, control;
    int64_t result, result2;
};

CASE(aio_reads_and_writes) {
    unsigned long context = 0;
    int file = file_of(0), events = OK(eventfd(0, EFD_NONBLOCK));
    OK(syscall(SYS_io_setup, 4, &context));
    char text[] = "asynchronous", buffer[20] = "";
    struct iovec vector = {buffer + 5, 7};
    struct control write_it = {.data = 1, .opcode = 1, .file = file, .buffer = (uintptr_t)text, .length = 12, .offset = 3},
                   read_it = {.data = 2, .opcode = 0, .file = file, .buffer = (uintptr_t)buffer, .length = 5, .offset = 3},
                   read_more = {.data = 3, .opcode = 7, .file = file, .buffer = (uintptr_t)&vector, .length = 1, .offset = 8},
                   sync_it = {.data = 4, .opcode = 2, .file = file, .flags = 1, .event_file = events};
    struct control *all[] = {&write_it, &read_it, &read_more, &sync_it};
    struct completion done[4];
    EQUAL(syscall(SYS_io_submit, context, 1, all), 1);
    EQUAL(syscall(SYS_io_getevents, context, 1, 4, done, NULL), 1);
    EQUAL(done[0].data, 1);
    EQUAL(done[0].control, (uintptr_t)&write_it);
    EQUAL(done[0].result, 12);
    EQUAL(syscall(SYS_io_submit, context, 3, all + 1), 3);
    EQUAL(syscall(SYS_io_getevents, context, 3, 4, done, NULL), 3);
    int sum = 0, data = 0;
    for (int i = 0; i < 3; i++) {
        sum += done[i].result;
        data += done[i].data;
    }
    EQUAL(sum, 12);
    EQUAL(data, 9);
    TRUE(strcmp(buffer, text) == 0);
    uint64_t count;
    EQUAL(read(events, &count, 8), 8);
    EQUAL(count, 1);
    OK(syscall(SYS_io_destroy, context));
    FAILS(syscall(SYS_io_destroy, context), EINVAL);
}

CASE(aio_waits_for_events) {
    unsigned long context = 0;
    struct completion done[1];
    struct timespec time = {0, 5000000};
    OK(syscall(SYS_io_setup, 1, &context));
    EQUAL(syscall(SYS_io_getevents, context, 1, 1, done, &time), 0);
    void *body(void *argument) {
        struct completion mine[1];
        cell[0] = 1;
        EQUAL(syscall(SYS_io_getevents, context, 1, 1, mine, NULL), 1);
        EQUAL(mine[0].data, 5);
        return NULL;
    }
    pthread_t thread = started(body, NULL);
    UNTIL(cell[0]);
    char byte = 'x';
    struct control one = {.data = 5, .opcode = 1, .file = file_of(0), .buffer = (uintptr_t)&byte, .length = 1};
    struct control *list[] = {&one};
    EQUAL(syscall(SYS_io_submit, context, 1, list), 1);
    joined(thread);
}

CASE(aio_errors) {
    unsigned long context = 0, used = 1;
    struct completion done[1];
    struct timespec time = {0, 0};
    FAILS(syscall(SYS_io_setup, 0, &context), EINVAL);
    FAILS(syscall(SYS_io_setup, 1, &used), EINVAL);
    FAILS(syscall(SYS_io_setup, 1, NULL), EFAULT);
    FAILS(syscall(SYS_io_setup, 3000000, &context), EAGAIN);
    FAILS(syscall(SYS_io_destroy, 0), EINVAL);
    FAILS(syscall(SYS_io_submit, 0, 1, NULL), EINVAL);
    FAILS(syscall(SYS_io_getevents, 0, 0, 1, done, &time), EINVAL);
    FAILS(syscall(SYS_io_cancel, 0, NULL, NULL), EFAULT);
    OK(syscall(SYS_io_setup, 1, &context));
    char byte = 'x';
    struct control one = {.opcode = 1, .file = 999, .buffer = (uintptr_t)&byte, .length = 1};
    struct control *list[] = {&one, NULL};
    FAILS(syscall(SYS_io_submit, context, -1l, list), EINVAL);
    EQUAL(syscall(SYS_io_submit, context, 0, list), 0);
    FAILS(syscall(SYS_io_submit, context, 1, NULL), EFAULT);
    FAILS(syscall(SYS_io_submit, context, 1, list + 1), EFAULT);
    FAILS(syscall(SYS_io_submit, context, 1, list), EBADF);
    one.file = OK(open("/dev/null", O_RDONLY));
    FAILS(syscall(SYS_io_submit, context, 1, list), EBADF);
    one.opcode = 99;
    FAILS(syscall(SYS_io_submit, context, 1, list), EINVAL);
    FAILS(syscall(SYS_io_getevents, context, 2l, 1l, done, &time), EINVAL);
    FAILS(syscall(SYS_io_getevents, context, -1l, 1l, done, &time), EINVAL);
    FAILS(syscall(SYS_io_cancel, context, &one, done), EINVAL);
    OK(syscall(SYS_io_destroy, context));
}

CASE(memfd_is_not_sealed_while_it_is_mapped_to_write) {
    int file = OK(syscall(SYS_memfd_create, "sealed", MFD_ALLOW_SEALING));
    OK(ftruncate(file, 4096));
    char *memory = (char *)OK(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0));
    memory[0] = 'a';
    FAILS(fcntl(file, F_ADD_SEALS, F_SEAL_WRITE), EBUSY);
    OK(munmap(memory, 4096));
    OK(fcntl(file, F_ADD_SEALS, F_SEAL_WRITE));
    char byte;
    EQUAL(pread(file, &byte, 1, 0), 1);
    EQUAL(byte, 'a');
    memory = (char *)OK(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0));
    memory[0] = 'b';
    EQUAL(pread(file, &byte, 1, 0), 1);
    EQUAL(byte, 'a');
    memory = (char *)OK(mmap(NULL, 4096, PROT_READ, MAP_SHARED, file, 0));
    FAILS(mprotect(memory, 4096, PROT_READ | PROT_WRITE), EACCES);
}

CASE(memfd_seals) {
    int file = OK(syscall(SYS_memfd_create, "sealed", MFD_ALLOW_SEALING));
    OK(ftruncate(file, 4096));
    OK(fcntl(file, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_WRITE));
    EQUAL(fcntl(file, F_GET_SEALS), F_SEAL_SHRINK | F_SEAL_WRITE);
    FAILS(ftruncate(file, 0), EPERM);
    FAILS(write(file, "x", 1), EPERM);
    FAILS(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0), EPERM);
    OK(mmap(NULL, 4096, PROT_READ, MAP_SHARED, file, 0));
}

CASE(directory_is_listed) {
    char name[40];
    sprintf(name, "directory-%d", getpid());
    OK(mkdir(name, 0700));
    OK(chdir(name));
    for (int i = 0; i < 100; i++) {
        sprintf(name, "entry-%d", i);
        close(OK(open(name, O_CREAT | O_WRONLY, 0600)));
    }
    DIR *directory = opendir(".");
    int count = 0;
    while (readdir(directory))
        count++;
    EQUAL(count, 102);
}

CASE(access_times_are_set) {
    int file = file_of(0);
    struct timespec times[2] = {{1000, 5}, {2000, 6}};
    struct stat status;
    OK(futimens(file, times));
    OK(fstat(file, &status));
    EQUAL(status.st_atim.tv_sec, 1000);
    EQUAL(status.st_mtim.tv_nsec, 6);
    times[0].tv_nsec = 1000000000;
    FAILS(futimens(file, times), EINVAL);
}

// The files' clock is another one if the kernel delegates calls: it must not be ahead.
CASE(no_file_is_changed_in_the_future) {
    int file = file_of(0);
    for (int round = 0; round < 20; round++) {
        for (int i = 0; i < 2000; i++)
            syscall(SYS_getppid);
        EQUAL(write(file, "x", 1), 1);
        struct stat status;
        struct statx extended;
        if (round % 2) {
            OK(fstat(file, &status));
        } else {
            OK(statx(file, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &extended));
            status.st_ctim.tv_sec = extended.stx_ctime.tv_sec;
            status.st_ctim.tv_nsec = extended.stx_ctime.tv_nsec;
        }
        struct timespec now;
        OK(clock_gettime(CLOCK_REALTIME, &now));
        TRUE(status.st_ctim.tv_sec < now.tv_sec || status.st_ctim.tv_sec == now.tv_sec && status.st_ctim.tv_nsec <= now.tv_nsec);
        TRUE(now.tv_sec <= syscall(SYS_time, NULL));
    }
}

CASE(sendfile_and_copy_file_range) {
    int from = file_of(0), to = file_of(0);
    write(from, "0123456789", 10);
    off_t offset = 2;
    EQUAL(syscall(SYS_sendfile, to, from, &offset, 100), 8);
    EQUAL(offset, 10);
    loff_t start = 0;
    EQUAL(syscall(SYS_copy_file_range, from, &start, to, NULL, 4, 0), 4);
    EQUAL(lseek(to, 0, SEEK_END), 12);
}

CASE(kcmp_finds_a_descriptor_of_an_epoll) {
    int ends[2], set = OK(epoll_create1(0));
    OK(pipe(ends));
    struct epoll_event event = {.events = EPOLLIN};
    OK(epoll_ctl(set, EPOLL_CTL_ADD, ends[0], &event));
    unsigned slot[3] = {set, ends[0], 0};
    EQUAL(syscall(SYS_kcmp, getpid(), getpid(), 7, ends[0], slot), 0);
    TRUE(syscall(SYS_kcmp, getpid(), getpid(), 7, ends[1], slot) > 0);
    slot[1] = ends[1];
    FAILS(syscall(SYS_kcmp, getpid(), getpid(), 7, ends[0], slot), ENOENT);
}
