// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.CloneFlags;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.lwk.proc.Clone;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.signal.SignalNumber;

/** fork(2) and vfork(2). */
final class SysFork implements Syscall {

    private final Kernel kernel;

    SysFork(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        long flags = args.number() == SystemCallNumber.VFORK ? CloneFlags.CLONE_VFORK | CloneFlags.CLONE_VM : 0;
        return kernel.cloning().clone(self, new Clone.Request(flags, 0, 0, 0, 0, SignalNumber.SIGCHLD));
    }
}
