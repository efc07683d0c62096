// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/** set_robust_list(2). */
final class SysSetRobustList implements Syscall {
    private static final int HEAD_SIZE = 24;

    SysSetRobustList(Kernel kernel) {}

    @Override
    public long call(Thread self, SyscallArguments args) {
        if (args.at(1) != HEAD_SIZE) {
            return -Errno.EINVAL;
        }
        self.setRobustList(args.at(0));
        return 0;
    }
}
