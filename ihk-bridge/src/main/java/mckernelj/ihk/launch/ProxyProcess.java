// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.launch;

/**
 * The Linux process that stands for one program: it was the user's {@code mcexec} (or another tool) and executes system
 * calls for the node in the user's own context: file descriptors, directory, credentials, terminal.
 *
 * <p>This is what launchers and tools may do with it, before a program runs in it; one thread at a time. Strings are Linux
 * byte strings: one char (0..255) per byte, so that any file name survives. What the LWK's delegator does with a proxy
 * process is in linux-host.
 */
public interface ProxyProcess {
    int pid();

    /** What the process was started with. */
    StartState start();

    /**
     * Executes one system call in the process, at most six arguments. Pointers are addresses of an {@link #arena}.
     * Returns the result as the kernel gives it (negative: error number); -ESRCH when the process has ended.
     */
    long syscall(int number, long... arguments);

    /** Memory of the process for arguments and results of calls, at least {@code lengthBytes} (at most 8 MiB) long. */
    ProxyArena arena(long lengthBytes);

    /** Writes all of {@code text} to descriptor {@code fd} of the process; an error ends it silently, as with printf. */
    void print(int fd, String text);

    /** Ends the process with this exit status (0..255) and waits for its end. */
    void exit(int status);

    /** Ends the process by this signal, so that its parent sees that signal in the wait status; waits for its end. */
    void killSelf(int signal);

    boolean alive();
}
