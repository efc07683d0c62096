// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.ihk;

import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.ihk.ikc.IkcPacket;

/** Receives packets of one message in interrupt context of the Linux CPU that serves the sender. */
@FunctionalInterface
public interface IkcHandler {
    /** {@code packet} is reused after the return: keep a {@link IkcPacket#copy()}. */
    void handle(LogicalCpu linuxCpu, IkcPacket packet);
}
