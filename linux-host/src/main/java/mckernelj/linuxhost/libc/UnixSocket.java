// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.libc;

import static mckernelj.ihk.SystemCallNumber.ACCEPT4;
import static mckernelj.ihk.SystemCallNumber.BIND;
import static mckernelj.ihk.SystemCallNumber.CHMOD;
import static mckernelj.ihk.SystemCallNumber.CONNECT;
import static mckernelj.ihk.SystemCallNumber.GETSOCKOPT;
import static mckernelj.ihk.SystemCallNumber.LISTEN;
import static mckernelj.ihk.SystemCallNumber.RENAME;
import static mckernelj.ihk.SystemCallNumber.SENDMSG;
import static mckernelj.ihk.SystemCallNumber.SHUTDOWN;
import static mckernelj.ihk.SystemCallNumber.SOCKET;
import static mckernelj.ihk.SystemCallNumber.UNLINK;

import java.nio.charset.StandardCharsets;
import mckernelj.ihk.Errno;

/** A Unix stream socket, for what Java's own cannot do: peer credentials and passing descriptors (SCM_RIGHTS). */
public final class UnixSocket implements AutoCloseable {
    /** Who is at the other end; pid 0 means a process of another pid namespace. */
    public record Peer(int pid, int uid) {}

    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM_CLOEXEC = 0x80001;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_PEERCRED = 17;
    private static final int SO_PEERPIDFD = 77;
    private static final int SCM_RIGHTS = 1;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int BACKLOG = 1024;
    private static final int PATH_BYTES = 108;

    private final int fd;

    private UnixSocket(int fd) {
        this.fd = fd;
    }

    private static UnixSocket create() {
        return new UnixSocket((int) LibC.require("socket", LibC.call(SOCKET, AF_UNIX, SOCK_STREAM_CLOEXEC, 0)));
    }

    /** Listens at {@code path}; only this user can connect. The path appears (or is replaced) when connections are possible. */
    public static UnixSocket listen(String path) {
        UnixSocket socket = create();
        try (RawMemory target = socketAddress(path);
                RawMemory address = socketAddress(path + "~")) {
            LibC.call(UNLINK, address.address() + 2);
            LibC.require("bind " + path, LibC.call(BIND, socket.fd, address.address(), address.size()));
            LibC.require("chmod " + path, LibC.call(CHMOD, address.address() + 2, 0600));
            LibC.require("listen", LibC.call(LISTEN, socket.fd, BACKLOG));
            LibC.require("rename " + path, LibC.call(RENAME, address.address() + 2, target.address() + 2));
        }
        return socket;
    }

    /** True if somebody listens at {@code path}. */
    public static boolean answers(String path) {
        try (UnixSocket socket = create();
                RawMemory address = socketAddress(path)) {
            return LibC.call(CONNECT, socket.fd, address.address(), address.size()) == 0;
        }
    }

    private static RawMemory socketAddress(String path) {
        byte[] bytes = path.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length >= PATH_BYTES) {
            throw new HostError("socket path of more than 107 bytes: " + path, Errno.ENAMETOOLONG);
        }
        RawMemory address = RawMemory.allocate(2 + PATH_BYTES);
        address.putShort(0, (short) AF_UNIX);
        address.putBytes(2, bytes);
        return address;
    }

    /** The next connection; null when this socket was shut down. */
    public UnixSocket accept() {
        while (true) {
            long result = LibC.call(ACCEPT4, fd, 0, 0, SOCK_CLOEXEC);
            if (result >= 0) {
                return new UnixSocket((int) result);
            }
            if (result == -Errno.EINVAL || result == -Errno.EBADF) {
                return null;
            }
            if (result != -Errno.EINTR && result != -Errno.ECONNABORTED) {
                LibC.require("accept", result);
            }
        }
    }

    public Peer peer() {
        try (RawMemory memory = RawMemory.allocate(16)) {
            memory.putInt(12, 12);
            long length = memory.address() + 12;
            LibC.require(
                    "peer credentials", LibC.call(GETSOCKOPT, fd, SOL_SOCKET, SO_PEERCRED, memory.address(), length));
            return new Peer(memory.getInt(0), memory.getInt(4));
        }
    }

    /** A pidfd of the peer, without any danger of a reused pid where the host can give that (Linux 6.5). */
    public int peerPidfd() {
        try (RawMemory memory = RawMemory.allocate(8)) {
            memory.putInt(4, 4);
            long length = memory.address() + 4;
            long result = LibC.call(GETSOCKOPT, fd, SOL_SOCKET, SO_PEERPIDFD, memory.address(), length);
            return result == 0 ? memory.getInt(0) : HostProcess.pidfdOpen(peer().pid());
        }
    }

    /** Sends {@code message} with copies of these descriptors. The number of bytes sent, or -errno. */
    public long send(byte[] message, int... descriptors) {
        int control = 16 + 4 * descriptors.length;
        try (RawMemory memory = RawMemory.allocate(72 + control + 8 + message.length)) {
            long text = 72 + control + 8;
            memory.putLong(16, memory.address() + 56); // msg_iov
            memory.putLong(24, 1);
            memory.putLong(32, memory.address() + 72); // msg_control
            memory.putLong(40, control);
            memory.putLong(56, memory.address() + text);
            memory.putLong(64, message.length);
            memory.putLong(72, control);
            memory.putInt(80, SOL_SOCKET);
            memory.putInt(84, SCM_RIGHTS);
            for (int i = 0; i < descriptors.length; i++) {
                memory.putInt(88 + 4L * i, descriptors[i]);
            }
            memory.putBytes(text, message);
            return LibC.call(SENDMSG, fd, memory.address(), MSG_NOSIGNAL);
        }
    }

    /** Makes a blocked {@link #accept} return null. */
    public void shutdown() {
        LibC.call(SHUTDOWN, fd, 2);
    }

    @Override
    public void close() {
        Descriptor.close(fd);
    }
}
