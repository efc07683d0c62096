// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.fake;

import java.util.HashMap;
import java.util.Map;
import mckernelj.emulator.hw.PhysicalMemory;

/** Sparse memory of Java arrays. Slow, exact, thread-safe. */
public final class FakeMemory implements PhysicalMemory {
    private final Map<Long, byte[]> pages = new HashMap<>();
    private final long end;

    public FakeMemory(long end) {
        this.end = end;
    }

    private byte[] page(long physical) {
        if (physical < 0 || physical >= end) {
            throw new IllegalArgumentException("outside RAM: " + Long.toHexString(physical));
        }
        return pages.computeIfAbsent(physical >> 12, p -> new byte[4096]);
    }

    @Override
    public long end() {
        return end;
    }

    @Override
    public boolean isRam(long physical, long lengthBytes) {
        return physical >= 0 && physical + lengthBytes <= end;
    }

    @Override
    public synchronized byte getByte(long physical) {
        return page(physical)[(int) physical & 4095];
    }

    @Override
    public synchronized short getShort(long physical) {
        return (short) get(physical, 2);
    }

    @Override
    public synchronized int getInt(long physical) {
        return (int) get(physical, 4);
    }

    @Override
    public synchronized long getLong(long physical) {
        return get(physical, 8);
    }

    private long get(long physical, int bytes) {
        long value = 0;
        for (int i = bytes - 1; i >= 0; i--) {
            value = value << 8 | getByte(physical + i) & 0xFF;
        }
        return value;
    }

    private void put(long physical, int bytes, long value) {
        for (int i = 0; i < bytes; i++) {
            putByte(physical + i, (byte) (value >>> 8 * i));
        }
    }

    @Override
    public synchronized void putByte(long physical, byte value) {
        page(physical)[(int) physical & 4095] = value;
    }

    @Override
    public synchronized void putShort(long physical, short value) {
        put(physical, 2, value);
    }

    @Override
    public synchronized void putInt(long physical, int value) {
        put(physical, 4, value);
    }

    @Override
    public synchronized void putLong(long physical, long value) {
        put(physical, 8, value);
    }

    @Override
    public synchronized boolean compareAndSetInt(long physical, int expected, int value) {
        boolean equal = getInt(physical) == expected;
        if (equal) {
            putInt(physical, value);
        }
        return equal;
    }

    @Override
    public synchronized boolean compareAndSetLong(long physical, long expected, long value) {
        boolean equal = getLong(physical) == expected;
        if (equal) {
            putLong(physical, value);
        }
        return equal;
    }

    @Override
    public synchronized int getAndAddInt(long physical, int delta) {
        int old = getInt(physical);
        putInt(physical, old + delta);
        return old;
    }

    @Override
    public synchronized long getAndAddLong(long physical, long delta) {
        long old = getLong(physical);
        putLong(physical, old + delta);
        return old;
    }

    @Override
    public synchronized void read(long physical, byte[] target, int offset, int lengthBytes) {
        for (int i = 0; i < lengthBytes; i++) {
            target[offset + i] = getByte(physical + i);
        }
    }

    @Override
    public synchronized void write(long physical, byte[] source, int offset, int lengthBytes) {
        for (int i = 0; i < lengthBytes; i++) {
            putByte(physical + i, source[offset + i]);
        }
    }

    @Override
    public synchronized void copy(long fromPhysical, long toPhysical, long lengthBytes) {
        byte[] bytes = new byte[(int) lengthBytes];
        read(fromPhysical, bytes, 0, bytes.length);
        write(toPhysical, bytes, 0, bytes.length);
    }

    @Override
    public synchronized void clear(long physical, long lengthBytes) {
        for (long at = physical; at < physical + lengthBytes; at++) {
            if ((at & 4095) == 0 && physical + lengthBytes - at >= 4096) {
                pages.remove(at >> 12);
                at += 4095;
            } else {
                putByte(at, (byte) 0);
            }
        }
    }

    @Override
    public void discard(long physical, long lengthBytes) {
        clear(physical, lengthBytes);
    }

    @Override
    public long hostAddress(long physical, long lengthBytes) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void written(long physical, long lengthBytes) {}
}
