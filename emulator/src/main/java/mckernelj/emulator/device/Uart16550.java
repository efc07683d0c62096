// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.device;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Queue;
import mckernelj.emulator.hw.LogicalCpu;

/**
 * A 16550A serial port (National Semiconductor PC16550D). What is sent is written to a stream at once, whatever the baud rate; what is received
 * comes from another stream, which is looked at when the program looks, and 100 times a second while the interrupt is on.
 */
public final class Uart16550 extends BytePorts {
    public static final int PORTS = 8;

    private static final int DATA = 0;
    private static final int INTERRUPT_ENABLE = 1;
    private static final int INTERRUPT_IDENTIFICATION = 2;
    private static final int LINE_CONTROL = 3;
    private static final int MODEM_CONTROL = 4;
    private static final int LINE_STATUS = 5;
    private static final int MODEM_STATUS = 6;

    private static final int DIVISOR_ACCESS = 0x80;
    private static final int LOOPBACK = 0x10;
    private static final int RECEIVED = 1;
    private static final int TRANSMITTER_EMPTY = 2;
    private static final int DATA_READY = 1;
    private static final int BOTH_EMPTY = 0x60;
    private static final int FIFOS_ON = 0xC0;
    private static final int NOTHING_PENDING = 1;
    private static final int LOOKS_PER_SECOND = 100;

    private final InputStream input;
    private final OutputStream output;
    private final InterruptLine line;
    private final long lookInterval;
    private final Queue<Integer> received = new ArrayDeque<>();
    private final int[] registers = new int[PORTS];
    private int divisor = 12;
    private boolean fifos;
    private boolean transmitterRequest;
    private boolean looking;
    private boolean closed;

    /** @param tscHz unit of the processors' time */
    public Uart16550(InputStream input, OutputStream output, InterruptLine line, long tscHz) {
        this.input = input;
        this.output = output;
        this.line = line;
        lookInterval = tscHz / LOOKS_PER_SECOND;
    }

    /** What is sent from now on is lost. */
    public synchronized void close() {
        closed = true;
    }

    @Override
    synchronized int read(LogicalCpu cpu, int port) {
        int register = port & PORTS - 1;
        boolean divisorLatch = (registers[LINE_CONTROL] & DIVISOR_ACCESS) != 0;
        switch (register) {
            case DATA:
                return divisorLatch ? divisor & 0xFF : receive();
            case INTERRUPT_ENABLE:
                return divisorLatch ? divisor >> 8 : registers[INTERRUPT_ENABLE];
            case INTERRUPT_IDENTIFICATION:
                return identify();
            case LINE_STATUS:
                look();
                return BOTH_EMPTY | (received.isEmpty() ? 0 : DATA_READY);
            case MODEM_STATUS:
                return modemStatus();
            default:
                return registers[register];
        }
    }

    private int receive() {
        look();
        Integer value = received.poll();
        updateLine();
        return value == null ? 0 : value;
    }

    private int identify() {
        look();
        int pending = pending();
        if (pending == TRANSMITTER_EMPTY) {
            transmitterRequest = false; // reading the register withdraws this one
            updateLine();
        }
        int code = pending == RECEIVED ? 4 : pending == TRANSMITTER_EMPTY ? 2 : NOTHING_PENDING;
        return code | (fifos ? FIFOS_ON : 0);
    }

    /** In loopback the outputs DTR, RTS, OUT1, OUT2 are the inputs DSR, CTS, RI, DCD; else a terminal is there. */
    private int modemStatus() {
        int control = registers[MODEM_CONTROL];
        if ((control & LOOPBACK) == 0) {
            return 0xB0;
        }
        return (control & 1) << 5 | (control & 2) << 3 | (control & 0xC) << 4;
    }

    @Override
    synchronized void write(LogicalCpu cpu, int port, int value) {
        int register = port & PORTS - 1;
        boolean divisorLatch = (registers[LINE_CONTROL] & DIVISOR_ACCESS) != 0;
        if (divisorLatch && register <= INTERRUPT_ENABLE) {
            divisor = register == DATA ? divisor & 0xFF00 | value : divisor & 0xFF | value << 8;
        } else if (register == DATA) {
            send(value);
        } else if (register == INTERRUPT_ENABLE) {
            registers[register] = value & 0xF;
            transmitterRequest |= (value & TRANSMITTER_EMPTY) != 0;
            lookLater(cpu);
        } else if (register == INTERRUPT_IDENTIFICATION) {
            fifos = (value & 1) != 0;
        } else if (register != LINE_STATUS && register != MODEM_STATUS) {
            registers[register] = value;
        }
        updateLine();
    }

    private void send(int value) {
        transmitterRequest = true;
        if ((registers[MODEM_CONTROL] & LOOPBACK) != 0) {
            received.add(value);
        } else if (!closed) {
            try {
                output.write(value);
            } catch (IOException e) {
                closed = true; // nobody listens any more
            }
        }
    }

    /** Takes over what the host has for the program. */
    private void look() {
        try {
            while (!closed && input.available() > 0) {
                int value = input.read();
                if (value < 0) {
                    return;
                }
                received.add(value);
            }
        } catch (IOException e) {
            // no input then
        }
    }

    private void lookLater(LogicalCpu cpu) {
        if (!looking && (registers[INTERRUPT_ENABLE] & RECEIVED) != 0) {
            looking = true;
            cpu.schedule(cpu.cycles() + lookInterval, this::lookAgain);
        }
    }

    private synchronized void lookAgain(LogicalCpu cpu, long cycles) {
        looking = false;
        look();
        updateLine();
        lookLater(cpu);
    }

    private int pending() {
        int enabled = registers[INTERRUPT_ENABLE];
        if ((enabled & RECEIVED) != 0 && !received.isEmpty()) {
            return RECEIVED;
        }
        return transmitterRequest ? enabled & TRANSMITTER_EMPTY : 0;
    }

    private void updateLine() {
        line.set(pending() != 0);
    }
}
