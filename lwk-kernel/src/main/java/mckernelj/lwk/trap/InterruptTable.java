// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.trap;

import mckernelj.lwk.cpu.CpuLocal;

/** Handlers of the interrupt vectors 32..255. Filled at boot. */
public final class InterruptTable {
    /** Runs on the kernel stack of whatever was interrupted, after the end-of-interrupt. May sleep. */
    @FunctionalInterface
    public interface InterruptHandler {
        void interrupt(CpuLocal cpu);
    }

    private final InterruptHandler[] handlers = new InterruptHandler[256];

    public void on(int vector, InterruptHandler handler) {
        handlers[vector] = handler;
    }

    /** The handler, or null. */
    InterruptHandler handler(int vector) {
        return handlers[vector];
    }
}
