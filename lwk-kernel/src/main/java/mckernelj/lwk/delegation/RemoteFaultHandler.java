// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.delegation;

import mckernelj.lwk.cpu.CpuLocal;

/** Linux wants to touch a page of a process that is not present yet (REMOTE_PAGE_FAULT); implemented by {@code lwk.mm}. */
@FunctionalInterface
public interface RemoteFaultHandler {
    /**
     * Makes the page at {@code faultLinear} of the process of thread {@code tid} present; {@code reason} is a page-fault error code.
     * Runs on that thread if it waits in a delegated call, else on whatever thread took the message; may sleep. Returns 0 or a
     * negative errno.
     */
    int resolve(CpuLocal cpu, int tid, long faultLinear, long reason);
}
