// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.ikc;

import mckernelj.emulator.hw.PhysicalMemory;

/** A Java image of one packet: {@link IkcPacket} or {@link MasterPacket}. */
public interface QueueEntry {
    int sizeBytes();

    void writeTo(PhysicalMemory memory, long physical);

    void readFrom(PhysicalMemory memory, long physical);
}
