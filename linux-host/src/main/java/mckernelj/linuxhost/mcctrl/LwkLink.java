// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.mcctrl;

import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.ihk.ikc.IkcPacket;

/**
 * What mcctrl needs of one OS instance: the LWK's processors and the channels to them. {@code linux} is the Linux processor whose
 * interrupt context the caller is in.
 */
interface LwkLink {
    /** LWK CPUs. */
    int cpuCount();

    /** Processor of an LWK CPU; null if there is none of this number. */
    LogicalCpu processor(int lwkCpu);

    /** Appends to the CPU's ikc2mckernel channel and rings; false if the channel is not there or full. */
    boolean send(LogicalCpu linux, int lwkCpu, IkcPacket packet);

    /** Rings only: the CPU looks at what it waits for. */
    void ring(LogicalCpu linux, int lwkCpu);
}
