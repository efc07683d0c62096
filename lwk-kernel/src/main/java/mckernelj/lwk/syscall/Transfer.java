// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.procfs.FileReads;

/**
 * A call that reads or writes a descriptor, or moves data from one to another.
 *
 * @param arguments all six
 */
record Transfer(int number, long... arguments) {
    static final int NO_DESCRIPTOR = -1;

    /** Result: the descriptor is none of that kind. */
    static final long OTHER_FILE = FileReads.NOT_OURS;

    private static final int IOV_MAX = 1024;

    /**
     * Memory of the program.
     *
     * @param vectors address, length, ...
     * @param error 0, or a negative errno: then there are none
     */
    record Memory(long[] vectors, long error) {}

    int intAt(int index) {
        return (int) arguments[index];
    }

    /** What is read; {@link #NO_DESCRIPTOR}: the call writes. */
    int source() {
        return switch (number) {
            case SystemCallNumber.READ,
                    SystemCallNumber.READV,
                    SystemCallNumber.PREAD64,
                    SystemCallNumber.PREADV,
                    SystemCallNumber.PREADV2,
                    SystemCallNumber.SPLICE,
                    SystemCallNumber.COPY_FILE_RANGE -> intAt(0);
            case SystemCallNumber.SENDFILE -> intAt(1);
            default -> NO_DESCRIPTOR;
        };
    }

    /** What is written; {@link #NO_DESCRIPTOR}: the call reads. */
    int target() {
        return switch (number) {
            case SystemCallNumber.WRITE,
                    SystemCallNumber.WRITEV,
                    SystemCallNumber.PWRITE64,
                    SystemCallNumber.PWRITEV,
                    SystemCallNumber.PWRITEV2,
                    SystemCallNumber.SENDFILE -> intAt(0);
            case SystemCallNumber.SPLICE, SystemCallNumber.COPY_FILE_RANGE -> intAt(2);
            default -> NO_DESCRIPTOR;
        };
    }

    /** The data do not go through the program's memory. */
    boolean isBetweenFiles() {
        return source() != NO_DESCRIPTOR && target() != NO_DESCRIPTOR;
    }

    /** Not between files: where the call says, {@link FileReads#CURRENT}, or less: it may not be. */
    long offset() {
        return switch (number) {
            case SystemCallNumber.PREAD64,
                    SystemCallNumber.PWRITE64,
                    SystemCallNumber.PREADV,
                    SystemCallNumber.PWRITEV -> arguments[3] < 0 ? Long.MIN_VALUE : arguments[3];
            case SystemCallNumber.PREADV2, SystemCallNumber.PWRITEV2 ->
                arguments[3] < FileReads.CURRENT ? Long.MIN_VALUE : arguments[3];
            default -> FileReads.CURRENT;
        };
    }

    /** Not between files. */
    Memory memory(Thread self) {
        if (!isVectored()) {
            return new Memory(new long[] {arguments[1], arguments[2]}, 0);
        }
        int count = intAt(2);
        if (count < 0 || count > IOV_MAX) {
            return new Memory(null, -Errno.EINVAL);
        }
        long[] vectors = self.user().readLongs(arguments[1], 2 * count);
        return new Memory(vectors, vectors == null ? -Errno.EFAULT : 0);
    }

    private boolean isVectored() {
        return switch (number) {
            case SystemCallNumber.READ, SystemCallNumber.WRITE, SystemCallNumber.PREAD64, SystemCallNumber.PWRITE64 ->
                false;
            default -> true;
        };
    }
}
