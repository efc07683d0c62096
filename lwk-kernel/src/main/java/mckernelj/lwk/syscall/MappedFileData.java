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
 * Reads, writes and changes of length that Linux executes. Files that programs map shared have their pages here: those are written back
 * before somebody reads the file, and show what somebody has written to it.
 */
final class MappedFileData {
    private static final int SEEK_CUR = 1;

    /** Modes of fallocate(2) that change what the range holds, or from there on everything. */
    private static final int FALLOC_FL_PUNCH_HOLE = 0x02;

    private static final int FALLOC_FL_COLLAPSE_RANGE = 0x08;
    private static final int FALLOC_FL_ZERO_RANGE = 0x10;
    private static final int FALLOC_FL_INSERT_RANGE = 0x20;
    private static final int MOVES = FALLOC_FL_COLLAPSE_RANGE | FALLOC_FL_INSERT_RANGE;
    private static final int CHANGES = MOVES | FALLOC_FL_PUNCH_HOLE | FALLOC_FL_ZERO_RANGE;

    private final Kernel kernel;

    MappedFileData(Kernel kernel) {
        this.kernel = kernel;
    }

    long call(Thread self, Transfer transfer) {
        FileObject source = kernel.files().anyWritable() ? mapped(self, transfer.source()) : null;
        if (source != null) {
            writeBack(self, source);
        }
        FileObject target = kernel.files().anyShared() ? mapped(self, transfer.target()) : null;
        long result = SyscallDispatch.delegate(kernel, self, transfer.number(), transfer.arguments());
        if (target != null && result > 0) {
            long offset = writtenAt(self, transfer, result);
            if (offset >= 0) {
                target.refresh(self, offset, result);
            }
        }
        return result;
    }

    /** ftruncate(2). */
    long truncate(Thread self, SyscallArguments args) {
        FileObject file = kernel.files().anyShared() ? mapped(self, args.intAt(0)) : null;
        if (file != null) {
            writeBack(self, file);
        }
        long result = SyscallDispatch.delegate(kernel, self, args.number(), args.all());
        if (file != null && result == 0) {
            file.truncated(self);
        }
        return result;
    }

    /** fallocate(2). */
    long allocate(Thread self, SyscallArguments args) {
        boolean changes = (args.intAt(1) & CHANGES) != 0;
        FileObject file = changes && kernel.files().anyShared() ? mapped(self, args.intAt(0)) : null;
        if (file != null) {
            writeBack(self, file);
        }
        long result = SyscallDispatch.delegate(kernel, self, args.number(), args.all());
        if (file != null && result == 0) {
            boolean moves = (args.intAt(1) & MOVES) != 0;
            file.refresh(self, args.at(2), moves ? Long.MAX_VALUE - args.at(2) : args.at(3));
            file.truncated(self);
        }
        return result;
    }

    private void writeBack(Thread self, FileObject file) {
        file.writeBack(
                self,
                kernel.table().processes().stream()
                        .map(Process::vm)
                        .filter(Objects::nonNull)
                        .toList());
    }

    private FileObject mapped(Thread self, int fd) {
        if (fd == Transfer.NO_DESCRIPTOR) {
            return null;
        }
        long handle = self.delegate(InKernelRequest.PAGER, InKernelRequest.PAGER_FIND, fd);
        return handle < 0 ? null : kernel.files().byHandle(handle);
    }

    /** Where in the file the bytes are that the call has written; negative: nobody knows. */
    private static long writtenAt(Thread self, Transfer transfer, long count) {
        long offset = transfer.arguments()[3];
        switch (transfer.number()) {
            case SystemCallNumber.PWRITE64, SystemCallNumber.PWRITEV -> {
                return offset;
            }
            case SystemCallNumber.PWRITEV2 -> {
                if (offset != -1) {
                    return offset;
                }
            }
            case SystemCallNumber.SPLICE, SystemCallNumber.COPY_FILE_RANGE -> {
                if (offset != 0) {
                    long[] end = self.user().readLongs(offset, 1);
                    return end == null ? -1 : end[0] - count;
                }
            }
            default -> {}
        }
        long end = self.delegateUndisturbed(SystemCallNumber.LSEEK, transfer.target(), 0, SEEK_CUR);
        return end < 0 ? end : end - count;
    }
}
