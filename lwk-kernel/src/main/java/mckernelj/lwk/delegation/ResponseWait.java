// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.delegation;

import java.util.ArrayDeque;
import mckernelj.ihk.layout.SyscallResponse;
import mckernelj.lwk.sched.KernelThread;

/** A thread that waits for one response, and what it has to do meanwhile. */
final class ResponseWait {
    final KernelThread thread;
    final SyscallResponse response;

    /** The wait in which this one is nested: a delegated call made while waiting for another. */
    final ResponseWait outer;

    /** Guarded by this; filled by any processor. */
    private final ArrayDeque<Runnable> deferred = new ArrayDeque<>();

    ResponseWait(KernelThread thread, SyscallResponse response, ResponseWait outer) {
        this.thread = thread;
        this.response = response;
        this.outer = outer;
    }

    boolean completed() {
        return response.status() == SyscallResponse.STATUS_COMPLETED;
    }

    /** Leaves {@code work} to the waiting thread, unless the wait is over. */
    synchronized boolean defer(Runnable work) {
        return !completed() && deferred.add(work);
    }

    synchronized boolean hasDeferred() {
        return !deferred.isEmpty();
    }

    /** On the waiting thread: does one piece of deferred work; false if there was none. */
    boolean runDeferred() {
        Runnable work;
        synchronized (this) {
            work = deferred.poll();
        }
        if (work == null) {
            return false;
        }
        work.run();
        return true;
    }
}
