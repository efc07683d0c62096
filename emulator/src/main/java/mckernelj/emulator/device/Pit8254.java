// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.device;

import mckernelj.emulator.hw.LogicalCpu;

/**
 * The 8254 interval timer of a PC with the system control port 0x61: channel 0 interrupts, channel 2 is gated and seen through port 0x61 (no
 * speaker), channel 1 only counts. Any thread.
 */
public final class Pit8254 extends BytePorts {
    static final int[] PORTS = {0x40, 0x41, 0x42, 0x43, 0x61};

    private static final long HZ = 1_193_182;
    private static final int CONTROL = 0x43;
    private static final int SYSTEM_CONTROL = 0x61;
    private static final int READ_BACK = 3;
    private static final int SPEAKER_BITS = 3;
    private static final int GATE = 1;
    private static final int REFRESH = 0x10;
    private static final int OUTPUT = 0x20;

    /** Port 0x61 shows a bit that toggles with each memory refresh. */
    private static final int REFRESH_TICKS = 18;

    private final PitChannel[] channels = {new PitChannel(), new PitChannel(), new PitChannel()};
    private final InterruptLine line;
    private final Oscillator oscillator;
    private int systemControl;
    private long nextRise = PitChannel.NEVER;

    public Pit8254(InterruptLine line, long tscHz) {
        this.line = line;
        oscillator = new Oscillator(HZ, tscHz);
        channels[2].setGate(false, 0);
    }

    @Override
    synchronized int read(LogicalCpu cpu, int port) {
        long now = oscillator.ticks(cpu.cycles());
        if (port == SYSTEM_CONTROL) {
            int refresh = now / REFRESH_TICKS % 2 != 0 ? REFRESH : 0;
            return systemControl | refresh | (channels[2].output(now) ? OUTPUT : 0);
        }
        return port == CONTROL ? 0 : channels[port & 3].read(now);
    }

    @Override
    synchronized void write(LogicalCpu cpu, int port, int value) {
        long now = oscillator.ticks(cpu.cycles());
        if (port == SYSTEM_CONTROL) {
            systemControl = value & SPEAKER_BITS;
            channels[2].setGate((value & GATE) != 0, now);
        } else if (port == CONTROL) {
            writeControl(cpu, value, now);
        } else if (channels[port & 3].writeCount(value, now) && (port & 3) == 0) {
            restart(cpu, now);
        }
    }

    private void writeControl(LogicalCpu cpu, int value, long now) {
        int channel = value >> 6;
        if (channel == READ_BACK) {
            readBack(value, now);
        } else if ((value & 0x30) == 0) {
            channels[channel].latchCount(now);
        } else {
            channels[channel].writeControl(value);
            if (channel == 0) {
                restart(cpu, now);
            }
        }
    }

    private void readBack(int value, long now) {
        for (int i = 0; i < channels.length; i++) {
            if ((value & 2 << i) != 0) {
                if ((value & 0x20) == 0) {
                    channels[i].latchCount(now);
                }
                if ((value & 0x10) == 0) {
                    channels[i].latchStatus(now);
                }
            }
        }
    }

    private void restart(LogicalCpu cpu, long now) {
        line.set(channels[0].output(now));
        expectRise(cpu, now);
    }

    private void expectRise(LogicalCpu cpu, long now) {
        nextRise = channels[0].nextRise(now);
        if (nextRise != PitChannel.NEVER) {
            long expected = nextRise;
            cpu.schedule(oscillator.cycles(expected), (on, cycles) -> rise(on, expected));
        }
    }

    /** The output of channel 0 rises, unless it was programmed anew meanwhile. */
    private synchronized void rise(LogicalCpu cpu, long tick) {
        if (tick == nextRise) {
            line.set(false);
            line.set(true);
            expectRise(cpu, tick);
        }
    }
}
