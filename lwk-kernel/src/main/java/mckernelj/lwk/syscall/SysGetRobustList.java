// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/** get_robust_list(2). */
final class SysGetRobustList implements Syscall {
    private static final int HEAD_SIZE = 24;

    private final Kernel kernel;

    SysGetRobustList(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        Thread thread = args.intAt(0) == 0 ? self : kernel.table().thread(args.intAt(0));
        if (thread == null) {
            return -Errno.ESRCH;
        }
        boolean ok = self.user().writeLongs(args.at(2), HEAD_SIZE)
                && self.user().writeLongs(args.at(1), thread.robustList());
        return ok ? 0 : -Errno.EFAULT;
    }
}
