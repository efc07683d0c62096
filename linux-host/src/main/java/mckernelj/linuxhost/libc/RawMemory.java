// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.libc;

import java.nio.charset.StandardCharsets;
import jdk.internal.misc.Unsafe;

/**
 * A block of host memory at a fixed address, for arguments of system calls and for memory shared with other processes.
 * Lives until {@link #close()}; accesses are bounds-checked, offsets are in bytes.
 */
public final class RawMemory implements AutoCloseable {
    private static final Unsafe UNSAFE = Unsafe.getUnsafe();

    private final long address;
    private final long size;
    private Runnable release;

    private RawMemory(long address, long size, Runnable release) {
        this.address = address;
        this.size = size;
        this.release = release;
    }

    /** Zeroed memory from malloc. */
    public static RawMemory allocate(long lengthBytes) {
        long address = UNSAFE.allocateMemory(lengthBytes);
        UNSAFE.setMemory(address, lengthBytes, (byte) 0);
        return new RawMemory(address, lengthBytes, () -> UNSAFE.freeMemory(address));
    }

    /** A view of memory that belongs to somebody else. */
    public static RawMemory view(long address, long lengthBytes) {
        return new RawMemory(address, lengthBytes, null);
    }

    public RawMemory slice(long offset, long lengthBytes) {
        check(offset, lengthBytes);
        return view(address + offset, lengthBytes);
    }

    public long address() {
        return address;
    }

    public long size() {
        return size;
    }

    public byte getByte(long offset) {
        return UNSAFE.getByte(at(offset, 1));
    }

    public int getInt(long offset) {
        return UNSAFE.getInt(at(offset, 4));
    }

    public long getLong(long offset) {
        return UNSAFE.getLong(at(offset, 8));
    }

    public void putByte(long offset, byte value) {
        UNSAFE.putByte(at(offset, 1), value);
    }

    public void putShort(long offset, short value) {
        UNSAFE.putShort(at(offset, 2), value);
    }

    public void putInt(long offset, int value) {
        UNSAFE.putInt(at(offset, 4), value);
    }

    public void putLong(long offset, long value) {
        UNSAFE.putLong(at(offset, 8), value);
    }

    public int getIntAcquire(long offset) {
        return UNSAFE.getIntAcquire(null, at(offset, 4));
    }

    /** A store followed by a full fence: later loads of this thread cannot overtake it. */
    public void putIntFenced(long offset, int value) {
        UNSAFE.putIntVolatile(null, at(offset, 4), value);
        UNSAFE.fullFence();
    }

    public int getAndAddInt(long offset, int delta) {
        return UNSAFE.getAndAddInt(null, at(offset, 4), delta);
    }

    public void clear(long offset, long lengthBytes) {
        UNSAFE.setMemory(at(offset, lengthBytes), lengthBytes, (byte) 0);
    }

    public void putBytes(long offset, byte[] bytes) {
        long target = at(offset, bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            UNSAFE.putByte(target + i, bytes[i]);
        }
    }

    public byte[] getBytes(long offset, int lengthBytes) {
        long source = at(offset, lengthBytes);
        byte[] bytes = new byte[lengthBytes];
        for (int i = 0; i < lengthBytes; i++) {
            bytes[i] = UNSAFE.getByte(source + i);
        }
        return bytes;
    }

    /** The byte string from {@code offset} to the next NUL, or to the end. */
    public String getString(long offset) {
        long end = offset;
        while (end < size && getByte(end) != 0) {
            end++;
        }
        return new String(getBytes(offset, (int) (end - offset)), StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        if (release != null) {
            release.run();
            release = null;
        }
    }

    private long at(long offset, long lengthBytes) {
        check(offset, lengthBytes);
        return address + offset;
    }

    private void check(long offset, long lengthBytes) {
        if (offset < 0 || lengthBytes < 0 || offset > size - lengthBytes) {
            throw new IndexOutOfBoundsException("offset " + offset + ", length " + lengthBytes + ", size " + size);
        }
    }
}
