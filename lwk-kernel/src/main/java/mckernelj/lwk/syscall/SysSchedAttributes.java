// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import static mckernelj.lwk.syscall.SchedulingRights.RESET_ON_FORK;

import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/**
 * sched_setattr(2), sched_getattr(2): struct sched_attr {u32 size, policy; u64 flags; s32 nice; u32 priority; u64 runtime, deadline,
 * period}. Nice values are Linux', policies and priorities are stored here: a servant never becomes a real-time process.
 */
final class SysSchedAttributes implements Syscall {
    private static final int SIZE = 48;
    private static final int MAX_PRIORITY = 99;

    private final Kernel kernel;

    SysSchedAttributes(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        int tid = args.intAt(0);
        Thread thread = tid == 0 ? self : kernel.table().thread(tid);
        if (thread == null || args.at(1) == 0) {
            return SyscallDispatch.delegate(kernel, self, args.number(), args.all());
        }
        return args.number() == SystemCallNumber.SCHED_SETATTR ? set(self, thread, args) : get(self, thread, args);
    }

    private long set(Thread self, Thread thread, SyscallArguments args) {
        long[] words = self.user().readLongs(args.at(1), SIZE / 8);
        if (words == null) {
            return -Errno.EFAULT;
        }
        int policy = (int) (words[0] >> 32);
        int priority = (int) (words[2] >> 32);
        int reset = (words[1] & 1) != 0 ? RESET_ON_FORK : 0;
        if (!SchedulingRights.isRealtime(policy)) {
            if (!SchedulingRights.mayChange(self, thread, policy | reset, 0)) {
                return -Errno.EPERM;
            }
            long result = SyscallDispatch.delegate(kernel, self, args.number(), args.all());
            if (result == 0) {
                setScheduling(self, thread, policy | reset, 0);
            }
            return result;
        }
        if (args.at(2) != 0 || priority < 1 || priority > MAX_PRIORITY) {
            return -Errno.EINVAL;
        }
        if (!SchedulingRights.mayChange(self, thread, policy | reset, priority)) {
            return -Errno.EPERM;
        }
        setScheduling(self, thread, policy | reset, priority);
        return 0;
    }

    private void setScheduling(Thread self, Thread thread, int policy, int priority) {
        thread.setScheduling(policy, priority);
        kernel.scheduler().priorityChanged(self.cpu(), thread);
    }

    /** Linux tells the nice value and checks the arguments. */
    private long get(Thread self, Thread thread, SyscallArguments args) {
        long result = SyscallDispatch.delegate(kernel, self, args.number(), args.all());
        if (result == 0) {
            boolean ok = self.user().writeInt(args.at(1) + 4, thread.schedulingPolicy() & ~RESET_ON_FORK)
                    && self.user().writeInt(args.at(1) + 20, thread.schedulingPriority());
            return ok ? 0 : -Errno.EFAULT;
        }
        return result;
    }
}
