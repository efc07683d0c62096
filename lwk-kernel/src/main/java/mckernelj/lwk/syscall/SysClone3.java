// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.CloneFlags;
import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.lwk.proc.Clone;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/** clone3(2): struct clone_args {flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, ...}. */
final class SysClone3 implements Syscall {
    private static final int MINIMUM_SIZE = 64;
    private static final int WORDS = 11;
    private static final int MAXIMUM_SIZE = 4096;
    private static final long KNOWN_FLAGS = 0x3_FFFF_FFFFL;

    private final Kernel kernel;

    SysClone3(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        long size = args.at(1);
        if (size > MAXIMUM_SIZE || size < 0) {
            return -Errno.E2BIG;
        }
        if (size < MINIMUM_SIZE || size % 8 != 0) {
            return -Errno.EINVAL;
        }
        long[] given = self.user().readLongs(args.at(0), (int) size / 8);
        if (given == null) {
            return -Errno.EFAULT;
        }
        long[] a = java.util.Arrays.copyOf(given, Math.max(WORDS, given.length));
        for (int i = WORDS; i < a.length; i++) {
            if (a[i] != 0) {
                return -Errno.E2BIG;
            }
        }
        long flags = a[0];
        boolean oldStyle = (flags & (CloneFlags.CSIGNAL | CloneFlags.CLONE_DETACHED)) != 0;
        boolean unknown = (flags & ~KNOWN_FLAGS) != 0 || a[4] < 0 || a[4] > 64;
        boolean signalOfParent = (flags & (CloneFlags.CLONE_THREAD | CloneFlags.CLONE_PARENT)) != 0 && a[4] != 0;
        if (oldStyle || unknown || signalOfParent || (a[5] == 0) != (a[6] == 0)) {
            return -Errno.EINVAL;
        }
        boolean threadDescriptor = (flags & CloneFlags.CLONE_PIDFD) != 0 && (flags & CloneFlags.CLONE_THREAD) != 0;
        if (threadDescriptor || (flags & CloneFlags.CLONE_INTO_CGROUP) != 0 || a[9] != 0) {
            // set_tid, cgroup and descriptors of threads are for Linux processes; libc falls back to clone.
            return -Errno.ENOSYS;
        }
        long stack = a[5] == 0 ? 0 : a[5] + a[6];
        long child = kernel.cloning().clone(self, new Clone.Request(flags, stack, a[3], a[2], a[7], (int) a[4]));
        return child <= 0 || (flags & CloneFlags.CLONE_PIDFD) == 0 ? child : describe(self, child, a[1]);
    }

    /** CloneFlags.CLONE_PIDFD, for the parent. */
    private static long describe(Thread self, long child, long pointer) {
        long descriptor = self.delegate(SystemCallNumber.PIDFD_OPEN, child, 0);
        self.user().writeInt(pointer, (int) descriptor);
        return child;
    }
}
