// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.lwk.proc.Rlimits;
import mckernelj.lwk.proc.Thread;

/**
 * Who may give a thread which real-time policy and priority (sched(7), "Privileges and resource limits"). About the other policies Linux
 * decides, which knows nice values: a servant has the thread's policy unless it is a real-time one.
 */
final class SchedulingRights {
    static final int SCHED_FIFO = 1;
    static final int SCHED_RR = 2;
    static final int RESET_ON_FORK = 0x40000000;

    private SchedulingRights() {}

    static boolean isRealtime(int policy) {
        int kind = policy & ~RESET_ON_FORK;
        return kind == SCHED_FIFO || kind == SCHED_RR;
    }

    /** {@code policy} with RESET_ON_FORK or without. */
    static boolean mayChange(Thread self, Thread thread, int policy, int priority) {
        if (self.process().uid() == 0) {
            return true;
        }
        int present = thread.schedulingPolicy();
        if ((present & RESET_ON_FORK) != 0 && (policy & RESET_ON_FORK) == 0) {
            return false;
        }
        if (!isRealtime(policy)) {
            return true;
        }
        long limit = thread.process().rlimits().soft(Rlimits.RLIMIT_RTPRIO);
        boolean samePolicy = ((present ^ policy) & ~RESET_ON_FORK) == 0;
        return self.process().uid() == thread.process().uid()
                && (samePolicy || limit != 0)
                && (priority <= thread.schedulingPriority() || limit < 0 || priority <= limit);
    }
}
