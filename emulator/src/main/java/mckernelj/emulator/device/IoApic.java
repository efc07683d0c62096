// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.device;

import mckernelj.emulator.memory.MmioRegion;

/**
 * An I/O APIC (Intel 82093AA): 24 inputs, each with an entry that says what message it sends to which local APIC. Polarity is recorded only;
 * SMI, INIT and ExtINT messages are not delivered. Any thread.
 */
public final class IoApic implements MmioRegion {
    public static final long PAGE = 0xFEC00000L;
    public static final int INPUTS = 24;

    /** Takes a message: the low half of the entry, and the destination. */
    @FunctionalInterface
    public interface MessageBus {
        void send(int entry, int destination);
    }

    private static final int SELECT = 0x00;
    private static final int WINDOW = 0x10;
    private static final int ID = 0;
    private static final int VERSION = 1;
    private static final int ARBITRATION = 2;
    private static final int FIRST_ENTRY = 0x10;
    private static final int VERSION_82093 = 0x11;

    private static final int REMOTE_IRR = 1 << 14;
    private static final int LEVEL = 1 << 15;
    private static final int MASKED = 1 << 16;
    private static final int READ_ONLY = REMOTE_IRR | 1 << 12;
    private static final int WRITABLE = 0x1FFFF & ~READ_ONLY;

    private final MessageBus bus;
    private final int[] low = new int[INPUTS];
    private final int[] high = new int[INPUTS];
    private int lines;
    private int select;
    private int id;

    public IoApic(MessageBus bus) {
        this.bus = bus;
        java.util.Arrays.fill(low, MASKED);
    }

    public synchronized void setLine(int input, boolean asserted) {
        boolean rises = asserted && (lines & 1 << input) == 0;
        lines = asserted ? lines | 1 << input : lines & ~(1 << input);
        if ((low[input] & LEVEL) != 0) {
            serveLevel(input);
        } else if (rises && (low[input] & MASKED) == 0) {
            send(input); // an edge at a masked input is lost
        }
    }

    private void serveLevel(int input) {
        boolean asserted = (lines & 1 << input) != 0;
        if (asserted && (low[input] & (MASKED | LEVEL | REMOTE_IRR)) == LEVEL) {
            low[input] |= REMOTE_IRR;
            send(input);
        }
    }

    private void send(int input) {
        bus.send(low[input], high[input] >>> 24);
    }

    /** A local APIC ended a level-triggered interrupt. */
    public synchronized void endOfInterrupt(int vector) {
        for (int input = 0; input < INPUTS; input++) {
            if ((low[input] & LEVEL) != 0 && (low[input] & 0xFF) == vector) {
                low[input] &= ~REMOTE_IRR;
                serveLevel(input);
            }
        }
    }

    @Override
    public long page() {
        return PAGE;
    }

    @Override
    public synchronized long load(int offset, int bytes) {
        switch (offset) {
            case SELECT:
                return select;
            case WINDOW:
                return read(select) & 0xFFFFFFFFL;
            default:
                return 0;
        }
    }

    private int read(int register) {
        switch (register) {
            case ID:
            case ARBITRATION:
                return id;
            case VERSION:
                return INPUTS - 1 << 16 | VERSION_82093;
            default:
                int input = register - FIRST_ENTRY >> 1;
                return register < FIRST_ENTRY || input >= INPUTS ? -1 : (register & 1) != 0 ? high[input] : low[input];
        }
    }

    @Override
    public synchronized void store(int offset, int bytes, long value) {
        if (offset == SELECT) {
            select = (int) value & 0xFF;
        } else if (offset == WINDOW) {
            write(select, (int) value);
        }
    }

    private void write(int register, int value) {
        int input = register - FIRST_ENTRY >> 1;
        if (register == ID) {
            id = value & 0x0F000000;
        } else if (register >= FIRST_ENTRY && input < INPUTS) {
            if ((register & 1) != 0) {
                high[input] = value & 0xFF000000;
            } else {
                writeLow(input, value);
            }
        }
    }

    private void writeLow(int input, int value) {
        int kept = (value & LEVEL) != 0 ? low[input] & READ_ONLY : 0;
        low[input] = value & WRITABLE | kept;
        serveLevel(input);
    }
}
