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
 * Reads and writes that Linux executes. Files that programs map shared have their pages here: those are written back before somebody reads
 * the file, and show what somebody has written to it.
 */
final class MappedFileData {
    private static final int SEEK_CUR = 1;

    private final Kernel kernel;

    MappedFileData(Kernel kernel) {
        this.kernel = kernel;
    }

    long call(Thread self, Transfer transfer) {
        FileObject source = kernel.files().anyWritable() ? mapped(self, transfer.source()) : null;
        if (source != null) {
            source.writeBack(
                    self,
                    kernel.table().processes().stream()
                            .map(Process::vm)
                            .filter(Objects::nonNull)
                            .toList());
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
