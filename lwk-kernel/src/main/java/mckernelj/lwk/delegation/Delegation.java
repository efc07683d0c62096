// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.delegation;

import mckernelj.lwk.sched.KernelThread;

/** System calls that Linux executes: the request goes to mcctrl, the thread waits for the response. */
public final class Delegation {
    public void setInterruption(Interruption interruption) {}

    public void setRemoteFaultHandler(RemoteFaultHandler handler) {}

    /**
     * Lets Linux execute call {@code number} for process {@code pid} and returns its result, 0 or more or a negative errno. Must be
     * called on {@code thread}, which may be on another processor afterwards. Pager requests and the like are
     * {@code InKernelRequest} numbers.
     */
    public long call(KernelThread thread, int pid, int number, long a0, long a1, long a2, long a3, long a4, long a5) {
        throw new UnsupportedOperationException("the channels are not there yet");
    }
}
