// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.sched.KernelThread;
import mckernelj.lwk.signal.Restart;

/** rt_sigsuspend(2) and pause(2). */
final class SysRtSigsuspend implements Syscall {
    private static final int SIGSET_SIZE = 8;

    private final Kernel kernel;

    SysRtSigsuspend(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        if (args.number() != SystemCallNumber.PAUSE) {
            if (args.at(1) != SIGSET_SIZE) {
                return -Errno.EINVAL;
            }
            long[] mask = self.user().readLongs(args.at(0), 1);
            if (mask == null) {
                return -Errno.EFAULT;
            }
            kernel.signals().setTemporaryMask(self, mask[0]);
        }
        kernel.scheduler()
                .sleep(self, KernelThread.INTERRUPTIBLE, () -> kernel.signals().isPending(self));
        return -Restart.ERESTARTNOHAND;
    }
}
