// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.libc;

import static mckernelj.ihk.SystemCallNumber.EVENTFD2;
import static mckernelj.ihk.SystemCallNumber.READ;
import static mckernelj.ihk.SystemCallNumber.WRITE;

/** An eventfd: makes a thread that waits in {@link Epoll} return. */
public final class EventFd implements AutoCloseable {
    private static final int EFD_CLOEXEC_NONBLOCK = 0x80800;

    private final int fd = (int) LibC.require("eventfd", LibC.call(EVENTFD2, 0, EFD_CLOEXEC_NONBLOCK));

    public int fd() {
        return fd;
    }

    public void signal() {
        try (RawMemory one = RawMemory.allocate(8)) {
            one.putLong(0, 1);
            LibC.call(WRITE, fd, one.address(), 8);
        }
    }

    /** It is not readable any more. */
    public void clear() {
        try (RawMemory count = RawMemory.allocate(8)) {
            LibC.call(READ, fd, count.address(), 8);
        }
    }

    @Override
    public void close() {
        Descriptor.close(fd);
    }
}
