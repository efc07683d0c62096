// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.seccomp.SeccompFilter;

/** seccomp(2), and the same by prctl(2). There are no listeners (SECCOMP_FILTER_FLAG_NEW_LISTENER). */
final class SysSeccomp implements Syscall {
    private static final int SET_MODE_STRICT = 0;
    private static final int SET_MODE_FILTER = 1;
    private static final int GET_ACTION_AVAIL = 2;
    private static final int FLAG_TSYNC = 1;
    private static final int FLAG_TSYNC_ESRCH = 16;

    /** LOG and SPEC_ALLOW say nothing that is true or false here. */
    private static final int KNOWN_FLAGS = FLAG_TSYNC | 2 | 4 | FLAG_TSYNC_ESRCH;

    private static final int PR_GET_NO_NEW_PRIVS = 39;

    SysSeccomp(Kernel kernel) {}

    @Override
    public long call(Thread self, SyscallArguments args) {
        int flags = args.intAt(1);
        return switch (args.intAt(0)) {
            case SET_MODE_STRICT -> flags != 0 || args.at(2) != 0 ? -Errno.EINVAL : setStrict(self);
            case SET_MODE_FILTER -> setFilter(self, flags, args.at(2));
            case GET_ACTION_AVAIL -> flags != 0 ? -Errno.EINVAL : isAvailable(self, args.at(2));
            default -> -Errno.EINVAL;
        };
    }

    static long setStrict(Thread self) {
        if (self.seccomp() != null && !self.seccomp().isStrict()) {
            return -Errno.EINVAL;
        }
        self.setSeccomp(SeccompFilter.STRICT);
        return 0;
    }

    private static long isAvailable(Thread self, long pointer) {
        long action = self.user().readInt(pointer);
        if (action < 0) {
            return -Errno.EFAULT;
        }
        return switch ((int) action) {
            case SeccompFilter.KILL_PROCESS,
                    SeccompFilter.KILL_THREAD,
                    SeccompFilter.TRAP,
                    SeccompFilter.ERRNO,
                    SeccompFilter.TRACE,
                    SeccompFilter.LOG,
                    SeccompFilter.ALLOW -> 0;
            default -> -Errno.EOPNOTSUPP;
        };
    }

    /** {@code pointer}: struct sock_fprog {u16 length; pointer to the instructions}. */
    long setFilter(Thread self, int flags, long pointer) {
        if ((flags & ~KNOWN_FLAGS) != 0) {
            return -Errno.EINVAL;
        }
        long[] header = self.user().readLongs(pointer, 2);
        if (header == null) {
            return -Errno.EFAULT;
        }
        int length = (int) header[0] & 0xFFFF;
        if (!SeccompFilter.isValidLength(length)) {
            return -Errno.EINVAL;
        }
        if (self.process().uid() != 0 && self.delegate(SystemCallNumber.PRCTL, PR_GET_NO_NEW_PRIVS) != 1) {
            return -Errno.EACCES;
        }
        if (header[1] == 0) {
            return -Errno.EINVAL;
        }
        long[] instructions = self.user().readLongs(header[1], length);
        if (instructions == null) {
            return -Errno.EFAULT;
        }
        SeccompFilter present = self.seccomp();
        SeccompFilter next = present != null && present.isStrict() ? null : SeccompFilter.of(instructions, present);
        if (next == null) {
            return -Errno.EINVAL;
        }
        if (!next.fits()) {
            return -Errno.ENOMEM;
        }
        return (flags & FLAG_TSYNC) == 0 ? set(self, next) : setForAll(self, flags, next);
    }

    private static long set(Thread self, SeccompFilter filter) {
        self.setSeccomp(filter);
        return 0;
    }

    private static long setForAll(Thread self, int flags, SeccompFilter filter) {
        for (Thread thread : self.process().threads()) {
            boolean strict = thread.seccomp() != null && thread.seccomp().isStrict();
            if (strict || !filter.isDescendantOf(thread.seccomp())) {
                return (flags & FLAG_TSYNC_ESRCH) != 0 ? -Errno.ESRCH : thread.tid();
            }
        }
        self.process().threads().forEach(thread -> thread.setSeccomp(filter));
        return 0;
    }
}
