// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.RestartableSequences;
import mckernelj.lwk.proc.RestartableSequences.Area;
import mckernelj.lwk.proc.Thread;

/** rseq(2). */
final class SysRseq implements Syscall {
    private static final int UNREGISTER = 1;

    SysRseq(Kernel kernel) {}

    @Override
    public long call(Thread self, SyscallArguments args) {
        Area wanted = new Area(args.at(0), args.intAt(1), args.intAt(3));
        Area present = self.sequences();
        return switch (args.intAt(2)) {
            case 0 ->
                present == null ? RestartableSequences.register(self, wanted) : compare(present, wanted, -Errno.EBUSY);
            case UNREGISTER -> {
                long same = present == null ? -Errno.EINVAL : compare(present, wanted, 0);
                yield same == 0 ? RestartableSequences.unregister(self) : same;
            }
            default -> -Errno.EINVAL;
        };
    }

    private static long compare(Area present, Area wanted, long same) {
        if (present.pointer() != wanted.pointer() || present.length() != wanted.length()) {
            return -Errno.EINVAL;
        }
        return present.signature() == wanted.signature() ? same : -Errno.EPERM;
    }
}
