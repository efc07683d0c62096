// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.trap;

import mckernelj.emulator.hw.LogicalCpu;

/** Where processors enter the kernel that are not its own yet; implemented by {@code lwk.boot}. */
public interface BootEntries {
    /** The bootstrap processor, on IHK's page tables and stack. When it returns the processor idles. */
    void archStart(LogicalCpu hw);

    /** An application processor, likewise. */
    void apStart(LogicalCpu hw);
}
