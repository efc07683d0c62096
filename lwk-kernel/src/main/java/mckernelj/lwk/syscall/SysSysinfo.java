// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import mckernelj.ihk.Errno;
import mckernelj.lwk.phys.PageAllocator;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/** sysinfo(2): memory of the partition, uptime, number of processes. */
final class SysSysinfo implements Syscall {
    private static final int SIZE = 112;

    private final Kernel kernel;

    SysSysinfo(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        PageAllocator pages = kernel.pages();
        long total = 0;
        long free = 0;
        for (int node = 0; node < pages.nodeCount(); node++) {
            total += pages.totalPages(node);
            free += pages.freePages(node);
        }
        ByteBuffer info = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
        info.putLong(0, kernel.clock().monotonicNanos(self.cpu()) / TimeValues.NANOS_PER_SECOND);
        info.putLong(32, total << PageAllocator.PAGE_SHIFT);
        info.putLong(40, free << PageAllocator.PAGE_SHIFT);
        info.putShort(80, (short) kernel.table().processes().size());
        info.putInt(104, 1);
        return self.user().write(args.at(0), info.array()) ? 0 : -Errno.EFAULT;
    }
}
