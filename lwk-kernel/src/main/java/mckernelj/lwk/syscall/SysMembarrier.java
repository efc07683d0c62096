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
    private static final int PRIVATE_EXPEDITED_SYNC_CORE = 32;
    private static final int REGISTER_PRIVATE_EXPEDITED_SYNC_CORE = 64;
    private static final int PRIVATE_EXPEDITED_RSEQ = 128;
    private static final int REGISTER_PRIVATE_EXPEDITED_RSEQ = 256;
    private static final int GET_REGISTRATIONS = 512;
    private static final int SUPPORTED = 1023;
    private static final int FLAG_CPU = 1;

    private final Kernel kernel;

    SysMembarrier(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        int command = args.intAt(0);
        int flags = args.intAt(1);
        if (flags != 0 && (command != PRIVATE_EXPEDITED_RSEQ || flags != FLAG_CPU)) {
            return -Errno.EINVAL;
        }
        return switch (command) {
            case QUERY -> SUPPORTED;
            case REGISTER_GLOBAL_EXPEDITED,
                    REGISTER_PRIVATE_EXPEDITED,
                    REGISTER_PRIVATE_EXPEDITED_SYNC_CORE,
                    REGISTER_PRIVATE_EXPEDITED_RSEQ -> {
                self.process().registerBarriers(command);
                yield 0;
            }
            case GET_REGISTRATIONS -> self.process().registeredBarriers();
            case PRIVATE_EXPEDITED -> ifRegistered(self, REGISTER_PRIVATE_EXPEDITED);
            // Each interrupt serializes a processor of the machine.
            case PRIVATE_EXPEDITED_SYNC_CORE -> ifRegistered(self, REGISTER_PRIVATE_EXPEDITED_SYNC_CORE);
            case PRIVATE_EXPEDITED_RSEQ -> {
                self.process().threads().forEach(Thread::setResumed);
                yield ifRegistered(self, REGISTER_PRIVATE_EXPEDITED_RSEQ);
            }
            case GLOBAL, GLOBAL_EXPEDITED -> barrier(self);
            default -> -Errno.EINVAL;
        };
    }

    private long ifRegistered(Thread self, int registration) {
        return (self.process().registeredBarriers() & registration) != 0 ? barrier(self) : -Errno.EPERM;
    }

    private long barrier(Thread self) {
        kernel.barrier(self.cpu());
        return 0;
    }
}
