// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.lwk.mm.MemoryAdvice;
import mckernelj.lwk.mm.PageTables;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/** msync(2). */
final class SysMsync implements Syscall {
    private static final int MS_ASYNC = 1;
    private static final int MS_INVALIDATE = 2;
    private static final int MS_SYNC = 4;

    SysMsync(Kernel kernel) {}

    @Override
    public long call(Thread self, SyscallArguments args) {
        long start = args.at(0);
        long length = args.at(1) + PageTables.PAGE - 1 & -PageTables.PAGE;
        int flags = args.intAt(2);
        boolean both = (flags & MS_ASYNC) != 0 && (flags & MS_SYNC) != 0;
        if (start % PageTables.PAGE != 0 || (flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC)) != 0 || both) {
            return -Errno.EINVAL;
        }
        if (length < 0 || start < 0 || start + length < 0) {
            return -Errno.ENOMEM;
        }
        return MemoryAdvice.sync(self, self.process().vm(), start, length, (flags & MS_INVALIDATE) != 0);
    }
}
