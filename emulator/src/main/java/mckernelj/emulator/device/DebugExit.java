// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.device;

import java.util.function.IntConsumer;
import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.emulator.hw.PortHandler;

/** QEMU's isa-debug-exit: a program ends the machine by writing to a port; the exit status is {@code value * 2 + 1}. */
public final class DebugExit implements PortHandler {
    public static final int PORT = 0xF4;
    public static final int PORTS = 4;

    private final IntConsumer exit;

    public DebugExit(IntConsumer exit) {
        this.exit = exit;
    }

    @Override
    public void out(LogicalCpu cpu, int port, int widthBytes, int value) {
        exit.accept(value << 1 | 1);
    }

    @Override
    public int in(LogicalCpu cpu, int port, int widthBytes) {
        return 0;
    }
}
