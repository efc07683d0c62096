// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.memory;

import java.util.Arrays;
import java.util.Objects;
import jdk.internal.misc.Unsafe;
import mckernelj.emulator.hw.HostMemory;
import mckernelj.emulator.hw.PhysicalMemory;

/**
 * The machine's RAM: [0, low end) and, when there is more than fits below the device hole, [4 GiB, end). Host memory
 * offset = physical address. Stores are reported to {@link CodePages}.
 */
public final class Ram implements PhysicalMemory {
    /** Physical addresses from here to 4 GiB are never RAM. */
    public static final long HOLE_START = 0xC000_0000L;

    public static final long HOLE_END = 0x1_0000_0000L;

    private static final Unsafe U = Unsafe.getUnsafe();
    private static final long BYTE_ARRAY_BASE = byteArrayBase();
    private static final long PAGE = 4096;

    /** Runs at least this long are given back to the host instead of being overwritten. */
    private static final long PUNCH_WORTHWHILE = 1 << 20;

    private final HostMemory host;
    private final CodePages codePages;
    private final long base;
    private final long lowEnd;
    private final long end;
    private volatile MmioRegion[] devices = {};

    /** @param end end of the highest RAM range; RAM is everything below except the device hole */
    public Ram(HostMemory host, long end, CodePages codePages) {
        this.host = host;
        this.codePages = codePages;
        this.end = end;
        base = host.address();
        lowEnd = Math.min(end, HOLE_START);
    }

    /** Host address of physical address 0 (of the low range; the hole exists there as address space only). */
    public long hostBase() {
        return base;
    }

    /** Device registers outside RAM, which all processors see. Any thread. */
    public synchronized void attach(MmioRegion device) {
        MmioRegion[] more = Arrays.copyOf(devices, devices.length + 1);
        more[devices.length] = device;
        devices = more;
    }

    private long loadOutside(long physical, int bytes) {
        for (MmioRegion device : devices) {
            if (device.page() == (physical & -PAGE)) {
                return device.load((int) (physical & PAGE - 1), bytes);
            }
        }
        return -1;
    }

    private void storeOutside(long physical, int bytes, long value) {
        for (MmioRegion device : devices) {
            if (device.page() == (physical & -PAGE)) {
                device.store((int) (physical & PAGE - 1), bytes, value);
            }
        }
    }

    public void close() {
        host.close();
    }

    @Override
    public long end() {
        return end;
    }

    @Override
    public boolean isRam(long physical, long lengthBytes) {
        if (physical < 0 || lengthBytes < 0) {
            return false;
        }
        return physical <= lowEnd - lengthBytes || physical >= HOLE_END && physical <= end - lengthBytes;
    }

    @Override
    public byte getByte(long physical) {
        return isRam(physical, 1) ? U.getByte(null, base + physical) : (byte) loadOutside(physical, 1);
    }

    @Override
    public short getShort(long physical) {
        return isRam(physical, 2) ? U.getShortAcquire(null, base + physical) : (short) loadOutside(physical, 2);
    }

    @Override
    public int getInt(long physical) {
        return isRam(physical, 4) ? U.getIntAcquire(null, base + physical) : (int) loadOutside(physical, 4);
    }

    @Override
    public long getLong(long physical) {
        return isRam(physical, 8) ? U.getLongAcquire(null, base + physical) : loadOutside(physical, 8);
    }

    @Override
    public void putByte(long physical, byte value) {
        if (isRam(physical, 1)) {
            U.putByte(null, base + physical, value);
            stored(physical, 1);
        } else {
            storeOutside(physical, 1, value);
        }
    }

    @Override
    public void putShort(long physical, short value) {
        if (isRam(physical, 2)) {
            U.putShortRelease(null, base + physical, value);
            stored(physical, 2);
        } else {
            storeOutside(physical, 2, value);
        }
    }

    @Override
    public void putInt(long physical, int value) {
        if (isRam(physical, 4)) {
            U.putIntRelease(null, base + physical, value);
            stored(physical, 4);
        } else {
            storeOutside(physical, 4, value);
        }
    }

    @Override
    public void putLong(long physical, long value) {
        if (isRam(physical, 8)) {
            U.putLongRelease(null, base + physical, value);
            stored(physical, 8);
        } else {
            storeOutside(physical, 8, value);
        }
    }

    private void stored(long physical, int bytes) {
        if (codePages.isCode(physical) || codePages.isCode(physical + bytes - 1)) {
            codePages.written(physical, bytes);
        }
    }

    @Override
    public boolean compareAndSetInt(long physical, int expected, int value) {
        boolean done = U.compareAndSetInt(null, hostAddress(physical, 4), expected, value);
        stored(physical, 4);
        return done;
    }

    @Override
    public boolean compareAndSetLong(long physical, long expected, long value) {
        boolean done = U.compareAndSetLong(null, hostAddress(physical, 8), expected, value);
        stored(physical, 8);
        return done;
    }

    @Override
    public int getAndAddInt(long physical, int delta) {
        int old = U.getAndAddInt(null, hostAddress(physical, 4), delta);
        stored(physical, 4);
        return old;
    }

    @Override
    public long getAndAddLong(long physical, long delta) {
        long old = U.getAndAddLong(null, hostAddress(physical, 8), delta);
        stored(physical, 8);
        return old;
    }

    @Override
    public void read(long physical, byte[] target, int offset, int lengthBytes) {
        Objects.checkFromIndexSize(offset, lengthBytes, target.length);
        U.loadFence();
        U.copyMemory(null, hostAddress(physical, lengthBytes), target, BYTE_ARRAY_BASE + offset, lengthBytes);
        U.loadFence();
    }

    @Override
    public void write(long physical, byte[] source, int offset, int lengthBytes) {
        Objects.checkFromIndexSize(offset, lengthBytes, source.length);
        U.copyMemory(source, BYTE_ARRAY_BASE + offset, null, hostAddress(physical, lengthBytes), lengthBytes);
        written(physical, lengthBytes);
    }

    @Override
    public void copy(long fromPhysical, long toPhysical, long lengthBytes) {
        U.copyMemory(hostAddress(fromPhysical, lengthBytes), hostAddress(toPhysical, lengthBytes), lengthBytes);
        written(toPhysical, lengthBytes);
    }

    @Override
    public void clear(long physical, long lengthBytes) {
        long first = (physical + PAGE - 1) & -PAGE;
        long last = (physical + lengthBytes) & -PAGE;
        if (last - first < PUNCH_WORTHWHILE) {
            U.setMemory(hostAddress(physical, lengthBytes), lengthBytes, (byte) 0);
        } else {
            hostAddress(physical, lengthBytes);
            U.setMemory(base + physical, first - physical, (byte) 0);
            host.punch(first, last - first);
            U.setMemory(base + last, physical + lengthBytes - last, (byte) 0);
        }
        written(physical, lengthBytes);
    }

    @Override
    public void discard(long physical, long lengthBytes) {
        hostAddress(physical, lengthBytes);
        host.punch(physical, lengthBytes);
        written(physical, lengthBytes);
    }

    @Override
    public long hostAddress(long physical, long lengthBytes) {
        if (!isRam(physical, lengthBytes)) {
            throw new IllegalArgumentException(
                    "not RAM: 0x" + Long.toHexString(physical) + " + 0x" + Long.toHexString(lengthBytes));
        }
        return base + physical;
    }

    /** The full fence orders the store before the look at the code marks: the decoder marks first, then reads. */
    @Override
    public void written(long physical, long lengthBytes) {
        U.fullFence();
        codePages.written(physical, lengthBytes);
    }

    /** By reflection: constant and method have another type since JDK 25. */
    private static long byteArrayBase() {
        try {
            Object offset =
                    Unsafe.class.getMethod("arrayBaseOffset", Class.class).invoke(U, byte[].class);
            return ((Number) offset).longValue();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("jdk.internal.misc.Unsafe", e);
        }
    }
}
