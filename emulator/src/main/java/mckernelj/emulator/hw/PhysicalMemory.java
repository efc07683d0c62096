// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.hw;

/**
 * The machine's physical address space. Accesses may be misaligned; RAM accesses of up to 8 bytes inside an aligned 8-byte
 * word are atomic, loads acquire and stores release. An address outside RAM and devices reads all ones and drops writes.
 */
public interface PhysicalMemory {
    /** End of the highest RAM range. */
    long end();

    boolean isRam(long physical, long lengthBytes);

    byte getByte(long physical);

    short getShort(long physical);

    int getInt(long physical);

    long getLong(long physical);

    void putByte(long physical, byte value);

    void putShort(long physical, short value);

    void putInt(long physical, int value);

    void putLong(long physical, long value);

    /** Aligned RAM only; full fence. */
    boolean compareAndSetInt(long physical, int expected, int value);

    boolean compareAndSetLong(long physical, long expected, long value);

    /** Aligned RAM only; returns the old value. */
    int getAndAddInt(long physical, int delta);

    long getAndAddLong(long physical, long delta);

    void read(long physical, byte[] target, int offset, int lengthBytes);

    void write(long physical, byte[] source, int offset, int lengthBytes);

    void copy(long fromPhysical, long toPhysical, long lengthBytes);

    /** Sets RAM to zero; whole runs of pages are given back to the host where that is cheaper. */
    void clear(long physical, long lengthBytes);

    /** Gives whole 4 KiB pages back to the host; they read as zero afterwards. */
    void discard(long physical, long lengthBytes);

    /**
     * Address of RAM in the host process, contiguous for the whole range: for the libc calls of the Linux side only. Code
     * pages that a host call overwrites must be announced with {@link #written}.
     */
    long hostAddress(long physical, long lengthBytes);

    /** Tells the machine that somebody outside it changed RAM (drops decoded instructions there). */
    void written(long physical, long lengthBytes);
}
