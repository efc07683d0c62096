// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.device;

import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.emulator.hw.PortHandler;

/**
 * The fixed hardware of ACPI (ACPI specification 6.5, 4.8): the PM timer of 24 bits and the PM1a registers, of which only soft-off does
 * something. Any thread.
 */
public final class AcpiPowerManagement implements PortHandler {
    public static final int EVENT_BLOCK = 0x600;
    public static final int CONTROL_BLOCK = 0x604;
    public static final int TIMER_BLOCK = 0x608;
    public static final int PORTS = 12;

    private static final long HZ = 3_579_545;
    private static final int SLEEP_ENABLE = 1 << 13;
    private static final int SCI_ENABLE = 1;
    private static final int SLEEP_TYPE = 7 << 10;

    private final Oscillator oscillator;
    private final Runnable powerOff;
    private int control = SCI_ENABLE;
    private int enable;

    public AcpiPowerManagement(long tscHz, Runnable powerOff) {
        oscillator = new Oscillator(HZ, tscHz);
        this.powerOff = powerOff;
    }

    @Override
    public synchronized int in(LogicalCpu cpu, int port, int widthBytes) {
        int timer = (int) oscillator.ticks(cpu.cycles()) & 0xFFFFFF;
        switch (port & ~3) {
            case TIMER_BLOCK:
                return timer >>> 8 * (port & 3);
            case CONTROL_BLOCK:
                return control >>> 8 * (port & 3);
            default:
                return enable << 16 >>> 8 * (port & 3);
        }
    }

    @Override
    public synchronized void out(LogicalCpu cpu, int port, int widthBytes, int value) {
        if (port == EVENT_BLOCK + 2) {
            enable = value & 0xFFFF;
        } else if (port == CONTROL_BLOCK) {
            control = value & SLEEP_TYPE | SCI_ENABLE;
            if ((value & SLEEP_ENABLE) != 0 && (value & SLEEP_TYPE) == 0) {
                powerOff.run();
            }
        }
    }
}
