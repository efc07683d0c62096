// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.delegation;

import mckernelj.lwk.cpu.CpuLocal;

/** Linux wants to touch pages of a process that are not present yet (REMOTE_PAGE_FAULT); implemented by {@code lwk.mm}. */
@FunctionalInterface
public interface RemoteFaultHandler {
    /**
     * Makes the pages of [faultLinear, faultLinear + lengthBytes) of the process of thread {@code tid} present, in ascending order
     * until one cannot be; {@code reason} is a page-fault error code (a write where pages are to be written).
     * Runs on that thread if it waits in a delegated call, else on whatever thread took the message; may sleep. Returns 0 or a
     * negative errno.
     */
    int resolve(CpuLocal cpu, int tid, long faultLinear, long lengthBytes, long reason);
}
