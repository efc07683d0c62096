// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.ikc;

import mckernelj.ihk.ikc.IkcPacket;
import mckernelj.lwk.cpu.CpuLocal;

/** What the LWK does with one kind of message from Linux. */
@FunctionalInterface
public interface IkcHandler {
    /**
     * Runs in the IKC interrupt of the processor whose channel brought it, on the kernel stack of whatever was interrupted. The packet
     * is reused afterwards: who needs it later makes a {@link IkcPacket#copy}. May sleep.
     */
    void handle(CpuLocal cpu, IkcPacket packet);
}
