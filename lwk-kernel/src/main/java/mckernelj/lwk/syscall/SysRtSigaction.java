// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.signal.SignalAction;
import mckernelj.lwk.signal.SignalNumber;

/** rt_sigaction(2); the servant imitates whether a signal is ignored. */
final class SysRtSigaction implements Syscall {
    private static final int SIGSET_SIZE = 8;

    private final Kernel kernel;

    SysRtSigaction(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        int signal = args.intAt(0);
        if (args.at(3) != SIGSET_SIZE || !SignalNumber.isValid(signal)) {
            return -Errno.EINVAL;
        }
        SignalAction old = self.process().signals().action(signal);
        if (args.at(1) != 0) {
            if ((SignalNumber.UNBLOCKABLE & SignalNumber.mask(signal)) != 0) {
                return -Errno.EINVAL;
            }
            long[] words = self.user().readLongs(args.at(1), 4);
            if (words == null) {
                return -Errno.EFAULT;
            }
            SignalAction wanted = new SignalAction(words[0], words[1], words[2], words[3]);
            if (kernel.signals().setAction(self, signal, wanted)) {
                self.mirrorAction(signal);
            }
        }
        boolean ok = args.at(2) == 0
                || self.user().writeLongs(args.at(2), old.handler(), old.flags(), old.restorer(), old.mask());
        return ok ? 0 : -Errno.EFAULT;
    }
}
