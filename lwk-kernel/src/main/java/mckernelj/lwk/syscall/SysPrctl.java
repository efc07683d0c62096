// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.seccomp.SeccompFilter;

/**
 * prctl(2): what concerns the LWK is handled here, the rest is Linux's. Nothing may install a filter in the servant, change how it makes
 * system calls or maps memory, or tell about its memory.
 */
final class SysPrctl implements Syscall {
    private static final int PR_GET_SECCOMP = 21;
    private static final int PR_SET_SECCOMP = 22;
    private static final int PR_SET_MM = 35;
    private static final int PR_GET_TID_ADDRESS = 40;
    private static final int PR_SET_THP_DISABLE = 41;
    private static final int PR_GET_THP_DISABLE = 42;
    private static final int PR_SET_SYSCALL_USER_DISPATCH = 59;
    private static final int PR_SET_MDWE = 65;
    private static final int PR_SET_VMA = 0x5356_4D41;
    private static final int PR_GET_AUXV = 0x4155_5856;
    private static final int SECCOMP_MODE_STRICT = 1;
    private static final int SECCOMP_MODE_FILTER = 2;

    private final Kernel kernel;
    private final SysSeccomp seccomp;

    SysPrctl(Kernel kernel) {
        this.kernel = kernel;
        this.seccomp = new SysSeccomp(kernel);
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        return switch (args.intAt(0)) {
            case PR_SET_THP_DISABLE -> setHugePagesDisabled(self, args);
            case PR_GET_THP_DISABLE -> getHugePagesDisabled(self, args);
            case PR_SET_SECCOMP -> setSeccomp(self, args);
            case PR_GET_SECCOMP -> SeccompFilter.mode(self.seccomp());
            case PR_SET_MM, PR_SET_SYSCALL_USER_DISPATCH, PR_SET_MDWE, PR_SET_VMA, PR_GET_AUXV -> -Errno.EINVAL;
            case PR_GET_TID_ADDRESS -> self.user().writeLongs(args.at(1), self.clearChildTid()) ? 0 : -Errno.EFAULT;
            default -> SyscallDispatch.delegate(kernel, self, args.number(), args.all());
        };
    }

    private long setSeccomp(Thread self, SyscallArguments args) {
        return switch (args.intAt(1)) {
            case SECCOMP_MODE_STRICT -> SysSeccomp.setStrict(self);
            case SECCOMP_MODE_FILTER -> seccomp.setFilter(self, 0, args.at(2));
            default -> -Errno.EINVAL;
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
