// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.device;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntFunction;
import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.emulator.hw.PortHandler;
import mckernelj.emulator.memory.MmioRegion;

/**
 * QEMU's pc-testdev, for programs that test machines: four ports and 64 KiB of device memory that keep what is written, and a port for each
 * interrupt line. Any thread.
 */
public final class TestDevice implements PortHandler {
    static final int LATCH_PORT = 0xE0;
    static final int LATCH_PORTS = 4;
    static final int LINE_PORT = 0x2000;
    static final int MEMORY_PAGES = 16;

    private static final long MEMORY = 0xFF000000L;
    private static final int PAGE = 4096;

    private final IntFunction<InterruptLine> lines;
    private int latch;

    /** @param lines the line of each I/O APIC input */
    TestDevice(IntFunction<InterruptLine> lines) {
        this.lines = lines;
    }

    @Override
    public synchronized void out(LogicalCpu cpu, int port, int widthBytes, int value) {
        if (port >= LINE_PORT) {
            lines.apply(port - LINE_PORT).set(value != 0);
        } else {
            int shift = 8 * (port - LATCH_PORT);
            int mask = (int) (0xFFFFFFFFL >>> 32 - 8 * widthBytes) << shift;
            latch = latch & ~mask | value << shift & mask;
        }
    }

    @Override
    public synchronized int in(LogicalCpu cpu, int port, int widthBytes) {
        return port >= LINE_PORT ? 0 : latch >>> 8 * (port - LATCH_PORT);
    }

    /** One page of the device memory. */
    static MmioRegion memoryPage(int index) {
        ByteBuffer content = ByteBuffer.allocate(PAGE).order(ByteOrder.LITTLE_ENDIAN);
        return new MmioRegion() {
            @Override
            public long page() {
                return MEMORY + (long) index * PAGE;
            }

            @Override
            public synchronized long load(int offset, int bytes) {
                long value = 0;
                for (int i = 0; i < bytes; i++) {
                    value |= (content.get(offset + i) & 0xFFL) << 8 * i;
                }
                return value;
            }

            @Override
            public synchronized void store(int offset, int bytes, long value) {
                for (int i = 0; i < bytes; i++) {
                    content.put(offset + i, (byte) (value >>> 8 * i));
                }
            }
        };
    }
}
