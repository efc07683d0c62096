// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.partition;

import mckernelj.emulator.hw.LogicalCpu;

/**
 * Work in interrupt context of a Linux processor. Must not block; charges the cycles of its own work to {@code cpu}.
 */
@FunctionalInterface
public interface InterruptHandler {
    void handle(LogicalCpu cpu);
}
