// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Process;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.proc.Usage;

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
        Usage usage;
        switch (args.intAt(0)) {
            case RUSAGE_SELF -> usage = process.usage();
            case RUSAGE_CHILDREN -> usage = process.childUsage();
            case RUSAGE_THREAD ->
                usage = Usage.of(self).withPeakPages(process.vm().peakResidentPages());
            default -> {
                return -Errno.EINVAL;
            }
        }
        boolean ok = ResourceUsage.write(kernel, self, args.at(1), usage);
        return ok ? 0 : -Errno.EFAULT;
    }
}
