// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.device;

/** A wire to an input of the interrupt controllers. Any thread. */
@FunctionalInterface
public interface InterruptLine {
    void set(boolean asserted);
}
