// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.signal.CpuTimer;
import mckernelj.lwk.signal.IntervalTimer;

/** setitimer(2), getitimer(2), alarm(2). */
final class SysItimer implements Syscall {
    private static final int ITIMER_REAL = 0;
    private static final int ITIMER_VIRTUAL = 1;
    private static final int ITIMER_PROF = 2;

    private final Kernel kernel;

    SysItimer(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        IntervalTimer timer = self.process().realTimer();
        if (args.number() == SystemCallNumber.ALARM) {
            long left = timer.remaining(self.cpu())[0];
            timer.set(self.cpu(), (args.at(0) & 0xFFFF_FFFFL) * TimeValues.NANOS_PER_SECOND, 0);
            // As Linux: rounded to the nearest second, but not to 0.
            long seconds = (left + TimeValues.NANOS_PER_SECOND / 2) / TimeValues.NANOS_PER_SECOND;
            return left > 0 ? Math.max(1, seconds) : 0;
        }
        int which = args.intAt(0);
        if (which < ITIMER_REAL || which > ITIMER_PROF) {
            return -Errno.EINVAL;
        }
        return args.number() == SystemCallNumber.GETITIMER
                ? write(self, args.at(1), remaining(self, which))
                : set(self, which, args);
    }

    /** Nanoseconds left and interval. */
    private long[] remaining(Thread self, int which) {
        if (which == ITIMER_REAL) {
            return self.process().realTimer().remaining(self.cpu());
        }
        long[] cycles = cpuTimer(self, which).remaining();
        return new long[] {kernel.clock().nanosOf(cycles[0]), kernel.clock().nanosOf(cycles[1])};
    }

    private static CpuTimer cpuTimer(Thread self, int which) {
        return which == ITIMER_VIRTUAL
                ? self.process().virtualTimer()
                : self.process().profilingTimer();
    }

    private static long write(Thread self, long pointer, long[] valueAndInterval) {
        long[] value = TimeValues.timeval(valueAndInterval[0]);
        long[] interval = TimeValues.timeval(valueAndInterval[1]);
        return self.user().writeLongs(pointer, interval[0], interval[1], value[0], value[1]) ? 0 : -Errno.EFAULT;
    }

    private long set(Thread self, int which, SyscallArguments args) {
        long[] words = {0, 0, 0, 0};
        if (args.at(1) != 0) {
            words = self.user().readLongs(args.at(1), 4);
        }
        if (words == null) {
            return -Errno.EFAULT;
        }
        if (!isValid(words[0], words[1]) || !isValid(words[2], words[3])) {
            return -Errno.EINVAL;
        }
        long[] old = remaining(self, which);
        long value = TimeValues.nanos(words[2], words[3] * 1000);
        long interval = TimeValues.nanos(words[0], words[1] * 1000);
        if (which == ITIMER_REAL) {
            self.process().realTimer().set(self.cpu(), value, interval);
        } else {
            cpuTimer(self, which)
                    .set(
                            self.cpu(),
                            kernel.clock().cyclesOf(value),
                            kernel.clock().cyclesOf(interval));
        }
        return args.at(2) == 0 ? 0 : write(self, args.at(2), old);
    }

    private static boolean isValid(long seconds, long micros) {
        return seconds >= 0 && micros >= 0 && micros < 1_000_000;
    }
}
