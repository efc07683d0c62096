// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import java.util.ArrayList;
import java.util.List;
import mckernelj.ihk.Errno;
import mckernelj.lwk.futex.FutexVector;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/** futex_waitv(2): elements of struct futex_waitv {u64 val, uaddr; u32 flags, reserved}. */
final class SysFutexWaitv implements Syscall {
    private static final int ELEMENT_WORDS = 3;
    private static final int MAX_ELEMENTS = 128;
    private static final int FUTEX_32 = 2;
    private static final int FUTEX_PRIVATE_FLAG = 128;
    private static final int CLOCK_REALTIME = 0;
    private static final int CLOCK_MONOTONIC = 1;

    private final Kernel kernel;

    SysFutexWaitv(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        int count = args.intAt(1);
        if (args.intAt(2) != 0 || count <= 0 || count > MAX_ELEMENTS || args.at(0) == 0) {
            return -Errno.EINVAL;
        }
        long deadline = Long.MAX_VALUE;
        if (args.at(3) != 0) {
            deadline = deadline(self, args.at(3), args.intAt(4));
            if (deadline < 0) {
                return deadline;
            }
        }
        long[] elements = self.user().readLongs(args.at(0), ELEMENT_WORDS * count);
        if (elements == null) {
            return -Errno.EFAULT;
        }
        List<FutexVector.Word> words = new ArrayList<>();
        for (int i = 0; i < elements.length; i += ELEMENT_WORDS) {
            long flags = elements[i + 2];
            boolean known = (flags & ~FUTEX_PRIVATE_FLAG) == FUTEX_32;
            if (!known || (elements[i + 1] & 3) != 0 || elements[i] >>> 32 != 0) {
                return -Errno.EINVAL;
            }
            words.add(new FutexVector.Word(
                    elements[i + 1], (int) elements[i], (flags & FUTEX_PRIVATE_FLAG) != 0));
        }
        return kernel.futexes().vector().wait(self, words, deadline);
    }

    /** In cycles, or a negative errno. */
    private long deadline(Thread self, long pointer, int clock) {
        if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC) {
            return -Errno.EINVAL;
        }
        long nanos = TimeValues.readTimespec(self.user(), pointer);
        if (nanos < 0) {
            return nanos;
        }
        return Math.max(
                1,
                clock == CLOCK_REALTIME
                        ? kernel.clock().cyclesAtRealtime(nanos)
                        : kernel.clock().cyclesAtMonotonic(nanos));
    }
}
