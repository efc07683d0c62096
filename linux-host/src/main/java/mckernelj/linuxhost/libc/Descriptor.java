// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.libc;

import static mckernelj.ihk.SystemCallNumber.CLOSE;
import static mckernelj.ihk.SystemCallNumber.DUP3;
import static mckernelj.ihk.SystemCallNumber.FCNTL;
import static mckernelj.ihk.SystemCallNumber.PIPE2;
import static mckernelj.ihk.SystemCallNumber.PREAD64;
import static mckernelj.ihk.SystemCallNumber.PWRITE64;
import static mckernelj.ihk.SystemCallNumber.READ;
import static mckernelj.ihk.SystemCallNumber.WRITE;

import java.nio.charset.StandardCharsets;

/** File descriptors of the node's own process. */
public final class Descriptor {
    private static final int O_CLOEXEC = 0x80000;
    private static final int O_ASYNC = 0x2000;
    private static final int F_SETFL = 4;
    private static final int F_SETOWN = 8;
    private static final int F_SETSIG = 10;

    private Descriptor() {}

    public static void close(int fd) {
        LibC.call(CLOSE, fd);
    }

    /** Makes {@code fd} stand for what {@code source} is, in one step, and closes {@code source}. */
    public static void replace(int fd, int source) {
        LibC.call(DUP3, source, fd, O_CLOEXEC);
        close(source);
    }

    /** Reads into memory at a raw address. */
    public static long pread(int fd, long address, long lengthBytes, long offset) {
        return LibC.call(PREAD64, fd, address, lengthBytes, offset);
    }

    public static long pwrite(int fd, long address, long lengthBytes, long offset) {
        return LibC.call(PWRITE64, fd, address, lengthBytes, offset);
    }

    /** Writes text; what the reader does not take is lost. */
    public static void write(int fd, String text) {
        write(fd, text.getBytes(StandardCharsets.UTF_8));
    }

    /** One write(2); its result. */
    public static long write(int fd, byte[] bytes) {
        try (RawMemory copy = RawMemory.allocate(bytes.length)) {
            copy.putBytes(0, bytes);
            return LibC.call(WRITE, fd, copy.address(), bytes.length);
        }
    }

    /** Reads up to that many bytes and forgets them; the result of read(2). */
    public static long drain(int fd, int lengthBytes) {
        try (RawMemory buffer = RawMemory.allocate(lengthBytes)) {
            return LibC.call(READ, fd, buffer.address(), lengthBytes);
        }
    }

    /** A close-on-exec pipe: read end, write end; null if the host has no descriptors left. */
    public static int[] pipe() {
        try (RawMemory pair = RawMemory.allocate(8)) {
            long result = LibC.call(PIPE2, pair.address(), O_CLOEXEC);
            return result < 0 ? null : new int[] {pair.getInt(0), pair.getInt(4)};
        }
    }

    /** Events on {@code fd} send {@code signal} to process {@code pid}, with a siginfo. Returns 0 or -errno. */
    public static long signalOwner(int fd, int pid, int signal) {
        long result = LibC.call(FCNTL, fd, F_SETOWN, pid);
        if (result == 0) {
            result = LibC.call(FCNTL, fd, F_SETSIG, signal);
        }
        return result == 0 ? LibC.call(FCNTL, fd, F_SETFL, O_ASYNC) : result;
    }
}
