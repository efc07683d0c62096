// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Process;
import mckernelj.lwk.proc.Thread;

/** kcmp(2): Linux compares what is Linux'; address spaces and dispositions are the LWK's. */
final class SysKcmp implements Syscall {
    private static final int KCMP_VM = 1;
    private static final int KCMP_SIGHAND = 4;
    private static final int DIFFERENT = 1;
    private static final int DIFFERENT_OTHER_WAY_ROUND = 2;

    private final Kernel kernel;

    SysKcmp(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        // It also checks whether the caller may ask.
        long result = SyscallDispatch.delegate(kernel, self, args.number(), args.all());
        Thread first = kernel.table().thread(args.intAt(0));
        Thread second = kernel.table().thread(args.intAt(1));
        int type = args.intAt(2);
        if (result < 0 || first == null || second == null || type != KCMP_VM && type != KCMP_SIGHAND) {
            return result;
        }
        boolean same = type == KCMP_VM
                ? first.process().vm() == second.process().vm()
                : first.process().signals().sharesActionsWith(second.process().signals());
        return same ? 0 : order(first.process(), second.process());
    }

    private static int order(Process first, Process second) {
        return first.pid() < second.pid() ? DIFFERENT : DIFFERENT_OTHER_WAY_ROUND;
    }
}
