// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import static mckernelj.lwk.syscall.SchedulingRights.RESET_ON_FORK;
import static mckernelj.lwk.syscall.SchedulingRights.SCHED_FIFO;
import static mckernelj.lwk.syscall.SchedulingRights.SCHED_RR;

import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/**
 * sched_setscheduler(2) and family. Of the policies SCHED_FIFO and SCHED_RR have an effect, on the processor of the thread.
 */
final class SysSchedPolicy implements Syscall {
    private static final int SCHED_OTHER = 0;
    private static final int SCHED_BATCH = 3;
    private static final int SCHED_IDLE = 5;
    private static final int SCHED_DEADLINE = 6;
    private static final long RR_INTERVAL_NANOS = 10_000_000;

    private final Kernel kernel;

    SysSchedPolicy(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        if (concernsThread(args.number()) && args.intAt(0) > 0 && kernel.table().thread(args.intAt(0)) == null) {
            return SyscallDispatch.delegate(kernel, self, args.number(), args.all()); // a process of Linux
        }
        return switch (args.number()) {
            case SystemCallNumber.SCHED_SETPARAM -> setParam(self, args);
            case SystemCallNumber.SCHED_GETPARAM -> getParam(self, args);
            case SystemCallNumber.SCHED_SETSCHEDULER -> setScheduler(self, args);
            case SystemCallNumber.SCHED_GETSCHEDULER -> withThread(self, args, Thread::schedulingPolicy);
            case SystemCallNumber.SCHED_GET_PRIORITY_MAX -> priorityBound(args.intAt(0), 99);
            case SystemCallNumber.SCHED_GET_PRIORITY_MIN -> priorityBound(args.intAt(0), 1);
            default -> interval(self, args);
        };
    }

    private static boolean concernsThread(int number) {
        return number != SystemCallNumber.SCHED_GET_PRIORITY_MAX && number != SystemCallNumber.SCHED_GET_PRIORITY_MIN;
    }

    private interface ThreadOperation {
        long apply(Thread thread);
    }

    private long withThread(Thread self, SyscallArguments args, ThreadOperation operation) {
        int tid = args.intAt(0);
        if (tid < 0) {
            return -Errno.EINVAL;
        }
        Thread thread = tid == 0 ? self : kernel.table().thread(tid);
        return thread == null ? -Errno.ESRCH : operation.apply(thread);
    }

    private static long priorityBound(int policy, int realtime) {
        return switch (policy) {
            case SCHED_FIFO, SCHED_RR -> realtime;
            case SCHED_OTHER, SCHED_BATCH, SCHED_IDLE, SCHED_DEADLINE -> 0;
            default -> -Errno.EINVAL;
        };
    }

    private long setParam(Thread self, SyscallArguments args) {
        return withThread(self, args, thread -> change(self, thread, thread.schedulingPolicy(), args, 1));
    }

    private long setScheduler(Thread self, SyscallArguments args) {
        if (args.intAt(1) < 0) {
            return -Errno.EINVAL;
        }
        return withThread(self, args, thread -> change(self, thread, args.intAt(1), args, 2));
    }

    private long change(Thread self, Thread thread, int policy, SyscallArguments args, int pointerIndex) {
        long pointer = args.at(pointerIndex);
        if (pointer == 0) {
            return -Errno.EINVAL;
        }
        long word = self.user().readInt(pointer);
        if (word < 0) {
            return -Errno.EFAULT;
        }
        int priority = (int) word;
        int kind = policy & ~RESET_ON_FORK;
        boolean realtime = SchedulingRights.isRealtime(policy);
        if (priorityBound(kind, 1) < 0
                || kind == SCHED_DEADLINE
                || (realtime ? priority < 1 || priority > 99 : priority != 0)) {
            return -Errno.EINVAL;
        }
        if (!SchedulingRights.mayChange(self, thread, policy, priority)) {
            return -Errno.EPERM;
        }
        long result = realtime ? 0 : SyscallDispatch.delegate(kernel, self, args.number(), args.all());
        if (result == 0) {
            thread.setScheduling(policy, priority);
            kernel.scheduler().priorityChanged(self.cpu(), thread);
        }
        return result;
    }

    private long getParam(Thread self, SyscallArguments args) {
        if (args.at(1) == 0) {
            return -Errno.EINVAL;
        }
        return withThread(
                self,
                args,
                thread -> self.user().writeInt(args.at(1), thread.schedulingPriority()) ? 0 : -Errno.EFAULT);
    }

    private long interval(Thread self, SyscallArguments args) {
        return withThread(self, args, thread -> {
            long nanos = thread.schedulingPolicy() == SCHED_FIFO ? 0 : RR_INTERVAL_NANOS;
            return TimeValues.writeTimespec(self.user(), args.at(1), nanos);
        });
    }
}
