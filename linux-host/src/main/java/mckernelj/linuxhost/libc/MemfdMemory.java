// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.libc;

import static mckernelj.ihk.SystemCallNumber.CLOSE;
import static mckernelj.ihk.SystemCallNumber.FALLOCATE;
import static mckernelj.ihk.SystemCallNumber.FCNTL;
import static mckernelj.ihk.SystemCallNumber.FTRUNCATE;
import static mckernelj.ihk.SystemCallNumber.MEMFD_CREATE;
import static mckernelj.ihk.SystemCallNumber.MMAP;
import static mckernelj.ihk.SystemCallNumber.MUNMAP;

import mckernelj.emulator.hw.HostMemory;

/**
 * A sealed memfd of fixed size, mapped once. Sparse: costs host memory only where it was touched. The seals (no growing,
 * no shrinking, no further seals) keep a process that got the descriptor from making the node fault.
 */
public final class MemfdMemory implements HostMemory {
    private static final int MFD_CLOEXEC = 1;
    private static final int MFD_ALLOW_SEALING = 2;
    private static final int F_ADD_SEALS = 1033;
    private static final int F_SEAL_SEAL = 1;
    private static final int F_SEAL_SHRINK = 2;
    private static final int F_SEAL_GROW = 4;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_SHARED = 1;
    private static final int MAP_PRIVATE = 2;
    private static final int MAP_FIXED = 0x10;
    private static final int MAP_ANONYMOUS = 0x20;
    private static final int MAP_NORESERVE = 0x4000;
    private static final int FALLOC_FL_KEEP_SIZE = 1;
    private static final int FALLOC_FL_PUNCH_HOLE = 2;

    private final int fd;
    private final long sizeBytes;
    private final long address;
    private boolean closed;

    public MemfdMemory(String name, long sizeBytes) {
        this.sizeBytes = sizeBytes;
        try (RawMemory text = RawMemory.allocate(name.length() + 1L)) {
            text.putBytes(0, name.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
            long flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
            fd = (int) LibC.require("memfd_create", LibC.call(MEMFD_CREATE, text.address(), flags));
        }
        LibC.require("ftruncate of memory", LibC.call(FTRUNCATE, fd, sizeBytes));
        LibC.require("seal", LibC.call(FCNTL, fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW));
        address = LibC.require(
                "mmap of memory", LibC.call(MMAP, 0, sizeBytes, PROT_READ_WRITE, MAP_SHARED | MAP_NORESERVE, fd, 0));
    }

    /** The descriptor, for passing it to servants. */
    public int fd() {
        return fd;
    }

    @Override
    public long address() {
        return address;
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public void punch(long offset, long lengthBytes) {
        if (lengthBytes > 0) {
            int mode = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
            LibC.require("punch hole", LibC.call(FALLOCATE, fd, mode, offset, lengthBytes));
        }
    }

    /**
     * As {@link #close}, but the address range stays valid, as private memory of zeros: for memory at which other threads
     * may still look (an access to unmapped memory kills the JVM).
     */
    public synchronized void closeLeavingZeros() {
        if (!closed) {
            closed = true;
            int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE;
            LibC.require("mmap over memory", LibC.call(MMAP, address, sizeBytes, PROT_READ_WRITE, flags, -1, 0));
            LibC.call(CLOSE, fd);
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            LibC.call(MUNMAP, address, sizeBytes);
            LibC.call(CLOSE, fd);
        }
    }
}
