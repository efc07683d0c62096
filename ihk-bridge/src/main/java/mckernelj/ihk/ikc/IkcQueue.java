// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.ikc;

import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.ihk.Errno;

/**
 * A queue of packets in physical memory that both kernels map: a head of 64 bytes, then {@code (bytes - 64) /
 * packetSize} slots. Offsets count packets from the beginning and are never reset; slot = offset mod count. It is full
 * with count - 1 packets.
 *
 * <p>Lock-free, any number of writers: a writer claims a slot by advancing write_off, copies, and publishes by
 * advancing max_read_off in the order of the claims. Readers copy, then advance read_off; who loses that race reads
 * again. The doorbell is the caller's business. Processors must not wait between claim and publication (in kernel code:
 * interrupts off).
 */
public final class IkcQueue {
    public static final int HEAD_SIZE = 64;

    /** Attempts of a writer that finds the queue full. */
    public static final int WRITE_RETRIES = 128;

    private static final int ID = 0;
    private static final int TYPE = 4;
    private static final int PACKET_SIZE = 6;
    private static final int PACKET_COUNT = 8;
    private static final int READ_OFF = 16;
    private static final int MAX_READ_OFF = 24;
    private static final int WRITE_OFF = 32;
    private static final int QUEUE_SIZE = 40;
    private static final int CHANNEL_ID = 48;
    private static final int READ_CPU = 52;
    private static final int WRITE_CPU = 56;

    private final PhysicalMemory memory;
    private final long physical;
    private final int packetSize;
    private final int packetCount;

    /** Attaches to a queue that has been formatted; its geometry is read once. */
    public IkcQueue(PhysicalMemory memory, long physical) {
        this.memory = memory;
        this.physical = physical;
        packetSize = memory.getShort(physical + PACKET_SIZE) & 0xFFFF;
        packetCount = memory.getInt(physical + PACKET_COUNT);
        if (packetSize == 0 || packetCount < 2 || packetCount > (queueSize() - HEAD_SIZE) / packetSize) {
            throw new IllegalArgumentException("no IKC queue at 0x" + Long.toHexString(physical));
        }
    }

    /**
     * Makes an empty queue of {@code lengthBytes} (head included). Done by whoever allocated the memory: always the
     * LWK.
     */
    public static IkcQueue format(
            PhysicalMemory memory, long physical, long lengthBytes, int id, int port, int packetSize) {
        memory.clear(physical, lengthBytes);
        memory.putInt(physical + ID, id);
        memory.putShort(physical + TYPE, (short) port);
        memory.putShort(physical + PACKET_SIZE, (short) packetSize);
        memory.putInt(physical + PACKET_COUNT, (int) ((lengthBytes - HEAD_SIZE) / packetSize));
        memory.putLong(physical + QUEUE_SIZE, lengthBytes);
        return new IkcQueue(memory, physical);
    }

    public long physical() {
        return physical;
    }

    public int id() {
        return memory.getInt(physical + ID);
    }

    public int port() {
        return memory.getShort(physical + TYPE) & 0xFFFF;
    }

    public int packetSize() {
        return packetSize;
    }

    public int packetCount() {
        return packetCount;
    }

    public long queueSize() {
        return memory.getLong(physical + QUEUE_SIZE);
    }

    public int channelId() {
        return memory.getInt(physical + CHANNEL_ID);
    }

    public void setChannelId(int id) {
        memory.putInt(physical + CHANNEL_ID, id);
    }

    /**
     * CPU that reads this queue, to which the doorbell goes (an LWK CPU number, or a Linux one in a queue to Linux).
     */
    public int readCpu() {
        return memory.getInt(physical + READ_CPU);
    }

    public void setReadCpu(int cpu) {
        memory.putInt(physical + READ_CPU, cpu);
    }

    public int writeCpu() {
        return memory.getInt(physical + WRITE_CPU);
    }

    public void setWriteCpu(int cpu) {
        memory.putInt(physical + WRITE_CPU, cpu);
    }

    public boolean isEmpty() {
        return memory.getLong(physical + READ_OFF) == memory.getLong(physical + MAX_READ_OFF);
    }

    /** Appends the packet: 0, or -EBUSY when the queue stays full for {@link #WRITE_RETRIES} attempts. */
    public int write(QueueEntry packet) {
        for (int attempt = 0; attempt < WRITE_RETRIES; ) {
            long write = memory.getLong(physical + WRITE_OFF);
            if (write - memory.getLong(physical + READ_OFF) >= packetCount - 1) {
                attempt++;
                Thread.onSpinWait();
            } else if (memory.compareAndSetLong(physical + WRITE_OFF, write, write + 1)) {
                packet.writeTo(memory, slot(write));
                publish(write);
                return 0;
            }
        }
        return -Errno.EBUSY;
    }

    private void publish(long write) {
        while (!memory.compareAndSetLong(physical + MAX_READ_OFF, write, write + 1)) {
            Thread.onSpinWait(); // an earlier writer still copies
        }
    }

    /** Takes the oldest packet; false when the queue is empty. */
    public boolean read(QueueEntry packet) {
        while (true) {
            long read = memory.getLong(physical + READ_OFF);
            if (read == memory.getLong(physical + MAX_READ_OFF)) {
                return false;
            }
            packet.readFrom(memory, slot(read));
            if (memory.compareAndSetLong(physical + READ_OFF, read, read + 1)) {
                return true;
            }
        }
    }

    private long slot(long offset) {
        return physical + HEAD_SIZE + Long.remainderUnsigned(offset, packetCount) * packetSize;
    }

    /** Upstream's line about a full queue. */
    @Override
    public String toString() {
        return String.format(
                "queue 0x%x r: %d w: %d",
                physical, memory.getLong(physical + READ_OFF), memory.getLong(physical + WRITE_OFF));
    }
}
