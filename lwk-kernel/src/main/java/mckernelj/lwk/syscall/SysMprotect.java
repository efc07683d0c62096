// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.lwk.mm.MmapFlags;
import mckernelj.lwk.mm.PageTables;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/** mprotect(2), pkey_mprotect(2) without keys. */
final class SysMprotect implements Syscall {
    private static final int PROT_SEM = 8;

    SysMprotect(Kernel kernel) {}

    @Override
    public long call(Thread self, SyscallArguments args) {
        long start = args.at(0);
        long length = args.at(1);
        int prot = args.intAt(2);
        int known = 7 | PROT_SEM | MmapFlags.PROT_GROWSDOWN | MmapFlags.PROT_GROWSUP;
        boolean key = args.number() == SystemCallNumber.PKEY_MPROTECT && args.intAt(3) != -1;
        boolean both = (prot & MmapFlags.PROT_GROWSDOWN) != 0 && (prot & MmapFlags.PROT_GROWSUP) != 0;
        if (start % PageTables.PAGE != 0 || (prot & ~known) != 0 || key || both) {
            return -Errno.EINVAL;
        }
        if (length == 0) {
            return 0;
        }
        if (length < 0 || start < 0 || start > PageTables.USER_HALF - length) {
            return -Errno.ENOMEM;
        }
        if ((prot & MmapFlags.PROT_GROWSUP) != 0) {
            return -Errno.EINVAL;
        }
        return self.process().vm().mprotect(self, start, length, prot & ~PROT_SEM);
    }
}
