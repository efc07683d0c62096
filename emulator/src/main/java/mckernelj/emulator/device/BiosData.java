// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.device;

import mckernelj.emulator.hw.PhysicalMemory;

/**
 * What programs expect a BIOS to have left in low memory: interrupt vectors, of which all report that the function does not exist, and the BIOS
 * data area with the serial port, the size of base memory and the extended BIOS data area. There is no BIOS.
 */
final class BiosData {
    /** Extended BIOS data area: the last KiB of base memory. */
    private static final int EXTENDED_SEGMENT = 0x9FC0;

    private static final int BASE_KIB = 639;
    private static final int SERIAL_PORTS = 0x400;
    private static final int EXTENDED_DATA = 0x40E;
    private static final int BASE_MEMORY = 0x413;
    private static final int VECTORS = 256;

    /** Where PC BIOSes have their empty interrupt handler. */
    private static final int HANDLER_OFFSET = 0xFF53;

    private static final int HANDLER_SEGMENT = 0xF000;

    /** PUSH BP; MOV BP,SP; OR BYTE [BP+6],1 (the caller's carry flag); POP BP; IRET. */
    private static final byte[] FAIL = {0x55, (byte) 0x89, (byte) 0xE5, (byte) 0x80, 0x4E, 0x06, 0x01, 0x5D, (byte) 0xCF
    };

    private BiosData() {}

    static void write(PhysicalMemory memory, int serialPort) {
        for (int vector = 0; vector < VECTORS; vector++) {
            memory.putInt(4L * vector, HANDLER_SEGMENT << 16 | HANDLER_OFFSET);
        }
        memory.write((HANDLER_SEGMENT << 4) + HANDLER_OFFSET, FAIL, 0, FAIL.length);
        memory.putShort(SERIAL_PORTS, (short) serialPort);
        memory.putShort(EXTENDED_DATA, (short) EXTENDED_SEGMENT);
        memory.putShort(BASE_MEMORY, (short) BASE_KIB);
        memory.putByte((long) EXTENDED_SEGMENT << 4, (byte) 1); // its size in KiB
    }
}
