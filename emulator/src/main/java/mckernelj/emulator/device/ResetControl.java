// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.device;

import mckernelj.emulator.hw.LogicalCpu;

/**
 * The ways to reset a PC: keyboard controller command 0xFE, fast reset at port 0x92, reset control at port 0xCF9. There is no keyboard: the
 * controller answers its self test and never has a key.
 */
public final class ResetControl extends BytePorts {
    static final int[] PORTS = {0x60, 0x64, 0x92, 0xCF9};

    private static final int DATA = 0x60;
    private static final int COMMAND = 0x64;
    private static final int FAST = 0x92;
    private static final int RESET_CONTROL = 0xCF9;
    private static final int PULSE_RESET = 0xFE;
    private static final int SELF_TEST = 0xAA;
    private static final int SELF_TEST_PASSED = 0x55;
    private static final int OUTPUT_FULL = 1;

    /** System flag, last write was a command, keyboard not locked. */
    private static final int IDLE = 0x1C;

    private static final int A20 = 2;

    private final Runnable reset;
    private int answer = -1;

    public ResetControl(Runnable reset) {
        this.reset = reset;
    }

    @Override
    synchronized int read(LogicalCpu cpu, int port) {
        switch (port) {
            case DATA:
                int value = Math.max(answer, 0);
                answer = -1;
                return value;
            case COMMAND:
                return IDLE | (answer >= 0 ? OUTPUT_FULL : 0);
            case FAST:
                return A20;
            default:
                return 0;
        }
    }

    @Override
    synchronized void write(LogicalCpu cpu, int port, int value) {
        boolean resets = port == COMMAND && value == PULSE_RESET
                || port == FAST && (value & 1) != 0
                || port == RESET_CONTROL && (value & 4) != 0;
        if (resets) {
            reset.run();
        } else if (port == COMMAND && value == SELF_TEST) {
            answer = SELF_TEST_PASSED;
        }
    }
}
