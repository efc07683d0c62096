// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/** getcpu(2): LWK numbers. */
final class SysGetcpu implements Syscall {
    private final Kernel kernel;

    SysGetcpu(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        boolean ok =
                args.at(0) == 0 || self.user().writeInt(args.at(0), self.cpu().id());
        ok = ok && (args.at(1) == 0 || self.user().writeInt(args.at(1), kernel.nodeOf(self.cpu())));
        return ok ? 0 : -Errno.EFAULT;
    }
}
