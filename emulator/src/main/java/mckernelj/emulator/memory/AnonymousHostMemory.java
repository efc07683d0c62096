// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.memory;

import jdk.internal.misc.Unsafe;
import mckernelj.emulator.hw.HostMemory;

/** Host memory of this process only, for tests and embedding: address space is reserved, pages come when touched. */
public final class AnonymousHostMemory implements HostMemory {
    private static final Unsafe U = Unsafe.getUnsafe();
    private static final long PAGE = 4096;

    /** malloc maps blocks above this size afresh, so they are zero; smaller ones may be recycled. */
    private static final long ALWAYS_FRESH = 32L << 20;

    private final long sizeBytes;
    private final long block;
    private boolean open = true;

    public AnonymousHostMemory(long sizeBytes) {
        this.sizeBytes = sizeBytes;
        block = U.allocateMemory(sizeBytes + PAGE);
        if (sizeBytes <= ALWAYS_FRESH) {
            U.setMemory(block, sizeBytes + PAGE, (byte) 0);
        }
    }

    @Override
    public long address() {
        return (block + PAGE - 1) & -PAGE;
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public void punch(long offset, long lengthBytes) {
        U.setMemory(address() + offset, lengthBytes, (byte) 0);
    }

    @Override
    public synchronized void close() {
        if (open) {
            open = false;
            U.freeMemory(block);
        }
    }
}
