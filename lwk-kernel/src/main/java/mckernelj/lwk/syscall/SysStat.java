// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.SystemCallNumber;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/**
 * stat(2) and its like: Linux's. Files have Linux' time, and the LWK's clock falls behind while programs compute; but no program may
 * see a file that was changed in the future (make(1) warns of it). So the clock goes forward to st_ctime, which only Linux sets.
 */
final class SysStat implements Syscall {
    /** In struct stat and in struct statx: seconds in 64 bits, nanoseconds in 64 and in 32. */
    private static final int STAT_CTIME = 104;

    private static final int STATX_CTIME = 0x60;
    private static final long NANOS = 0xFFFFFFFFL;

    private final Kernel kernel;

    SysStat(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        long result = SyscallDispatch.delegate(kernel, self, args.number(), args.all());
        if (result == 0 && !kernel.machine().deterministic()) {
            long[] changed = self.user().readLongs(changeTime(args), 2);
            if (changed != null) {
                notBefore(self, changed[0] * TimeValues.NANOS_PER_SECOND + (changed[1] & NANOS));
            }
        }
        return result;
    }

    private void notBefore(Thread self, long nanos) {
        if (kernel.clock().realtimeNanos(self.cpu()) < nanos) {
            // Linux is asked, since a file may have been changed when its clock was wrong.
            long now = SyscallDispatch.delegate(kernel, self, SystemCallNumber.TIME, 0, 0, 0, 0, 0, 0);
            kernel.clock().advanceTo(self.cpu(), Math.min(nanos, (now + 1) * TimeValues.NANOS_PER_SECOND));
        }
    }

    private static long changeTime(SyscallArguments args) {
        return switch (args.number()) {
            case SystemCallNumber.STATX -> args.at(4) + STATX_CTIME;
            case SystemCallNumber.NEWFSTATAT -> args.at(2) + STAT_CTIME;
            default -> args.at(1) + STAT_CTIME;
        };
    }
}
