// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/** restart_syscall(2): the LWK never asks for it. */
final class SysRestartSyscall implements Syscall {
    SysRestartSyscall(Kernel kernel) {}

    @Override
    public long call(Thread self, SyscallArguments args) {
        return -Errno.EINTR;
    }
}
