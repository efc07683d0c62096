// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.hw;

/** Receives the accesses to one I/O port. Runs on the host thread that is the processor, after the instruction retired. */
public interface PortHandler {
    /** OUT: {@code value} is zero-extended from {@code widthBytes} (1, 2 or 4). RIP is already that of the next instruction. */
    void out(LogicalCpu cpu, int port, int widthBytes, int value);

    /** IN: the low {@code widthBytes} of the result are used. */
    default int in(LogicalCpu cpu, int port, int widthBytes) {
        return -1;
    }
}
