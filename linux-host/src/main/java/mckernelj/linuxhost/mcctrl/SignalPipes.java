// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.mcctrl;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.ihk.ikc.InKernelRequest;
import mckernelj.ihk.launch.ProxyArena;
import mckernelj.linuxhost.libc.Descriptor;
import mckernelj.linuxhost.libc.HostFile;
import mckernelj.linuxhost.proxy.ServantSlot;

/**
 * What signalfd(2) gives to programs: pipes. The process has the end to read, which it can poll, duplicate and close like any; the node
 * has the other and keeps one byte in the pipe while the LWK has a signal to read. See {@link InKernelRequest#SIGNALFD}. Thread-safe.
 */
final class SignalPipes {
    private static final int F_GETFD = 1;
    private static final int F_GETFL = 3;
    private static final int FD_CLOEXEC = 1;
    private static final int O_CLOEXEC = 0x80000;

    private record Key(int pid, long handle) {}

    private static final class Pipe {
        final int fd;
        final long inode;
        boolean readable;
        long lastChange;

        Pipe(int fd, long inode) {
            this.fd = fd;
            this.inode = inode;
        }
    }

    private final Map<Key, Pipe> pipes = new HashMap<>();

    /** SIGNALFD_CREATE: the process' descriptor or -errno. */
    synchronized long create(ServantSlot slot, long handle, long flags) {
        int pid = slot.servant().pid();
        int read;
        try (ProxyArena arena = slot.arguments()) {
            long pair = arena.allocate(2 * Integer.BYTES);
            long result = slot.call(SystemCallNumber.PIPE2, pair, flags);
            if (result < 0) {
                return result;
            }
            read = arena.readInt(pair);
            int write = arena.readInt(pair + Integer.BYTES);
            int own = HostFile.open("/proc/" + pid + "/fd/" + write, HostFile.O_WRONLY);
            slot.call(SystemCallNumber.CLOSE, write);
            HostFile.Stat stat = own < 0 ? null : HostFile.fstat(own);
            if (stat == null) {
                slot.call(SystemCallNumber.CLOSE, read);
                return own < 0 ? own : -Errno.EIO;
            }
            pipes.put(new Key(pid, handle), new Pipe(own, stat.inode()));
        }
        return read;
    }

    /** SIGNALFD_FIND: the handle of a descriptor, -EINVAL if it is no signalfd, -EBADF if it is none. */
    synchronized long find(int pid, int fd) {
        HostFile.Stat stat = HostFile.stat("/proc/" + pid + "/fd/" + fd);
        if (stat == null) {
            return -Errno.EBADF;
        }
        return pipes.entrySet().stream()
                .filter(entry -> entry.getValue().inode == stat.inode())
                .mapToLong(entry -> entry.getKey().handle)
                .findFirst()
                .orElse(-Errno.EINVAL);
    }

    /** SIGNALFD_SHOW. False: nobody can poll it any more, and it is gone now. */
    synchronized boolean show(int pid, long handle, boolean readable, long change) {
        Key key = new Key(pid, handle);
        Pipe pipe = pipes.get(key);
        if (pipe == null || change <= pipe.lastChange) {
            return true;
        }
        pipe.lastChange = change;
        if (readable == pipe.readable) {
            return true;
        }
        pipe.readable = readable;
        if (readable && Descriptor.write(pipe.fd, new byte[1]) == -Errno.EPIPE) {
            Descriptor.close(pipe.fd);
            pipes.remove(key);
            return false;
        }
        if (!readable) {
            empty(pipe);
        }
        return true;
    }

    /** The node has no end to read of its own: with one it would never notice that nobody else has. */
    private static void empty(Pipe pipe) {
        int read = HostFile.open("/proc/self/fd/" + pipe.fd, HostFile.O_RDONLY | HostFile.O_NONBLOCK);
        if (read >= 0) {
            Descriptor.drain(read, 1);
            Descriptor.close(read);
        }
    }

    /** A process was forked and has its parent's pipes: it gets its own. {@code slot} is the child's. */
    synchronized void forked(int parent, ServantSlot slot) {
        List<Map.Entry<Key, Pipe>> inherited = pipes.entrySet().stream()
                .filter(entry -> entry.getKey().pid == parent)
                .toList();
        if (inherited.isEmpty()) {
            return;
        }
        int child = slot.servant().pid();
        Map<Long, List<Integer>> descriptors = descriptorsByInode(child);
        for (Map.Entry<Key, Pipe> entry : inherited) {
            List<Integer> same = descriptors.getOrDefault(entry.getValue().inode, List.of());
            if (!same.isEmpty()) {
                replace(slot, entry.getKey().handle, same);
            }
        }
    }

    private void replace(ServantSlot slot, long handle, List<Integer> descriptors) {
        long flags = slot.call(SystemCallNumber.FCNTL, descriptors.get(0), F_GETFL) & HostFile.O_NONBLOCK;
        long read = create(slot, handle, flags);
        if (read < 0) {
            return;
        }
        for (int fd : descriptors) {
            boolean closes = (slot.call(SystemCallNumber.FCNTL, fd, F_GETFD) & FD_CLOEXEC) != 0;
            slot.call(SystemCallNumber.DUP3, read, fd, closes ? O_CLOEXEC : 0);
        }
        slot.call(SystemCallNumber.CLOSE, read);
    }

    private static Map<Long, List<Integer>> descriptorsByInode(int pid) {
        Map<Long, List<Integer>> found = new HashMap<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            for (Path entry : entries) {
                HostFile.Stat stat = HostFile.stat(entry.toString());
                if (stat != null) {
                    int fd = Integer.parseInt(entry.getFileName().toString());
                    found.computeIfAbsent(stat.inode(), key -> new ArrayList<>())
                            .add(fd);
                }
            }
        } catch (IOException e) {
            return Map.of(); // it has died
        }
        return found;
    }

    synchronized void processEnded(int pid) {
        pipes.entrySet().removeIf(entry -> {
            boolean its = entry.getKey().pid == pid;
            if (its) {
                Descriptor.close(entry.getValue().fd);
            }
            return its;
        });
    }

    /** The LWK is gone. */
    synchronized void close() {
        pipes.values().forEach(pipe -> Descriptor.close(pipe.fd));
        pipes.clear();
    }
}
