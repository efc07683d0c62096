// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.elf;

/** A program that cannot be started: carries the errno that execve gives. Has no stack trace: it is an expected answer. */
public final class ProgramLoadException extends Exception {
    public static final int ENOENT = 2;
    public static final int EIO = 5;
    public static final int ENOEXEC = 8;
    public static final int EACCES = 13;
    public static final int ENAMETOOLONG = 36;
    public static final int ELOOP = 40;
    public static final int ELIBBAD = 80;

    private static final long serialVersionUID = 1L;

    private final int errno;

    public ProgramLoadException(int errno, String reason) {
        super(reason, null, false, false);
        this.errno = errno;
    }

    /** Positive errno, as execve would set it. */
    public int errno() {
        return errno;
    }
}
