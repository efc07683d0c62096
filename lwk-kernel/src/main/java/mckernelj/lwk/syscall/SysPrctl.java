// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/**
 * prctl(2): what concerns the LWK is handled here, the rest is Linux's; nothing may install a filter in the servant.
 */
final class SysPrctl implements Syscall {
    private static final int PR_GET_SECCOMP = 21;
    private static final int PR_SET_SECCOMP = 22;
    private static final int PR_SET_THP_DISABLE = 41;
    private static final int PR_GET_THP_DISABLE = 42;

    private final Kernel kernel;

    SysPrctl(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        return switch (args.intAt(0)) {
            case PR_SET_THP_DISABLE -> setHugePagesDisabled(self, args);
            case PR_GET_THP_DISABLE -> getHugePagesDisabled(self, args);
            case PR_SET_SECCOMP -> -Errno.EINVAL;
            case PR_GET_SECCOMP -> 0;
            default -> SyscallDispatch.delegate(kernel, self, args.number(), args.all());
        };
    }

    private static long setHugePagesDisabled(Thread self, SyscallArguments args) {
        if ((args.at(2) | args.at(3) | args.at(4)) != 0) {
            return -Errno.EINVAL;
        }
        self.process().setHugePagesDisabled(args.at(1) != 0);
        return 0;
    }

    private static long getHugePagesDisabled(Thread self, SyscallArguments args) {
        if ((args.at(1) | args.at(2) | args.at(3) | args.at(4)) != 0) {
            return -Errno.EINVAL;
        }
        return self.process().hugePagesDisabled() ? 1 : 0;
    }
}
