// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.layout;

import mckernelj.emulator.hw.PhysicalMemory;

/**
 * Kernel message ring: {lock, tail, len, head} as ints in a page, then the characters; 4 MiB together. Allocated by IHK
 * with the OS instance, written by all LWK CPUs, read and cleared by Linux. When full, the oldest bytes are dropped.
 * The lock word is a spin lock; its holder must not be interrupted (kernel code: interrupts off).
 */
public final class KmsgBuffer {
    public static final int SIZE = 4 << 20;

    private static final int LOCK = 0;
    private static final int TAIL = 4;
    private static final int LEN = 8;
    private static final int HEAD = 12;
    private static final int TEXT = 4096;

    private final PhysicalMemory memory;
    private final long physical;
    private final int capacity;

    /** Attaches to a formatted buffer. */
    public KmsgBuffer(PhysicalMemory memory, long physical) {
        this.memory = memory;
        this.physical = physical;
        capacity = memory.getInt(physical + LEN);
    }

    /** IHK: makes an empty buffer of {@code sizeBytes}. */
    public static KmsgBuffer format(PhysicalMemory memory, long physical, int sizeBytes) {
        memory.clear(physical, sizeBytes);
        memory.putInt(physical + LEN, sizeBytes - TEXT);
        return new KmsgBuffer(memory, physical);
    }

    public int capacity() {
        return capacity;
    }

    /** Bytes to read. */
    public int used() {
        return Math.floorMod(get(TAIL) - get(HEAD), capacity);
    }

    /** True when Linux should be told to read (event type 101): more than half full. */
    public boolean overHighWater() {
        return used() > capacity / 2;
    }

    /** Appends a message; only its last {@code capacity - 1} bytes if it is longer. */
    public void append(byte[] message) {
        int length = Math.min(message.length, capacity - 1);
        lock();
        int tail = get(TAIL);
        int room = capacity - 1 - used();
        copyIn(tail, message, message.length - length, length);
        if (length > room) {
            put(HEAD, (tail + length + 1) % capacity);
        }
        put(TAIL, (tail + length) % capacity);
        unlock();
    }

    /** Copies everything out; {@code consume} also empties the buffer. */
    public byte[] read(boolean consume) {
        lock();
        int head = get(HEAD);
        byte[] text = new byte[used()];
        int first = Math.min(text.length, capacity - head);
        memory.read(physical + TEXT + head, text, 0, first);
        memory.read(physical + TEXT, text, first, text.length - first);
        if (consume) {
            put(HEAD, get(TAIL));
        }
        unlock();
        return text;
    }

    /** Empties the buffer and zeroes its text. */
    public void clear() {
        lock();
        memory.clear(physical + TEXT, capacity);
        put(HEAD, 0);
        put(TAIL, 0);
        unlock();
    }

    private void copyIn(int tail, byte[] message, int offset, int length) {
        int first = Math.min(length, capacity - tail);
        memory.write(physical + TEXT + tail, message, offset, first);
        memory.write(physical + TEXT, message, offset + first, length - first);
    }

    private void lock() {
        while (!memory.compareAndSetInt(physical + LOCK, 0, 1)) {
            Thread.onSpinWait();
        }
    }

    private void unlock() {
        put(LOCK, 0);
    }

    private int get(int field) {
        return memory.getInt(physical + field);
    }

    private void put(int field, int value) {
        memory.putInt(physical + field, value);
    }
}
