// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.device;

/** Converts a processor's cycles to ticks of a device's input clock and back. Immutable. */
final class Oscillator {
    private final long hz;
    private final long tscHz;

    Oscillator(long hz, long tscHz) {
        this.hz = hz;
        this.tscHz = tscHz;
    }

    /** Ticks that have ended at {@code cycles}. */
    long ticks(long cycles) {
        return cycles / tscHz * hz + cycles % tscHz * hz / tscHz;
    }

    /** The first cycle at which {@link #ticks} is {@code ticks}. */
    long cycles(long ticks) {
        return ticks / hz * tscHz + (ticks % hz * tscHz + hz - 1) / hz;
    }
}
