// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.mcexec;

import java.util.Map;
import mckernelj.ihk.Errno;

/** strerror of the C library, for the errors that starting a program can give. */
final class ErrorText {
    private static final Map<Integer, String> TEXTS = Map.ofEntries(
            Map.entry(Errno.EPERM, "Operation not permitted"),
            Map.entry(Errno.ENOENT, "No such file or directory"),
            Map.entry(Errno.ESRCH, "No such process"),
            Map.entry(Errno.EINTR, "Interrupted system call"),
            Map.entry(Errno.EIO, "Input/output error"),
            Map.entry(Errno.E2BIG, "Argument list too long"),
            Map.entry(Errno.ENOEXEC, "Exec format error"),
            Map.entry(Errno.EBADF, "Bad file descriptor"),
            Map.entry(Errno.EAGAIN, "Resource temporarily unavailable"),
            Map.entry(Errno.ENOMEM, "Cannot allocate memory"),
            Map.entry(Errno.EACCES, "Permission denied"),
            Map.entry(Errno.EFAULT, "Bad address"),
            Map.entry(Errno.EBUSY, "Device or resource busy"),
            Map.entry(Errno.ENODEV, "No such device"),
            Map.entry(Errno.ENOTDIR, "Not a directory"),
            Map.entry(Errno.EISDIR, "Is a directory"),
            Map.entry(Errno.EINVAL, "Invalid argument"),
            Map.entry(Errno.ENFILE, "Too many open files in system"),
            Map.entry(Errno.EMFILE, "Too many open files"),
            Map.entry(Errno.ETXTBSY, "Text file busy"),
            Map.entry(Errno.ENAMETOOLONG, "File name too long"),
            Map.entry(Errno.ELOOP, "Too many levels of symbolic links"),
            Map.entry(Errno.ETIME, "Timer expired"),
            Map.entry(Errno.ELIBBAD, "Accessing a corrupted shared library"),
            Map.entry(Errno.ESTALE, "Stale file handle"));

    private ErrorText() {}

    static String of(int errno) {
        return TEXTS.getOrDefault(errno, "Unknown error " + errno);
    }
}
