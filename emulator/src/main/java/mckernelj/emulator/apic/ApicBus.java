// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.apic;

/** Carries interrupt commands from one local APIC to others. */
public interface ApicBus {
    /** A write of the ICR: {@code command} is its lower half, {@code destination} an APIC or logical identifier. */
    void command(LocalApic from, int command, int destination);

    /** End of a level-triggered interrupt: the broadcast to the I/O APICs. */
    void endOfInterrupt(int vector);
}
