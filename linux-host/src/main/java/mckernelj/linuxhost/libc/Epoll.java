// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.libc;

import static mckernelj.ihk.SystemCallNumber.EPOLL_CREATE1;
import static mckernelj.ihk.SystemCallNumber.EPOLL_CTL;
import static mckernelj.ihk.SystemCallNumber.EPOLL_WAIT;

import mckernelj.ihk.Errno;

/** An epoll set for descriptors that become readable. Each has a 64-bit key. {@link #await} is for one thread. */
public final class Epoll implements AutoCloseable {
    private static final int EPOLL_CLOEXEC = 0x80000;
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_CTL_DEL = 2;
    private static final int EPOLLIN = 1;
    private static final int EVENT_BYTES = 12;
    private static final int EVENTS = 64;

    private final int fd = (int) LibC.require("epoll_create1", LibC.call(EPOLL_CREATE1, EPOLL_CLOEXEC));
    private final RawMemory events = RawMemory.allocate(EVENTS * EVENT_BYTES);

    /** 0 or -errno. */
    public long add(int readable, long key) {
        try (RawMemory event = RawMemory.allocate(EVENT_BYTES)) {
            event.putInt(0, EPOLLIN);
            event.putLong(4, key);
            return LibC.call(EPOLL_CTL, fd, EPOLL_CTL_ADD, readable, event.address());
        }
    }

    public void remove(int readable) {
        LibC.call(EPOLL_CTL, fd, EPOLL_CTL_DEL, readable, 0);
    }

    /** Blocks until something is readable; returns the keys, which may be none. A negative time means without limit. */
    public long[] await(int timeoutMillis) {
        long count = LibC.call(EPOLL_WAIT, fd, events.address(), EVENTS, timeoutMillis);
        if (Errno.isError(count) && count != -Errno.EINTR) {
            throw new HostError("epoll_wait", (int) -count);
        }
        long[] keys = new long[(int) Math.max(0, count)];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = events.getLong((long) i * EVENT_BYTES + 4);
        }
        return keys;
    }

    /** After the last {@link #await}. */
    @Override
    public void close() {
        Descriptor.close(fd);
        events.close();
    }
}
