// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.delegation;

import mckernelj.lwk.sched.KernelThread;

/** Looked at whenever a thread that waits for a delegated call wakes up; implemented by {@code lwk.signal}. */
@FunctionalInterface
public interface Interruption {
    /**
     * Runs on the waiting thread. May itself make delegated calls, such as the one that interrupts the servant's call: the wait goes
     * on until Linux answers the original one, with -EINTR for instance.
     */
    void check(KernelThread thread);
}
