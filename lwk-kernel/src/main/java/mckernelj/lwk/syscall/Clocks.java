// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Process;
import mckernelj.lwk.proc.Thread;

/** The clocks of clock_gettime and relatives, by number (Linux: uapi/linux/time.h). */
final class Clocks {
    static final int REALTIME = 0;
    static final int MONOTONIC = 1;
    static final int PROCESS_CPUTIME_ID = 2;
    static final int THREAD_CPUTIME_ID = 3;
    static final int MONOTONIC_RAW = 4;
    static final int REALTIME_COARSE = 5;
    static final int MONOTONIC_COARSE = 6;
    static final int BOOTTIME = 7;
    static final int REALTIME_ALARM = 8;
    static final int BOOTTIME_ALARM = 9;
    static final int TAI = 11;

    private final Kernel kernel;

    Clocks(Kernel kernel) {
        this.kernel = kernel;
    }

    /** Time in nanoseconds, or -EINVAL. Negative numbers are the CPU clocks of other processes and threads. */
    long read(Thread self, int clock) {
        return switch (clock) {
            case REALTIME, REALTIME_COARSE, REALTIME_ALARM, TAI ->
                kernel.clock().realtimeNanos(self.cpu());
            case MONOTONIC, MONOTONIC_RAW, MONOTONIC_COARSE, BOOTTIME, BOOTTIME_ALARM ->
                kernel.clock().monotonicNanos(self.cpu());
            case PROCESS_CPUTIME_ID -> processTime(self.process());
            case THREAD_CPUTIME_ID -> threadTime(self);
            default -> clock < 0 ? otherCpuClock(self, clock) : -Errno.EINVAL;
        };
    }

    /** ~pid << 3 | (2 for the scheduler's clock) | (4 if it is a thread). */
    private long otherCpuClock(Thread self, int clock) {
        int id = ~(clock >> 3);
        if ((clock & 3) == 3) {
            return -Errno.EINVAL;
        }
        if ((clock & 4) != 0) {
            Thread thread = id == 0 ? self : kernel.table().thread(id);
            return thread == null || thread.process() != self.process() ? -Errno.EINVAL : threadTime(thread);
        }
        Process process = id == 0 ? self.process() : kernel.table().process(id);
        return process == null ? -Errno.EINVAL : processTime(process);
    }

    private long processTime(Process process) {
        return kernel.clock().nanosOf(process.userCycles() + process.systemCycles());
    }

    private long threadTime(Thread thread) {
        return kernel.clock().nanosOf(thread.userCycles() + thread.systemCycles());
    }

    /** True if the clock shows wall-clock time. */
    static boolean isRealtime(int clock) {
        return clock == REALTIME || clock == REALTIME_ALARM || clock == TAI;
    }

    /** Cycle count at which the clock will show {@code nanos}; for clocks that run with the TSC. */
    long cyclesAt(int clock, long nanos) {
        return isRealtime(clock)
                ? kernel.clock().cyclesAtRealtime(nanos)
                : kernel.clock().cyclesAtMonotonic(nanos);
    }

    /** Cycle count at which the clock shows the struct timespec at {@code pointer}; null means never. Positive, or a negative errno. */
    long deadline(Thread self, int clock, long pointer) {
        if (pointer == 0) {
            return Long.MAX_VALUE;
        }
        long nanos = TimeValues.readTimespec(self.user(), pointer);
        return nanos < 0 ? nanos : Math.max(1, cyclesAt(clock, nanos));
    }

    /** As {@link #deadline}, but the time counts from now on. */
    long deadlineFromNow(Thread self, long pointer) {
        if (pointer == 0) {
            return Long.MAX_VALUE;
        }
        long nanos = TimeValues.readTimespec(self.user(), pointer);
        return nanos < 0 ? nanos : kernel.clock().cyclesAfter(self.cpu(), nanos);
    }
}
