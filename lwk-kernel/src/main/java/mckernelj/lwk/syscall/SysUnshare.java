// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.CloneFlags;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/** unshare(2), close_range(2): Linux', but what the LWK knows of descriptors must not be shared any more either. */
final class SysUnshare implements Syscall {
    private static final long CLOSE_RANGE_UNSHARE = 2;

    private final Kernel kernel;

    SysUnshare(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        long result = SyscallDispatch.delegate(kernel, self, args.number(), args.all());
        boolean unshares = args.number() == SystemCallNumber.UNSHARE
                ? (args.at(0) & CloneFlags.CLONE_FILES) != 0
                : (args.at(2) & CLOSE_RANGE_UNSHARE) != 0;
        if (result == 0 && unshares) {
            self.process().unshareFiles();
        }
        return result;
    }
}
