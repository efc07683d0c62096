// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.proxy;

import java.util.function.Consumer;
import mckernelj.ihk.launch.ProxyArena;
import mckernelj.linuxhost.libc.RawMemory;

/** A {@link ProxyArena} over shared memory that the servant sees at another address. */
final class Arena implements ProxyArena {
    private static final int ALIGNMENT = 16;

    private final RawMemory memory;
    private final long servantAddress;
    private final Consumer<Runnable> guard;
    private final Runnable release;
    private long used;

    /**
     * @param guard runs an access, or not, if the memory has gone to somebody else
     * @param release what {@link #close} does
     */
    Arena(RawMemory memory, long servantAddress, Consumer<Runnable> guard, Runnable release) {
        this.memory = memory;
        this.servantAddress = servantAddress;
        this.guard = guard;
        this.release = release;
    }

    @Override
    public long allocate(long lengthBytes) {
        long offset = used;
        if (lengthBytes < 0 || lengthBytes > memory.size() - offset) {
            throw new IllegalArgumentException("arena of " + memory.size() + " bytes is full");
        }
        used = Math.min(memory.size(), offset + (lengthBytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
        guard.accept(() -> memory.clear(offset, lengthBytes));
        return servantAddress + offset;
    }

    @Override
    public void write(long address, byte[] bytes) {
        guard.accept(() -> memory.putBytes(address - servantAddress, bytes));
    }

    @Override
    public void writeInt(long address, int value) {
        guard.accept(() -> memory.putInt(address - servantAddress, value));
    }

    @Override
    public void writeLong(long address, long value) {
        guard.accept(() -> memory.putLong(address - servantAddress, value));
    }

    @Override
    public byte[] read(long address, int lengthBytes) {
        return memory.getBytes(address - servantAddress, lengthBytes);
    }

    @Override
    public int readInt(long address) {
        return memory.getInt(address - servantAddress);
    }

    @Override
    public long readLong(long address) {
        return memory.getLong(address - servantAddress);
    }

    @Override
    public String readString(long address) {
        return memory.getString(address - servantAddress);
    }

    @Override
    public void close() {
        release.run();
    }
}
