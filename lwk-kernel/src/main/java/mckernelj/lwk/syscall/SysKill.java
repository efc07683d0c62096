// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.ihk.ikc.InKernelRequest;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Process;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.signal.SigInfo;
import mckernelj.lwk.signal.SignalNumber;

/** kill(2): within the LWK directly; groups, Linux processes, and what stops or continues a servant through Linux. */
final class SysKill implements Syscall {
    private final Kernel kernel;

    SysKill(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        int pid = args.intAt(0);
        int signal = args.intAt(1);
        if (signal < 0 || signal > SignalNumber.LAST) {
            return -Errno.EINVAL;
        }
        Process process = pid > 0 ? kernel.table().process(pid) : null;
        boolean throughLinux = process == null
                || process != self.process() && process.uid() != self.process().uid();
        if (throughLinux) {
            return self.delegate(InKernelRequest.KILL, pid, signal);
        }
        if (signal == 0) {
            return 0;
        }
        SigInfo info = SigInfo.user(
                signal, SigInfo.SI_USER, self.process().pid(), self.process().uid());
        long result = kernel.signals().send(self, process, info);
        if (signal == SignalNumber.SIGCONT) {
            self.continueServant(process);
        }
        return result;
    }
}
