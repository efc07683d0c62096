// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Process;
import mckernelj.lwk.proc.Thread;

/** setpgid(2): Linux' groups, but only the LWK knows that a child has executed a program. */
final class SysSetpgid implements Syscall {
    private final Kernel kernel;

    SysSetpgid(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        Process child = args.intAt(1) < 0 ? null : kernel.table().process(args.intAt(0));
        boolean executed = child != null && child.parent() == self.process() && child.hasExecuted();
        return executed ? -Errno.EACCES : SyscallDispatch.delegate(kernel, self, args.number(), args.all());
    }
}
