// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.cpu;

/**
 * Thrown by the MMU when an instruction of a block is about to store to a device: it has to be executed alone, so that
 * what follows from it (an interrupt, another time) is seen before the next instruction.
 */
@SuppressWarnings("serial") // never serialised
public final class DeviceStore extends RuntimeException {
    public static final DeviceStore INSTANCE = new DeviceStore();

    private DeviceStore() {
        super(null, null, false, false);
    }
}
