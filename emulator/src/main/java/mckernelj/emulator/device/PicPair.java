// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.device;

import mckernelj.emulator.hw.ExternalInterrupts;
import mckernelj.emulator.hw.LogicalCpu;

/** The two cascaded 8259A of a PC with their edge/level control registers. Any thread. */
public final class PicPair extends BytePorts implements ExternalInterrupts {
    static final int CASCADE = 2;

    static final int[] PORTS = {0x20, 0x21, 0xA0, 0xA1, 0x4D0, 0x4D1};

    private static final int SLAVE = 0x80;
    private static final int EDGE_LEVEL = 0x4D0;

    /** Timer, keyboard, cascade; real-time clock and coprocessor are always edge-triggered. */
    private static final int MASTER_CAN_BE_LEVEL = 0xF8;

    private static final int SLAVE_CAN_BE_LEVEL = 0xDE;

    private final Pic8259 master = new Pic8259(true);
    private final Pic8259 slave = new Pic8259(false);
    private final Runnable raised;
    private volatile boolean requested;

    /** @param raised run when {@link #requested} becomes true */
    public PicPair(Runnable raised) {
        this.raised = raised;
    }

    /** The line of ISA interrupt {@code irq}, 0..15. */
    public synchronized void setLine(int irq, boolean asserted) {
        (irq < 8 ? master : slave).setLine(irq & 7, asserted);
        update();
    }

    private void update() {
        master.setCascade(CASCADE, slave.highest() >= 0);
        boolean now = master.highest() >= 0;
        boolean rises = now && !requested;
        requested = now;
        if (rises) {
            raised.run();
        }
    }

    @Override
    public boolean requested() {
        return requested;
    }

    @Override
    public synchronized int acknowledge() {
        int input = master.acknowledge();
        int vector = master.vector(input);
        if (input == CASCADE) {
            vector = slave.vector(slave.acknowledge());
        }
        requested = false; // another request is a new edge
        update();
        return vector;
    }

    @Override
    synchronized int read(LogicalCpu cpu, int port) {
        if ((port & ~1) == EDGE_LEVEL) {
            return (port == EDGE_LEVEL ? master : slave).levelTriggered();
        }
        Pic8259 pic = (port & SLAVE) != 0 ? slave : master;
        int value = (port & 1) != 0 ? pic.readMask() : pic.readCommand();
        update();
        return value;
    }

    @Override
    synchronized void write(LogicalCpu cpu, int port, int value) {
        Pic8259 pic = (port & SLAVE) != 0 ? slave : master;
        if (port == EDGE_LEVEL) {
            master.setLevelTriggered(value & MASTER_CAN_BE_LEVEL);
        } else if (port == EDGE_LEVEL + 1) {
            slave.setLevelTriggered(value & SLAVE_CAN_BE_LEVEL);
        } else if ((port & 1) != 0) {
            pic.writeData(value);
        } else {
            pic.writeCommand(value);
        }
        update();
    }
}
