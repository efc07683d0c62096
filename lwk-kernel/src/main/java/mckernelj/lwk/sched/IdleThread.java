// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.sched;

import mckernelj.emulator.hw.KernelStack;

/** What a processor runs when nobody wants it: the loop {@code sti; hlt} of the kernel image, on the stack the processor booted on. */
final class IdleThread extends KernelThread {
    private final long kernelPageTable;

    IdleThread(Scheduler scheduler, KernelStack bootStack, long kernelPageTable) {
        super(scheduler, bootStack);
        this.kernelPageTable = kernelPageTable;
    }

    /** Unique too, since kernel work on this stack may delegate calls. */
    @Override
    public int tid() {
        return -1 - cpu().id();
    }

    @Override
    public long addressSpace() {
        return kernelPageTable;
    }
}
