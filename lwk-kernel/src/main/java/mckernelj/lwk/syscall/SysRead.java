// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.procfs.FileReads;

/** read(2), pread64(2), readv(2), preadv(2), preadv2(2): delegated, but for files of /proc and /sys that the LWK writes itself. */
final class SysRead implements Syscall {
    private final Kernel kernel;

    SysRead(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        if (self.process().overlaidFiles().contains(args.intAt(0))) {
            long result = overlaid(self, args);
            if (result != FileReads.NOT_OURS) {
                return result;
            }
        }
        return SyscallDispatch.delegate(kernel, self, args.number(), args.all());
    }

    private long overlaid(Thread self, SyscallArguments args) {
        Transfer transfer = Transfer.of(self, args);
        return transfer.error() != 0
                ? transfer.error()
                : kernel.fileReads().read(self, args.intAt(0), transfer.vectors(), transfer.offset());
    }

    /**
     * Arguments of one of these calls, or of their writing counterparts.
     *
     * @param vectors address, length, ...
     */
    record Transfer(long[] vectors, long offset, long error) {
        private static final int IOV_MAX = 1024;

        static Transfer of(Thread self, SyscallArguments args) {
            long offset = offset(args);
            if (offset < FileReads.CURRENT) {
                return new Transfer(null, 0, -Errno.EINVAL);
            }
            if (!isVectored(args.number())) {
                return new Transfer(new long[] {args.at(1), args.at(2)}, offset, 0);
            }
            if (args.at(2) < 0 || args.at(2) > IOV_MAX) {
                return new Transfer(null, 0, -Errno.EINVAL);
            }
            long[] vectors = self.user().readLongs(args.at(1), (int) args.at(2) * 2);
            return new Transfer(vectors, offset, vectors == null ? -Errno.EFAULT : 0);
        }

        private static boolean isVectored(int number) {
            return switch (number) {
                case SystemCallNumber.READ,
                        SystemCallNumber.WRITE,
                        SystemCallNumber.PREAD64,
                        SystemCallNumber.PWRITE64 -> false;
                default -> true;
            };
        }

        /** Where the call says, {@link FileReads#CURRENT}, or less: it may not be. */
        private static long offset(SyscallArguments args) {
            return switch (args.number()) {
                case SystemCallNumber.PREAD64,
                        SystemCallNumber.PWRITE64,
                        SystemCallNumber.PREADV,
                        SystemCallNumber.PWRITEV -> args.at(3) < 0 ? Long.MIN_VALUE : args.at(3);
                case SystemCallNumber.PREADV2, SystemCallNumber.PWRITEV2 ->
                    args.at(3) < FileReads.CURRENT ? Long.MIN_VALUE : args.at(3);
                default -> FileReads.CURRENT;
            };
        }
    }
}
