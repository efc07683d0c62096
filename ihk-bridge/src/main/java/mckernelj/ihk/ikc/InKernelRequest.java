// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.ikc;

import mckernelj.ihk.SystemCallNumber;

/**
 * Requests of the LWK which mcctrl handles itself. They travel as delegated calls (SYSCALL_ONESIDE with pid, rtid = tid of the
 * caller), but under these numbers the arguments mean something else than in Linux. Answered like any call: 0 or more, or a
 * negative errno, in {@code SyscallResponse}. Every other number goes to the servant as it is.
 *
 * <p>"physical" is an address in guest physical memory, contiguous for its length; "user" an address in the process.
 */
public final class InKernelRequest {
    /**
     * Pager of file mappings. Argument 0 is the operation:
     * {PAGER_CREATE, fd, prot, MAP_ flags, physical of a {@code PagerObject} to fill} returns 0; -ESRCH if fd is no regular file;
     * -EACCES and -EBADF as mmap does. A handle counts references: one per CREATE (the same handle for the same inode).
     * {PAGER_RELEASE, handle, number of references}; {PAGER_READ, handle, file offset, length, physical} returns the bytes read (less at the end
     * of the file; the rest of the buffer is left alone); {PAGER_WRITE, the same} returns the bytes written, never beyond
     * the end of the file; {PAGER_STAT, handle, physical of a PagerObject} fills it anew; {PAGER_FIND, fd} returns the handle of the
     * file that a descriptor of the process stands for, -ENOENT if it has none.
     */
    public static final int PAGER = 9;

    public static final int PAGER_CREATE = 1;
    public static final int PAGER_RELEASE = 2;
    public static final int PAGER_READ = 3;
    public static final int PAGER_WRITE = 4;
    public static final int PAGER_FIND = 5;
    public static final int PAGER_STAT = 8;

    /** {user, length, prot}: the protection of the pages changed. Answered when the servant shows it. */
    public static final int PROTECT = 10;

    /** {user, length}: the pages are gone or moved; answered when the servant has no mapping of them any more. */
    public static final int CLEAR_PTES = 11;

    /** {signal, 0 SIG_DFL | 1 SIG_IGN | 2 handler, sa_flags}: the disposition that the servant must imitate. */
    public static final int SIGACTION = 13;

    /**
     * {CLONE_THREAD} returns the tid of a new servant thread, the identity of the new LWK thread.
     * {CLONE_FORK, clone flags with exit signal, physical of the child's top page table, LWK CPU of the child} forks the servant of the calling
     * thread and returns the child's pid, which mcctrl knows from then on. If the LWK then fails it sends EXIT_GROUP for the child.
     */
    public static final int CLONE = 56;

    public static final int CLONE_FORK = 0;
    public static final int CLONE_THREAD = 1;

    /**
     * {EXECVE_LOOKUP, dirfd, physical of the path (NUL-terminated), AT_ flags, physical of a buffer, its length} finds the program (scripts included) and
     * writes its {@code ProgramLoadDescriptor} (pager handles of the sections, no environment, arguments = what replaces argv[0]
     * for a script, else empty). Nothing has changed then. {EXECVE_COMMIT, physical of the new top page table}: the old image
     * is gone; closes close-on-exec descriptors and resets dispositions with handlers.
     * {EXECVE_ABANDON, the same buffer}: releases the handles of a descriptor that is not used.
     */
    public static final int EXECVE = 59;

    public static final int EXECVE_LOOKUP = 1;
    public static final int EXECVE_COMMIT = 2;
    public static final int EXECVE_ABANDON = 3;

    /** {}: the calling thread ends, its servant thread too. */
    public static final int EXIT = 60;

    /** {tid}: ends the blocked call of that thread with EINTR (or lets it complete). Answered at once. */
    public static final int INTERRUPT = 62;

    /** {wait status as of wait4: code << 8 | signal | 0x80}: the process ends; answered when the servant is dead. */
    public static final int EXIT_GROUP = 231;

    /**
     * {signal}: the process stops; the servant stops itself with it. Answered with 1 when it has stopped, with 0 if it did not
     * (orphaned process group) or goes on already.
     */
    public static final int STOP = 8002;

    /** {pid, signal}: kill(2) by the servant, with Linux' meaning of pid and its permission checks. */
    public static final int KILL = 8003;

    /** {}: after STOP was answered with 1; answered when the servant was continued. */
    public static final int CONTINUED = 8004;

    /** {pid}: continues the servant of that process; the SIGCONT is not reported to the LWK. Answered at once. */
    public static final int CONTINUE = 8005;

    /**
     * {set}: the signals that the servant's thread blocks: SIGTTIN and SIGTTOU at most, whose being blocked changes what a terminal does.
     * CLONE and STOP empty the set.
     */
    public static final int SIGMASK = 8006;

    /**
     * {user, length}: the pages, all present, have other frames (copy on write). The servant maps those over the old ones, without a
     * moment in which a call of another thread would find nothing. Answered when that is done.
     */
    public static final int REPLACE_PTES = 8007;

    /**
     * signalfd: a pipe of which the process gets the end to read, never to be read. {SIGNALFD_CREATE, handle, flags} returns its
     * descriptor; {SIGNALFD_FIND, descriptor} returns the handle that it was created with, or -EINVAL. CLONE_FORK gives the child
     * other pipes, with the same handles, in the place of the parent's unless both share their descriptors.
     */
    public static final int SIGNALFD = 8008;

    public static final int SIGNALFD_CREATE = 1;
    public static final int SIGNALFD_FIND = 2;

    /**
     * {1 readable | 0 not, number of the change}: what poll says of the signalfd with the handle {@code arg}; a change with a smaller
     * number than the last is none. Not answered; CLEANUP_FD comes if nobody has the descriptor any more.
     */
    public static final int SIGNALFD_SHOW = 8009;

    /**
     * Files of /proc and /sys, of which the LWK writes the content. {OVERLAY_NAME, descriptor, physical, length} writes the absolute name of
     * the file, as the program knows it, and returns the name's length with OVERLAY_READABLE and OVERLAY_WRITABLE as the descriptor is open, or
     * -EINVAL if the descriptor is of no such file. {OVERLAY_TEXT,
     * physical of a name, its length, physical, length} writes what Linux says there of the servant or of itself, and returns how much.
     */
    public static final int OVERLAY = 8010;

    public static final int OVERLAY_NAME = 1;
    public static final int OVERLAY_TEXT = 2;
    public static final int OVERLAY_READABLE = 1 << 16;
    public static final int OVERLAY_WRITABLE = 1 << 17;

    /**
     * Bit of the result of a delegated call that returns a descriptor ({@link #returnsDescriptor}): it is of a file that OVERLAY_NAME can
     * name.
     */
    public static final long OVERLAID = 1L << 32;

    /** {physical, length}: the servant writes that to its standard error. */
    public static final int ERROR_TEXT = 8011;

    /**
     * {CORE_OPEN} returns a descriptor of the process for its core file: "core" in its directory, or "core.pid" as
     * /proc/sys/kernel/core_uses_pid tells. {CORE_WRITE, descriptor, physical, length, offset} returns the bytes written.
     */
    public static final int CORE_FILE = 8012;

    public static final int CORE_OPEN = 1;
    public static final int CORE_WRITE = 2;

    /** {user start of the arguments, their end, end of the environment}: Linux finds those of the process there from now on. */
    public static final int ARGUMENTS = 8013;

    private static final int F_DUPFD = 0;
    private static final int F_DUPFD_CLOEXEC = 1030;

    private InKernelRequest() {}

    /** True if the call opens a file by name or duplicates a descriptor. {@code second}: its second argument. */
    public static boolean returnsDescriptor(long number, long second) {
        return switch ((int) number) {
            case SystemCallNumber.OPEN,
                    SystemCallNumber.CREAT,
                    SystemCallNumber.OPENAT,
                    SystemCallNumber.OPENAT2,
                    SystemCallNumber.DUP,
                    SystemCallNumber.DUP2,
                    SystemCallNumber.DUP3 -> true;
            case SystemCallNumber.FCNTL -> (int) second == F_DUPFD || (int) second == F_DUPFD_CLOEXEC;
            default -> false;
        };
    }
}
