// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.signal.SigInfo;
import mckernelj.lwk.signal.SignalNumber;

/** rt_sigreturn(2): back from a handler. */
final class SysRtSigreturn implements Syscall {
    private final Kernel kernel;

    SysRtSigreturn(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        if (!kernel.signalFrames().pop(self, args.regs(), kernel.signals())) {
            kernel.signals().force(self, SigInfo.kernel(SignalNumber.SIGSEGV));
        }
        return args.regs().rax();
    }
}
