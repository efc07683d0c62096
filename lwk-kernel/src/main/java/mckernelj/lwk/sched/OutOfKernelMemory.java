// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.sched;

/** No page is left for a thread's kernel memory. The system call that wanted the thread fails with ENOMEM. */
public final class OutOfKernelMemory extends RuntimeException {
    private static final long serialVersionUID = 1;

    public OutOfKernelMemory(String message) {
        super(message);
    }
}
