// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.cpu;

/** The interpreter must execute the current instruction, which has done nothing yet: it accesses a device or changes code. */
@SuppressWarnings("serial") // never serialised
public final class LeaveRegion extends RuntimeException {
    public static final LeaveRegion INSTANCE = new LeaveRegion();

    private LeaveRegion() {
        super(null, null, false, false);
    }
}
