// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/** rt_sigprocmask(2). */
final class SysRtSigprocmask implements Syscall {
    private static final int SIGSET_SIZE = 8;
    private static final int SIG_BLOCK = 0;
    private static final int SIG_UNBLOCK = 1;
    private static final int SIG_SETMASK = 2;

    private final Kernel kernel;

    SysRtSigprocmask(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        if (args.at(3) != SIGSET_SIZE) {
            return -Errno.EINVAL;
        }
        long old = self.signals().blocked();
        if (args.at(1) != 0) {
            long[] set = self.user().readLongs(args.at(1), 1);
            if (set == null) {
                return -Errno.EFAULT;
            }
            int how = args.intAt(0);
            if (how < SIG_BLOCK || how > SIG_SETMASK) {
                return -Errno.EINVAL;
            }
            kernel.signals()
                    .setMask(self, how == SIG_BLOCK ? old | set[0] : how == SIG_UNBLOCK ? old & ~set[0] : set[0]);
        }
        return args.at(2) == 0 || self.user().writeLongs(args.at(2), old) ? 0 : -Errno.EFAULT;
    }
}
