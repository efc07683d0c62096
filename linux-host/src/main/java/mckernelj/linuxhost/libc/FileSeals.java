// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.libc;

import static mckernelj.ihk.SystemCallNumber.FCNTL;
import static mckernelj.ihk.SystemCallNumber.MMAP;
import static mckernelj.ihk.SystemCallNumber.MUNMAP;

import mckernelj.ihk.Errno;

/** The seals of a memfd (fcntl(2)): what may not be done to it any more. */
public final class FileSeals {
    private static final int F_GET_SEALS = 1034;
    private static final int F_SEAL_SEAL = 1;
    private static final int F_SEAL_WRITE = 8;
    private static final int F_SEAL_FUTURE_WRITE = 16;
    private static final long PAGE = 4096;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_SHARED = 1;

    private FileSeals() {}

    /** True if no new shared mapping may write. */
    public static boolean forbidWriting(int fd) {
        long seals = LibC.call(FCNTL, fd, F_GET_SEALS);
        return seals > 0 && (seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE)) != 0;
    }

    /**
     * While somebody maps a memfd to write, it cannot be sealed against that. Linux sees no mapping of the LWK, so the node makes one.
     * Its address; 0: none is needed.
     */
    public static long keepWritable(int fd) {
        long seals = LibC.call(FCNTL, fd, F_GET_SEALS);
        if (seals < 0 || (seals & F_SEAL_SEAL) != 0) {
            return 0;
        }
        long address = LibC.call(MMAP, 0, PAGE, PROT_READ_WRITE, MAP_SHARED, fd, 0);
        return Errno.isError(address) ? 0 : address;
    }

    /** Ends that. */
    public static void release(long address) {
        if (address != 0) {
            LibC.call(MUNMAP, address, PAGE);
        }
    }
}
