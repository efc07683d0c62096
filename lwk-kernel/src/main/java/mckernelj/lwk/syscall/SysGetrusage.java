// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Process;
import mckernelj.lwk.proc.Thread;

/** getrusage(2). */
final class SysGetrusage implements Syscall {
    private static final int RUSAGE_SELF = 0;
    private static final int RUSAGE_CHILDREN = -1;
    private static final int RUSAGE_THREAD = 1;

    private final Kernel kernel;

    SysGetrusage(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        Process process = self.process();
        long pointer = args.at(1);
        boolean ok;
        switch (args.intAt(0)) {
            case RUSAGE_SELF ->
                ok = ResourceUsage.write(
                        kernel,
                        self,
                        pointer,
                        process.userCycles(),
                        process.systemCycles(),
                        process.vm().peakResidentPages());
            case RUSAGE_CHILDREN ->
                ok = ResourceUsage.write(
                        kernel,
                        self,
                        pointer,
                        process.childUserCycles(),
                        process.childSystemCycles(),
                        process.childPeakPages());
            case RUSAGE_THREAD ->
                ok = ResourceUsage.write(
                        kernel,
                        self,
                        pointer,
                        self.userCycles(),
                        self.systemCycles(),
                        process.vm().peakResidentPages());
            default -> {
                return -Errno.EINVAL;
            }
        }
        return ok ? 0 : -Errno.EFAULT;
    }
}
