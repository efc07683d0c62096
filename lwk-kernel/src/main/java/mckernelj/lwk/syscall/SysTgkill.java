// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.signal.SigInfo;
import mckernelj.lwk.signal.SignalNumber;

/** tgkill(2), tkill(2): to a thread of the LWK directly, to others through Linux. */
final class SysTgkill implements Syscall {

    private final Kernel kernel;

    SysTgkill(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        boolean tkill = args.number() == SystemCallNumber.TKILL;
        int pid = tkill ? 0 : args.intAt(0);
        int tid = args.intAt(tkill ? 0 : 1);
        int signal = args.intAt(tkill ? 1 : 2);
        if (tid <= 0 || !tkill && pid <= 0) {
            return -Errno.EINVAL;
        }
        Thread thread = kernel.table().thread(tid);
        if (thread == null) {
            return SyscallDispatch.delegate(kernel, self, args.number(), args.all());
        }
        if (!tkill && thread.process().pid() != pid) {
            return -Errno.ESRCH;
        }
        if (signal < 0 || signal > SignalNumber.LAST) {
            return -Errno.EINVAL;
        }
        if (thread.process().uid() != self.process().uid() && self.process().uid() != 0) {
            return -Errno.EPERM;
        }
        if (signal == 0) {
            return 0;
        }
        SigInfo info = SigInfo.user(
                signal, SigInfo.SI_TKILL, self.process().pid(), self.process().uid());
        long result = kernel.signals().send(self, thread, info);
        if (signal == SignalNumber.SIGCONT) {
            self.continueServant(thread.process());
        }
        return result;
    }
}
