// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.lwk.mm.MemoryAdvice;
import mckernelj.lwk.mm.PageTables;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Rlimits;
import mckernelj.lwk.proc.Thread;

/** mlock(2), mlock2(2), munlock(2): memory is never swapped, so locking means making it present. */
final class SysMlock implements Syscall {
    private static final int MLOCK_ONFAULT = 1;

    SysMlock(Kernel kernel) {}

    @Override
    public long call(Thread self, SyscallArguments args) {
        long start = args.at(0) & -PageTables.PAGE;
        long length = args.at(1) + args.at(0) % PageTables.PAGE + PageTables.PAGE - 1 & -PageTables.PAGE;
        boolean lock = args.number() != SystemCallNumber.MUNLOCK;
        int flags = args.number() == SystemCallNumber.MLOCK2 ? args.intAt(2) : 0;
        if ((flags & ~MLOCK_ONFAULT) != 0 || length < 0 || start + length < start) {
            return -Errno.EINVAL;
        }
        if (lock && self.process().uid() != 0) {
            long limit = self.process().rlimits().soft(Rlimits.RLIMIT_MEMLOCK);
            if (limit == 0) {
                return -Errno.EPERM;
            }
            if (limit > 0 && self.process().vm().lockedBytes() + length > limit) {
                return -Errno.ENOMEM;
            }
        }
        boolean populate = lock && (flags & MLOCK_ONFAULT) == 0;
        return MemoryAdvice.lock(self, self.process().vm(), start, length, lock, populate);
    }
}
