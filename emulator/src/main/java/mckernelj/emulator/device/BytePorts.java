// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.device;

import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.emulator.hw.PortHandler;

/** A device with 8-bit registers: a wider access reaches the registers at consecutive ports, the lowest first. */
abstract class BytePorts implements PortHandler {
    abstract int read(LogicalCpu cpu, int port);

    abstract void write(LogicalCpu cpu, int port, int value);

    @Override
    public final void out(LogicalCpu cpu, int port, int widthBytes, int value) {
        for (int i = 0; i < widthBytes; i++) {
            write(cpu, port + i, value >>> 8 * i & 0xFF);
        }
    }

    @Override
    public final int in(LogicalCpu cpu, int port, int widthBytes) {
        int value = 0;
        for (int i = 0; i < widthBytes; i++) {
            value |= (read(cpu, port + i) & 0xFF) << 8 * i;
        }
        return value;
    }
}
