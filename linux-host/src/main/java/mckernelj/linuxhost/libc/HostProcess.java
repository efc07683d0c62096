// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.libc;

import static mckernelj.ihk.SystemCallNumber.GETCPU;
import static mckernelj.ihk.SystemCallNumber.GETEUID;
import static mckernelj.ihk.SystemCallNumber.GETPID;
import static mckernelj.ihk.SystemCallNumber.GETTID;
import static mckernelj.ihk.SystemCallNumber.PIDFD_OPEN;
import static mckernelj.ihk.SystemCallNumber.PIDFD_SEND_SIGNAL;
import static mckernelj.ihk.SystemCallNumber.SCHED_GETAFFINITY;
import static mckernelj.ihk.SystemCallNumber.SCHED_SETAFFINITY;
import static mckernelj.ihk.SystemCallNumber.TGKILL;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Linux processes and threads of the host: identity, pidfds, signals, affinity. */
public final class HostProcess {
    private static final int SIGINFO_BYTES = 128;
    private static final int SI_QUEUE = -1;

    private HostProcess() {}

    public static int pid() {
        return (int) LibC.call(GETPID);
    }

    public static int tid() {
        return (int) LibC.call(GETTID);
    }

    public static int euid() {
        return (int) LibC.call(GETEUID);
    }

    /** A descriptor that becomes readable when the process has ended; or -errno. */
    public static int pidfdOpen(int pid) {
        return (int) LibC.call(PIDFD_OPEN, pid, 0);
    }

    public static long pidfdSignal(int pidfd, int signal) {
        return LibC.call(PIDFD_SEND_SIGNAL, pidfd, signal, 0, 0);
    }

    /** As {@link #pidfdSignal}, with SI_QUEUE and this si_value. */
    public static long pidfdQueue(int pidfd, int signal, long value) {
        try (RawMemory siginfo = RawMemory.allocate(SIGINFO_BYTES)) {
            siginfo.putInt(0, signal);
            siginfo.putInt(8, SI_QUEUE);
            siginfo.putInt(16, pid());
            siginfo.putInt(20, euid());
            siginfo.putLong(24, value);
            return LibC.call(PIDFD_SEND_SIGNAL, pidfd, signal, siginfo.address(), 0);
        }
    }

    public static long tgkill(int pid, int tid, int signal) {
        return LibC.call(TGKILL, pid, tid, signal);
    }

    /** True if the thread sleeps interruptibly or is stopped, or there is no such thread (proc(5), stat, field 3). */
    public static boolean isAsleep(int pid, int tid) {
        try {
            String stat =
                    Files.readString(Path.of("/proc/" + pid + "/task/" + tid + "/stat"), StandardCharsets.ISO_8859_1);
            return "STt".indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) >= 0;
        } catch (IOException | IndexOutOfBoundsException e) {
            return true;
        }
    }

    /** Number of the host CPU that runs the caller. */
    public static int currentCpu() {
        try (RawMemory cpu = RawMemory.allocate(8)) {
            LibC.call(GETCPU, cpu.address(), 0, 0);
            return cpu.getInt(0);
        }
    }

    /** Thread {@code tid} (0: the caller) may run on the CPUs of {@code mask} only. */
    public static long setAffinity(int tid, RawMemory mask) {
        return LibC.call(SCHED_SETAFFINITY, tid, mask.size(), mask.address());
    }

    /** Fills {@code mask}; its size must be enough for all CPUs of the host (128 bytes are 1024 CPUs). */
    public static long getAffinity(int tid, RawMemory mask) {
        return LibC.call(SCHED_GETAFFINITY, tid, mask.size(), mask.address());
    }
}
