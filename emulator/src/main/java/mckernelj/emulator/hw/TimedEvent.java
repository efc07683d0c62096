// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.hw;

/** What a device does when an emulated time has come, see {@link LogicalCpu#schedule}. */
@FunctionalInterface
public interface TimedEvent {
    /** {@code cycles}: the time that was asked for. {@code cpu}, on whose host thread this runs, has reached or passed it. */
    void due(LogicalCpu cpu, long cycles);
}
