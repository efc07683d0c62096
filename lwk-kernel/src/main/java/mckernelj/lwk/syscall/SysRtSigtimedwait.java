// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.sched.KernelThread;
import mckernelj.lwk.signal.SigInfo;
import mckernelj.lwk.signal.SignalNumber;

/** rt_sigtimedwait(2): takes a blocked signal without a handler. */
final class SysRtSigtimedwait implements Syscall {
    private static final int SIGSET_SIZE = 8;

    private final Kernel kernel;

    SysRtSigtimedwait(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        if (args.at(3) != SIGSET_SIZE) {
            return -Errno.EINVAL;
        }
        long[] set = self.user().readLongs(args.at(0), 1);
        if (set == null) {
            return -Errno.EFAULT;
        }
        long timeout = Long.MAX_VALUE;
        if (args.at(2) != 0) {
            timeout = TimeValues.readTimespec(self.user(), args.at(2));
            if (timeout < 0) {
                return timeout;
            }
        }
        SigInfo info = await(self, set[0] & ~SignalNumber.UNBLOCKABLE, timeout);
        if (info == null) {
            return kernel.signals().isPending(self) ? -Errno.EINTR : -Errno.EAGAIN;
        }
        boolean ok = args.at(1) == 0 || self.user().write(args.at(1), info.bytes());
        return ok ? info.signal() : -Errno.EFAULT;
    }

    private SigInfo await(Thread self, long wanted, long timeoutNanos) {
        SigInfo[] found = {kernel.signals().take(self, wanted)};
        if (found[0] != null || timeoutNanos == 0) {
            return found[0];
        }
        long deadline = kernel.clock().cyclesAfter(self.cpu(), timeoutNanos);
        self.setAwaitedSignals(wanted);
        kernel.scheduler()
                .sleepUntil(
                        self,
                        KernelThread.INTERRUPTIBLE,
                        () -> {
                            found[0] = kernel.signals().take(self, wanted);
                            return found[0] != null || kernel.signals().isPending(self);
                        },
                        deadline);
        self.setAwaitedSignals(0);
        return found[0];
    }
}
