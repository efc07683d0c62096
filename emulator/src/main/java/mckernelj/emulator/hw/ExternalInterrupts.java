// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.hw;

/** The interrupt controller behind the INTR line of the bootstrap processor: the pair of 8259s. */
public interface ExternalInterrupts {
    /** True while INTR is asserted. Any thread. */
    boolean requested();

    /** The acknowledge cycle: the vector of the request with the highest priority. On the host thread that is the processor. */
    int acknowledge();
}
