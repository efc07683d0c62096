// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import mckernelj.emulator.hw.PhysicalMemory;

/** RAM from address 0 in a direct buffer: for tests of the structures in guest memory, several threads included. */
public final class FakePhysicalMemory implements PhysicalMemory {
    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final ByteBuffer ram;

    public FakePhysicalMemory(int sizeBytes) {
        ram = ByteBuffer.allocateDirect(sizeBytes).alignedSlice(8).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public long end() {
        return ram.capacity();
    }

    @Override
    public boolean isRam(long physical, long lengthBytes) {
        return physical >= 0 && lengthBytes >= 0 && physical + lengthBytes <= end();
    }

    @Override
    public byte getByte(long physical) {
        return ram.get((int) physical);
    }

    @Override
    public short getShort(long physical) {
        return ram.getShort((int) physical);
    }

    @Override
    public int getInt(long physical) {
        return (physical & 3) == 0 ? (int) INTS.getAcquire(ram, (int) physical) : ram.getInt((int) physical);
    }

    @Override
    public long getLong(long physical) {
        return (physical & 7) == 0 ? (long) LONGS.getAcquire(ram, (int) physical) : ram.getLong((int) physical);
    }

    @Override
    public void putByte(long physical, byte value) {
        ram.put((int) physical, value);
    }

    @Override
    public void putShort(long physical, short value) {
        ram.putShort((int) physical, value);
    }

    @Override
    public void putInt(long physical, int value) {
        if ((physical & 3) == 0) {
            INTS.setRelease(ram, (int) physical, value);
        } else {
            ram.putInt((int) physical, value);
        }
    }

    @Override
    public void putLong(long physical, long value) {
        if ((physical & 7) == 0) {
            LONGS.setRelease(ram, (int) physical, value);
        } else {
            ram.putLong((int) physical, value);
        }
    }

    @Override
    public boolean compareAndSetInt(long physical, int expected, int value) {
        return INTS.compareAndSet(ram, (int) physical, expected, value);
    }

    @Override
    public boolean compareAndSetLong(long physical, long expected, long value) {
        return LONGS.compareAndSet(ram, (int) physical, expected, value);
    }

    @Override
    public int getAndAddInt(long physical, int delta) {
        return (int) INTS.getAndAdd(ram, (int) physical, delta);
    }

    @Override
    public long getAndAddLong(long physical, long delta) {
        return (long) LONGS.getAndAdd(ram, (int) physical, delta);
    }

    @Override
    public void read(long physical, byte[] target, int offset, int lengthBytes) {
        ram.get((int) physical, target, offset, lengthBytes);
    }

    @Override
    public void write(long physical, byte[] source, int offset, int lengthBytes) {
        ram.put((int) physical, source, offset, lengthBytes);
    }

    @Override
    public void copy(long fromPhysical, long toPhysical, long lengthBytes) {
        byte[] bytes = new byte[(int) lengthBytes];
        read(fromPhysical, bytes, 0, bytes.length);
        write(toPhysical, bytes, 0, bytes.length);
    }

    @Override
    public void clear(long physical, long lengthBytes) {
        write(physical, new byte[(int) lengthBytes], 0, (int) lengthBytes);
    }

    @Override
    public void discard(long physical, long lengthBytes) {
        clear(physical, lengthBytes);
    }

    @Override
    public long hostAddress(long physical, long lengthBytes) {
        throw new UnsupportedOperationException("no host address");
    }

    @Override
    public void written(long physical, long lengthBytes) {}

    /** Fills all RAM with a byte, so that a test sees what was not initialised. */
    public FakePhysicalMemory fill(int value) {
        byte[] bytes = new byte[ram.capacity()];
        Arrays.fill(bytes, (byte) value);
        write(0, bytes, 0, bytes.length);
        return this;
    }
}
