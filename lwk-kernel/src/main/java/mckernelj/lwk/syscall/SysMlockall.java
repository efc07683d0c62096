// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.lwk.mm.MemoryAdvice;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Rlimits;
import mckernelj.lwk.proc.Thread;

/** mlockall(2), munlockall(2). */
final class SysMlockall implements Syscall {
    private static final int MCL_CURRENT = 1;
    private static final int MCL_FUTURE = 2;
    private static final int MCL_ONFAULT = 4;

    SysMlockall(Kernel kernel) {}

    @Override
    public long call(Thread self, SyscallArguments args) {
        if (args.number() == SystemCallNumber.MUNLOCKALL) {
            return MemoryAdvice.lockAll(self, self.process().vm(), false, true, false);
        }
        int flags = args.intAt(0);
        if ((flags & ~7) != 0 || flags == 0 || flags == MCL_ONFAULT) {
            return -Errno.EINVAL;
        }
        long limit = self.process().rlimits().soft(Rlimits.RLIMIT_MEMLOCK);
        if (self.process().uid() != 0 && limit == 0) {
            return -Errno.EPERM;
        }
        boolean current = (flags & MCL_CURRENT) != 0;
        if (self.process().uid() != 0
                && current
                && limit >= 0
                && self.process().vm().totalBytes() > limit) {
            return -Errno.ENOMEM;
        }
        boolean populate = (flags & MCL_ONFAULT) == 0;
        return MemoryAdvice.lockAll(self, self.process().vm(), (flags & MCL_FUTURE) != 0, current, populate);
    }
}
