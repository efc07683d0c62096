// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.SystemCallNumber;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/** setuid(2) and relatives: Linux does it, the LWK notes the effective ids for its own permission checks. */
final class SysSetid implements Syscall {
    private final Kernel kernel;

    SysSetid(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        long result = SyscallDispatch.delegate(kernel, self, args.number(), args.all());
        if (result == 0) {
            self.process().setIds((int) self.delegate(SystemCallNumber.GETEUID), (int)
                    self.delegate(SystemCallNumber.GETEGID));
        }
        return result;
    }
}
