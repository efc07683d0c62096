// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.lwk.mm.MemoryAdvice;
import mckernelj.lwk.mm.PageTables;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/** mincore(2). */
final class SysMincore implements Syscall {
    private static final int PIECE_PAGES = 4096;

    SysMincore(Kernel kernel) {}

    @Override
    public long call(Thread self, SyscallArguments args) {
        long start = args.at(0);
        if (start % PageTables.PAGE != 0) {
            return -Errno.EINVAL;
        }
        long length = args.at(1);
        if (start < 0 || length < 0 || start > PageTables.USER_HALF - length) {
            return -Errno.ENOMEM;
        }
        long pages = length + PageTables.PAGE - 1 >>> 12;
        for (long done = 0; done < pages; done += PIECE_PAGES) {
            int count = (int) Math.min(PIECE_PAGES, pages - done);
            byte[] residency = MemoryAdvice.residency(self.process().vm(), start + (done << 12), count);
            if (residency == null) {
                return -Errno.ENOMEM;
            }
            if (!self.user().write(args.at(2) + done, residency)) {
                return -Errno.EFAULT;
            }
        }
        return 0;
    }
}
