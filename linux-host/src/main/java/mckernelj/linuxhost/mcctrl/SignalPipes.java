// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.mcctrl;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
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
 * has the other and writes signalfd_siginfo structures. See {@link InKernelRequest#SIGNALFD}. Thread-safe.
 */
final class SignalPipes {
    private static final int RECORD_BYTES = 128;
    private static final int FIRST_FIELDS = 16;
    private static final int CLD_FIRST = 1;
    private static final int SIGCHLD = 17;
    private static final int SI_TIMER = -2;

    private record Pipe(int pid, int fd, long inode) {}

    private final Map<Long, Pipe> pipes = new HashMap<>();

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
            pipes.put(handle, new Pipe(pid, own, stat.inode()));
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
                .mapToLong(Map.Entry::getKey)
                .findFirst()
                .orElse(-Errno.EINVAL);
    }

    /** SIGNALFD_WRITE. False: nobody can read it any more, and it is gone now. What does not fit is lost. */
    synchronized boolean write(long handle, long[] siginfo) {
        Pipe pipe = pipes.get(handle);
        if (pipe == null) {
            return false;
        }
        if (Descriptor.write(pipe.fd, record(siginfo)) == -Errno.EPIPE) {
            Descriptor.close(pipe.fd);
            pipes.remove(handle);
            return false;
        }
        return true;
    }

    /** siginfo_t, of which the meaning of bytes 16 to 47 depends on signal and code, as signalfd_siginfo. */
    private static byte[] record(long[] siginfo) {
        ByteBuffer from = ByteBuffer.allocate(FIRST_FIELDS + RECORD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        from.asLongBuffer().put(siginfo);
        ByteBuffer to = ByteBuffer.allocate(RECORD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        int signal = from.getInt(0);
        int code = from.getInt(8);
        to.putInt(0, signal).putInt(4, from.getInt(4)).putInt(8, code);
        if (signal == SIGCHLD && code >= CLD_FIRST) {
            to.putInt(12, from.getInt(16)).putInt(16, from.getInt(20)).putInt(40, from.getInt(24));
            to.putLong(56, from.getLong(32)).putLong(64, from.getLong(40));
        } else if (code == SI_TIMER) {
            to.putInt(24, from.getInt(16)).putInt(32, from.getInt(20));
            to.putInt(44, from.getInt(24)).putLong(48, from.getLong(24));
        } else {
            to.putInt(12, from.getInt(16)).putInt(16, from.getInt(20));
            to.putInt(44, from.getInt(24)).putLong(48, from.getLong(24));
        }
        return to.array();
    }

    synchronized void processEnded(int pid) {
        pipes.values().removeIf(pipe -> {
            boolean its = pipe.pid == pid;
            if (its) {
                Descriptor.close(pipe.fd);
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
