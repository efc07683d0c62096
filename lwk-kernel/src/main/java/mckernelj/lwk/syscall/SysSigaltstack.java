// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.signal.ThreadSignals;

/** sigaltstack(2): stack_t {ss_sp, ss_flags, ss_size}. */
final class SysSigaltstack implements Syscall {
    private static final long MINSIGSTKSZ = 2048;

    SysSigaltstack(Kernel kernel) {}

    @Override
    public long call(Thread self, SyscallArguments args) {
        ThreadSignals signals = self.signals();
        long sp = args.regs().rsp();
        long[] old = {signals.stackPointer(), signals.stackFlags(sp), signals.stackSize()};
        if (args.at(0) != 0) {
            long[] wanted = self.user().readLongs(args.at(0), 3);
            if (wanted == null) {
                return -Errno.EFAULT;
            }
            long error = set(signals, sp, wanted);
            if (error != 0) {
                return error;
            }
        }
        return args.at(1) == 0 || self.user().writeLongs(args.at(1), old) ? 0 : -Errno.EFAULT;
    }

    private static long set(ThreadSignals signals, long sp, long[] wanted) {
        long flags = wanted[1] & 0xFFFF_FFFFL;
        long mode = flags & ~ThreadSignals.SS_AUTODISARM;
        if (signals.onStack(sp)) {
            return -Errno.EPERM;
        }
        if (mode != ThreadSignals.SS_DISABLE && mode != ThreadSignals.SS_ONSTACK && mode != 0) {
            return -Errno.EINVAL;
        }
        if (mode == ThreadSignals.SS_DISABLE) {
            signals.setStack(0, 0, 0);
            return 0;
        }
        if (wanted[2] < MINSIGSTKSZ) {
            return -Errno.ENOMEM;
        }
        signals.setStack(wanted[0], wanted[2], flags);
        return 0;
    }
}
