// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.machine;

import java.util.concurrent.atomic.AtomicReferenceArray;
import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.emulator.hw.PortHandler;

/** The I/O port space. A port without a handler reads all ones. Any thread. */
final class PortTable {
    private static final PortHandler NOTHING = new PortHandler() {
        @Override
        public void out(LogicalCpu cpu, int port, int widthBytes, int value) {}
    };

    private final AtomicReferenceArray<PortHandler> handlers = new AtomicReferenceArray<>(1 << 16);

    void attach(int port, PortHandler handler) {
        handlers.set(port, handler);
    }

    void detach(int port) {
        handlers.set(port, null);
    }

    PortHandler at(int port) {
        PortHandler handler = handlers.get(port);
        return handler == null ? NOTHING : handler;
    }
}
