// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.mm;

import mckernelj.lwk.sched.KernelThread;

/** What memory management needs of the rest of the kernel. {@code self}: the thread that executes the caller. */
public interface MmKernel {
    /**
     * Every processor on which {@code vm} is active forgets its translations of the range. Returns when that has
     * happened. The caller holds no lock.
     */
    void invalidateTranslations(KernelThread self, ProcessVm vm, long startLinear, long endLinear);

    /** The servant forgets its mappings of the range; may sleep. The caller holds no lock. */
    void clearMirror(KernelThread self, ProcessVm vm, long startLinear, long lengthBytes);

    /**
     * The pages of the range, which are all present, have other frames: the servant shows them at once, so that a call
     * of another thread which uses them goes on; may sleep. The caller holds no lock.
     */
    void replaceMirror(KernelThread self, ProcessVm vm, long startLinear, long lengthBytes);

    /** True if Linux may just be using memory of {@code vm} for a thread other than {@code self}. */
    boolean othersInCalls(KernelThread self, ProcessVm vm);

    /** True if a thread other than {@code self} may use {@code vm} at any moment. */
    boolean hasOtherThreads(KernelThread self, ProcessVm vm);

    /**
     * NUMA nodes from which {@code self} takes memory, in order; {@code range}: the range's own policy, null if it has
     * none.
     */
    int[] nodes(KernelThread self, NumaPolicy range, long linear);

    /** Accounts work of the kernel, in cycles, on the processor that executes the caller. */
    void charge(KernelThread self, long cycles);

    /** A fault was resolved for {@code self}; {@code major}: something had to be read. */
    void countFault(KernelThread self, boolean major);
}
