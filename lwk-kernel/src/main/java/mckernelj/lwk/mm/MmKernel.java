// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.mm;

/** What memory management needs of the rest of the kernel. */
public interface MmKernel {
    /**
     * Every processor on which {@code vm} is active forgets its translations of the range. Returns when that has happened. The
     * caller holds no lock.
     */
    void invalidateTranslations(ProcessVm vm, long startLinear, long endLinear);

    /** The servant forgets its mappings of the range; may sleep. The caller holds no lock. */
    void clearMirror(ProcessVm vm, long startLinear, long lengthBytes);

    /** Accounts work of the kernel, in cycles, on the processor that executes the caller. */
    void charge(long cycles);
}
