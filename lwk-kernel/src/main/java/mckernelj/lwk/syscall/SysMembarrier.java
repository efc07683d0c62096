// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/** membarrier(2): an IPI to every processor of the LWK is a barrier on all of them. */
final class SysMembarrier implements Syscall {
    private static final int QUERY = 0;
    private static final int GLOBAL = 1;
    private static final int GLOBAL_EXPEDITED = 2;
    private static final int REGISTER_GLOBAL_EXPEDITED = 4;
    private static final int PRIVATE_EXPEDITED = 8;
    private static final int REGISTER_PRIVATE_EXPEDITED = 16;
    private static final int SUPPORTED = 31;

    private final Kernel kernel;

    SysMembarrier(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        if (args.intAt(1) != 0) {
            return -Errno.EINVAL;
        }
        return switch (args.intAt(0)) {
            case QUERY -> SUPPORTED;
            case REGISTER_GLOBAL_EXPEDITED -> 0;
            case REGISTER_PRIVATE_EXPEDITED -> {
                self.process().setBarriersRegistered(true);
                yield 0;
            }
            case PRIVATE_EXPEDITED -> self.process().barriersRegistered() ? barrier(self) : -Errno.EPERM;
            case GLOBAL, GLOBAL_EXPEDITED -> barrier(self);
            default -> -Errno.EINVAL;
        };
    }

    private long barrier(Thread self) {
        kernel.barrier(self.cpu());
        return 0;
    }
}
