// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.procfs.FileReads;

/** write(2), pwrite64(2), writev(2), pwritev(2), pwritev2(2): delegated, but for memory of processes of the LWK. */
final class SysWrite implements Syscall {
    private final Kernel kernel;

    SysWrite(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        if (self.process().overlaidFiles().contains(args.intAt(0))) {
            SysRead.Transfer transfer = SysRead.Transfer.of(self, args);
            long result = transfer.error() != 0
                    ? transfer.error()
                    : kernel.fileReads().write(self, args.intAt(0), transfer.vectors(), transfer.offset());
            if (result != FileReads.NOT_OURS) {
                return result;
            }
        }
        return SyscallDispatch.delegate(kernel, self, args.number(), args.all());
    }
}
