// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.launch;

/**
 * A block of memory in a {@link ProxyProcess}, for arguments of system calls that point to something. Addresses are those
 * of that process. Pieces are handed out one after the other and all released by {@link #close()}. Not thread-safe.
 */
public interface ProxyArena extends AutoCloseable {
    /** Hands out zeroed bytes, aligned to 16. */
    long allocate(long lengthBytes);

    /** Places a copy of these bytes. */
    default long place(byte[] bytes) {
        long address = allocate(bytes.length);
        write(address, bytes);
        return address;
    }

    /** Places a NUL-terminated byte string. */
    default long placeString(String text) {
        byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        long address = allocate(bytes.length + 1L);
        write(address, bytes);
        return address;
    }

    void write(long address, byte[] bytes);

    byte[] read(long address, int lengthBytes);

    int readInt(long address);

    long readLong(long address);

    void writeInt(long address, int value);

    void writeLong(long address, long value);

    /** The NUL-terminated byte string at this address (up to the end of the arena). */
    String readString(long address);

    @Override
    void close();
}
