// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.procfs.FileReads;

/** Files of /proc and /sys that the LWK writes itself: read and written here. Between files EINVAL, which makes programs use read(2). */
final class OverlaidTransfers {
    private final Kernel kernel;

    OverlaidTransfers(Kernel kernel) {
        this.kernel = kernel;
    }

    /** {@link Transfer#OTHER_FILE}: it is for Linux. */
    long call(Thread self, Transfer transfer) {
        if (isOverlaid(self, transfer.source())) {
            return transfer.isBetweenFiles() ? betweenFiles(self, transfer) : move(self, transfer, true);
        }
        return isOverlaid(self, transfer.target()) && !transfer.isBetweenFiles()
                ? move(self, transfer, false)
                : Transfer.OTHER_FILE;
    }

    private static boolean isOverlaid(Thread self, int fd) {
        return self.process().overlaidFiles().contains(fd);
    }

    private long betweenFiles(Thread self, Transfer transfer) {
        return kernel.fileReads().isOurs(self, transfer.source()) ? -Errno.EINVAL : Transfer.OTHER_FILE;
    }

    private long move(Thread self, Transfer transfer, boolean reads) {
        long offset = transfer.offset();
        Transfer.Memory memory = transfer.memory(self);
        if (offset < FileReads.CURRENT || memory.error() != 0) {
            return offset < FileReads.CURRENT ? -Errno.EINVAL : memory.error();
        }
        return reads
                ? kernel.fileReads().read(self, transfer.source(), memory.vectors(), offset)
                : kernel.fileReads().write(self, transfer.target(), memory.vectors(), offset);
    }
}
