// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.sched.KernelThread;
import mckernelj.lwk.signal.Restart;

/** nanosleep(2), clock_nanosleep(2): on the local timer; an interrupted relative sleep reports the time left. */
final class SysNanosleep implements Syscall {
    private static final int TIMER_ABSTIME = 1;

    private final Kernel kernel;
    private final Clocks clocks;

    SysNanosleep(Kernel kernel) {
        this.kernel = kernel;
        this.clocks = new Clocks(kernel);
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        if (args.number() == SystemCallNumber.NANOSLEEP) {
            return sleep(self, Clocks.MONOTONIC, false, args.at(0), args.at(1));
        }
        int clock = args.intAt(0);
        if (clock == Clocks.THREAD_CPUTIME_ID) {
            return -Errno.EINVAL;
        }
        if (clock == Clocks.PROCESS_CPUTIME_ID || clock < 0) {
            return clocks.read(self, clock) < 0 ? -Errno.EINVAL : sleepOfCpuTime(self, args);
        }
        boolean sleepable = Clocks.isRealtime(clock)
                || clock == Clocks.MONOTONIC
                || clock == Clocks.BOOTTIME
                || clock == Clocks.BOOTTIME_ALARM;
        if (!sleepable) {
            return clocks.read(self, clock) < 0 ? -Errno.EINVAL : -Errno.EOPNOTSUPP;
        }
        return sleep(self, clock, (args.intAt(1) & TIMER_ABSTIME) != 0, args.at(2), args.at(3));
    }

    private long sleep(Thread self, int clock, boolean absolute, long requestPointer, long remainderPointer) {
        long nanos = TimeValues.readTimespec(self.user(), requestPointer);
        if (nanos < 0) {
            return nanos;
        }
        long until = absolute ? nanos : saturatedAdd(kernel.clock().monotonicNanos(self.cpu()), nanos);
        long deadline =
                absolute ? clocks.cyclesAt(clock, until) : kernel.clock().cyclesAtMonotonic(until);
        boolean interrupted = kernel.scheduler()
                .sleepUntil(
                        self, KernelThread.INTERRUPTIBLE, () -> kernel.signals().isPending(self), deadline);
        if (!interrupted) {
            return 0;
        }
        if (!absolute && remainderPointer != 0) {
            long left = Math.max(0, until - kernel.clock().monotonicNanos(self.cpu()));
            if (TimeValues.writeTimespec(self.user(), remainderPointer, left) < 0) {
                return -Errno.EFAULT;
            }
        }
        return -Restart.ERESTARTNOHAND;
    }

    private static long saturatedAdd(long a, long b) {
        return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
    }

    /** Sleeps until a process has used CPU time: looks again each time that much more real time has passed. */
    private long sleepOfCpuTime(Thread self, SyscallArguments args) {
        long nanos = TimeValues.readTimespec(self.user(), args.at(2));
        if (nanos < 0) {
            return nanos;
        }
        int clock = args.intAt(0);
        boolean absolute = (args.intAt(1) & TIMER_ABSTIME) != 0;
        long until = absolute ? nanos : saturatedAdd(clocks.read(self, clock), nanos);
        while (true) {
            long left = until - clocks.read(self, clock);
            if (left <= 0) {
                return 0;
            }
            long deadline =
                    self.cpu().hw().cycles() + Math.max(1000, kernel.clock().cyclesOf(left));
            if (kernel.scheduler()
                    .sleepUntil(
                            self,
                            KernelThread.INTERRUPTIBLE,
                            () -> kernel.signals().isPending(self),
                            deadline)) {
                return -Restart.ERESTARTNOHAND;
            }
        }
    }
}
