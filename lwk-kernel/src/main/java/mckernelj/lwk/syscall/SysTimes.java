// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Process;
import mckernelj.lwk.proc.Thread;

/** times(2): ticks of 100 Hz. */
final class SysTimes implements Syscall {
    private static final long TICKS_PER_SECOND = 100;

    private final Kernel kernel;

    SysTimes(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        Process process = self.process();
        long pointer = args.at(0);
        if (pointer != 0
                && !self.user()
                        .writeLongs(
                                pointer,
                                ticks(process.userCycles()),
                                ticks(process.systemCycles()),
                                ticks(process.childUsage().userCycles()),
                                ticks(process.childUsage().systemCycles()))) {
            return -Errno.EFAULT;
        }
        return ticks(self.cpu().hw().cycles());
    }

    private long ticks(long cycles) {
        return kernel.clock().nanosOf(cycles) / (TimeValues.NANOS_PER_SECOND / TICKS_PER_SECOND);
    }
}
