// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.lwk.ipc.ShmControl;
import mckernelj.lwk.ipc.ShmTable;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/** shmget(2), shmat(2), shmctl(2), shmdt(2). */
final class SysShm implements Syscall {

    private final ShmTable table;

    SysShm(Kernel kernel) {
        table = kernel.sharedMemory();
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        return switch (args.number()) {
            case SystemCallNumber.SHMGET -> table.get(self, args.intAt(0), args.at(1), args.intAt(2));
            case SystemCallNumber.SHMAT -> table.attach(self, args.intAt(0), args.at(1), args.intAt(2));
            case SystemCallNumber.SHMCTL -> new ShmControl(table).call(self, args.intAt(0), args.intAt(1), args.at(2));
            case SystemCallNumber.SHMDT -> table.detach(self, args.at(0));
            default -> -Errno.ENOSYS;
        };
    }
}
