// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// poll, select, epoll, eventfd, timerfd, signalfd, sockets, non-blocking descriptors.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
    int ends[2], pair[2];
    if (pipe2(ends, O_NONBLOCK) || socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
        return 1;
    char buffer[64] = "";
    ssize_t got = read(ends[0], buffer, 1);
    printf("empty pipe %zd %s\n", got, strerror(errno));
    long filled = 0;
    while ((got = write(ends[1], buffer, sizeof buffer)) > 0)
        filled += got;
    printf("full pipe %ld\n", filled);
    struct pollfd polls[2] = {{ends[0], POLLIN, 0}, {pair[0], POLLIN | POLLOUT, 0}};
    int ready = poll(polls, 2, 1000);
    printf("poll %d %x %x\n", ready, polls[0].revents, polls[1].revents);
    fd_set reads;
    FD_ZERO(&reads);
    FD_SET(pair[0], &reads);
    struct timeval soon = {0, 10000};
    printf("select %d\n", select(pair[0] + 1, &reads, NULL, NULL, &soon));
    if (fork() == 0) {
        usleep(20000);
        (void)!write(pair[1], "from the child", 14);
        _exit(0);
    }
    int epoll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = 77};
    epoll_ctl(epoll, EPOLL_CTL_ADD, pair[0], &event);
    struct epoll_event happened;
    ready = epoll_wait(epoll, &happened, 1, 5000);
    printf("epoll %d %x %u\n", ready, happened.events, happened.data.u32);
    got = read(pair[0], buffer, sizeof buffer);
    printf("socket %.*s\n", (int)got, buffer);
    wait(NULL);
    int counter = eventfd(5, EFD_NONBLOCK);
    uint64_t number = 10;
    (void)!write(counter, &number, 8);
    (void)!read(counter, &number, 8);
    printf("eventfd %lu\n", number);
    int timer = timerfd_create(CLOCK_MONOTONIC, 0);
    struct itimerspec after = {.it_value.tv_nsec = 5000000};
    timerfd_settime(timer, 0, &after, NULL);
    got = read(timer, &number, 8);
    printf("timerfd %zd %lu\n", got, number);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    bind(listener, (struct sockaddr *)&address, size);
    listen(listener, 1);
    getsockname(listener, (struct sockaddr *)&address, &size);
    if (fork() == 0) {
        int client = socket(AF_INET, SOCK_STREAM, 0);
        connect(client, (struct sockaddr *)&address, sizeof address);
        send(client, "over TCP", 8, 0);
        _exit(0);
    }
    int peer = accept(listener, NULL, NULL);
    got = recv(peer, buffer, sizeof buffer, MSG_WAITALL);
    printf("%.*s\n", (int)got, buffer);
    wait(NULL);
    int descriptors[1] = {ends[0]};
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec one = {"!", 1};
    struct msghdr message = {.msg_iov = &one, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    control.header = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
    memcpy(CMSG_DATA(&control.header), descriptors, sizeof descriptors);
    printf("sendmsg %zd\n", sendmsg(pair[0], &message, 0));
    one.iov_base = buffer;
    printf("recvmsg %zd\n", recvmsg(pair[1], &message, 0));
    memcpy(descriptors, CMSG_DATA(&control.header), sizeof descriptors);
    printf("passed descriptor %d\n", read(descriptors[0], buffer, 64) == 64);
    return 0;
}
