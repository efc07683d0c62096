// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.hw;

/**
 * Where RAM comes from: one sparse, shareable block of host memory, such as a sealed memfd. Offset = physical address.
 */
public interface HostMemory {
    /** Host address of offset 0. */
    long address();

    long sizeBytes();

    /** Returns the host pages of [offset, offset + length) (multiples of 4096); they read as zero afterwards. */
    void punch(long offset, long lengthBytes);

    void close();
}
