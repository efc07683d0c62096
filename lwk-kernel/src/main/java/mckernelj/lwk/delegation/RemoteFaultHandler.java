// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.delegation;

import mckernelj.ihk.layout.RemotePageFault;
import mckernelj.lwk.cpu.CpuLocal;

/** Linux wants to touch pages of a process that may not be present yet (REMOTE_PAGE_FAULT); implemented by {@code lwk.proc}. */
@FunctionalInterface
public interface RemoteFaultHandler {
    /**
     * Makes the pages of the range present. Runs on the thread that the fault names if it waits in a delegated call, else on
     * whatever thread took the message; may sleep. Returns 0 or a negative errno.
     */
    int resolve(CpuLocal cpu, RemotePageFault fault);
}
