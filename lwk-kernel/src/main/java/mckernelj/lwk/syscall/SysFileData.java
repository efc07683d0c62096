// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import java.util.Objects;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.ihk.ikc.InKernelRequest;
import mckernelj.lwk.mm.FileObject;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Process;
import mckernelj.lwk.proc.Thread;

/**
 * read(2), write(2) and relatives: Linux's. Files that the LWK shows in shared mappings have their pages here: those are written back
 * before somebody reads the file, and show what somebody has written to it.
 */
final class SysFileData implements Syscall {
    private static final int SEEK_CUR = 1;
    private static final int NO_FILE = -1;

    private final Kernel kernel;

    SysFileData(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        FileObject source = kernel.files().anyWritable() ? mapped(self, source(args)) : null;
        if (source != null) {
            source.writeBack(
                    self,
                    kernel.table().processes().stream()
                            .map(Process::vm)
                            .filter(Objects::nonNull)
                            .toList());
        }
        FileObject target = kernel.files().anyShared() ? mapped(self, target(args)) : null;
        long result = SyscallDispatch.delegate(kernel, self, args.number(), args.all());
        if (target != null && result > 0) {
            long offset = writtenAt(self, args, result);
            if (offset >= 0) {
                target.refresh(self, offset, result);
            }
        }
        return result;
    }

    private FileObject mapped(Thread self, int fd) {
        if (fd == NO_FILE) {
            return null;
        }
        long handle = self.delegate(InKernelRequest.PAGER, InKernelRequest.PAGER_FIND, fd);
        return handle < 0 ? null : kernel.files().byHandle(handle);
    }

    private static int source(SyscallArguments args) {
        return switch (args.number()) {
            case SystemCallNumber.READ,
                    SystemCallNumber.READV,
                    SystemCallNumber.PREAD64,
                    SystemCallNumber.PREADV,
                    SystemCallNumber.PREADV2,
                    SystemCallNumber.COPY_FILE_RANGE -> args.intAt(0);
            case SystemCallNumber.SENDFILE -> args.intAt(1);
            default -> NO_FILE;
        };
    }

    private static int target(SyscallArguments args) {
        return switch (args.number()) {
            case SystemCallNumber.WRITE,
                    SystemCallNumber.WRITEV,
                    SystemCallNumber.PWRITE64,
                    SystemCallNumber.PWRITEV,
                    SystemCallNumber.PWRITEV2,
                    SystemCallNumber.SENDFILE -> args.intAt(0);
            case SystemCallNumber.COPY_FILE_RANGE -> args.intAt(2);
            default -> NO_FILE;
        };
    }

    /** Where in the file the bytes are that the call has written; negative: nobody knows. */
    private static long writtenAt(Thread self, SyscallArguments args, long count) {
        switch (args.number()) {
            case SystemCallNumber.PWRITE64, SystemCallNumber.PWRITEV -> {
                return args.at(3);
            }
            case SystemCallNumber.PWRITEV2 -> {
                if (args.at(3) != -1) {
                    return args.at(3);
                }
            }
            case SystemCallNumber.COPY_FILE_RANGE -> {
                if (args.at(3) != 0) {
                    long[] end = self.user().readLongs(args.at(3), 1);
                    return end == null ? -1 : end[0] - count;
                }
            }
            default -> {}
        }
        long end = self.delegate(SystemCallNumber.LSEEK, target(args), 0, SEEK_CUR);
        return end < 0 ? end : end - count;
    }
}
