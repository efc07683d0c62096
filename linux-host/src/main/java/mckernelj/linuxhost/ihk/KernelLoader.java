// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.ihk;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.ihk.Errno;
import mckernelj.ihk.boot.StartupStub;
import mckernelj.ihk.layout.KernelSpace;
import mckernelj.linuxhost.partition.MemoryChunk;

/** Copies the PT_LOAD segments of a kernel image into the bootstrap chunk (McKernel: ihk_smp_load). */
final class KernelLoader {
    private static final int ELF_MAGIC = 0x464C457F;
    private static final int PT_LOAD = 1;
    private static final long LARGE = KernelSpace.LARGE_PAGE_SIZE;

    /** Where the kernel is: its physical base and the linear entry point. */
    record Loaded(MemoryChunk chunk, long kernel, long entry) {}

    private final PhysicalMemory memory;
    private final MemoryChunk chunk;
    private final long kernel;
    private final ByteBuffer elf;

    private KernelLoader(PhysicalMemory memory, MemoryChunk chunk, byte[] elf) {
        this.memory = memory;
        this.chunk = chunk;
        this.elf = ByteBuffer.wrap(elf).order(ByteOrder.LITTLE_ENDIAN);
        kernel = chunk.start() + 2 * LARGE - 1 & -LARGE; // leaves at least one large page before it
    }

    static Loaded load(PhysicalMemory memory, MemoryChunk chunk, byte[] elf) throws IhkException {
        try {
            return new KernelLoader(memory, chunk, elf).load();
        } catch (IndexOutOfBoundsException | BufferUnderflowException e) {
            throw new IhkException(Errno.EINVAL, "kernel image is cut off");
        }
    }

    private Loaded load() throws IhkException {
        if (elf.getInt(0) != ELF_MAGIC || elf.get(4) != 2) {
            throw new IhkException(Errno.EINVAL, "kernel image is no ELF64 file");
        }
        long headers = elf.getLong(32);
        int size = elf.getShort(54) & 0xFFFF;
        for (int i = 0; i < (elf.getShort(56) & 0xFFFF); i++) {
            int at = Math.toIntExact(headers + (long) i * size);
            if (elf.getInt(at) == PT_LOAD && elf.getLong(at + 16) != 0) {
                loadSegment(elf.getLong(at + 16), elf.getLong(at + 8), elf.getLong(at + 32), elf.getLong(at + 40));
            }
        }
        return new Loaded(chunk, kernel, elf.getLong(24));
    }

    private void loadSegment(long linear, long fileOffset, long fileSize, long memorySize) throws IhkException {
        long offset = linear - KernelSpace.MAP_KERNEL_START;
        long room = Math.min(KernelSpace.KERNEL_IMAGE_PAGES * LARGE, StartupStub.address(chunk.end()) - kernel);
        boolean below = Long.compareUnsigned(linear, KernelSpace.MAP_KERNEL_START) < 0;
        if (below || fileSize < 0 || memorySize < fileSize) {
            throw new IhkException(Errno.EINVAL, "kernel image is linked at 0x" + Long.toHexString(linear));
        }
        if (offset > room || memorySize > room - offset) {
            throw new IhkException(Errno.E2BIG, "kernel image does not fit");
        }
        memory.clear(kernel + offset, memorySize);
        memory.write(kernel + offset, elf.array(), Math.toIntExact(fileOffset), Math.toIntExact(fileSize));
        memory.written(kernel + offset, memorySize);
    }
}
