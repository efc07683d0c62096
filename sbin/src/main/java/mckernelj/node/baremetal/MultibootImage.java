// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.node.baremetal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import mckernelj.emulator.hw.PhysicalMemory;

/**
 * A Multiboot-1 image (Multiboot specification 0.6.96, section 3.1): an ELF file of either class, or any file whose header has the address
 * fields. Video modes are not supplied; an image that demands one is started without.
 */
final class MultibootImage {
    private static final int HEADER_MAGIC = 0x1BADB002;
    private static final int SEARCHED_BYTES = 8192;
    private static final int ADDRESSES_VALID = 1 << 16;

    /** Page-aligned modules, memory information, video mode; the other low bits are requirements that nobody knows. */
    private static final int UNKNOWN_REQUIREMENTS = 0xFFF8;

    private static final int ELF_MAGIC = 0x464C457F;
    private static final int LOADABLE = 1;
    private static final int I386 = 3;
    private static final int X86_64 = 62;

    /** Bytes of the file that go to a physical address, followed by zeros up to {@code memoryBytes}. */
    private record Segment(long address, int offset, int fileBytes, long memoryBytes) {}

    private final ByteBuffer file;
    private final List<Segment> segments = new ArrayList<>();
    private long entry;

    MultibootImage(byte[] content) throws BadImage {
        file = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        int header = header();
        int flags = file.getInt(header + 4);
        if ((flags & UNKNOWN_REQUIREMENTS) != 0) {
            throw new BadImage("the image's Multiboot header demands features that are not known (flags 0x"
                    + Integer.toHexString(flags) + ")");
        }
        try {
            if ((flags & ADDRESSES_VALID) != 0) {
                addressFields(header);
            } else {
                elf();
            }
        } catch (IndexOutOfBoundsException e) {
            throw new BadImage("the image is damaged: its headers point outside the file");
        }
    }

    /** 32 bits aligned within the first 8 KiB. */
    private int header() throws BadImage {
        for (int at = 0; at + 12 <= Math.min(file.limit(), SEARCHED_BYTES); at += 4) {
            int sum = file.getInt(at) + file.getInt(at + 4) + file.getInt(at + 8);
            if (file.getInt(at) == HEADER_MAGIC && sum == 0) {
                return at;
            }
        }
        throw new BadImage("the image has no Multiboot header in its first 8 KiB");
    }

    private static long unsigned(int value) {
        return value & 0xFFFFFFFFL;
    }

    private void addressFields(int header) throws BadImage {
        long headerAddress = unsigned(file.getInt(header + 12));
        long load = unsigned(file.getInt(header + 16));
        long loadEnd = unsigned(file.getInt(header + 20));
        long bssEnd = unsigned(file.getInt(header + 24));
        entry = unsigned(file.getInt(header + 28));
        long offset = header - (headerAddress - load);
        if (load > headerAddress || offset < 0) {
            throw new BadImage("the load address in the image's Multiboot header lies before the file");
        }
        long bytes = loadEnd == 0 ? file.limit() - offset : loadEnd - load;
        if (bytes < 0 || bytes > file.limit() - offset) {
            throw new BadImage("the load end address in the image's Multiboot header lies outside the file");
        }
        segments.add(new Segment(load, (int) offset, (int) bytes, Math.max(bytes, bssEnd - load)));
    }

    private void elf() throws BadImage {
        if (file.getInt(0) != ELF_MAGIC) {
            throw new BadImage("the image is no ELF file and its Multiboot header has no addresses");
        }
        boolean wide = file.get(4) == 2;
        int machine = file.getShort(18);
        if (machine != I386 && machine != X86_64 || file.get(5) != 1) {
            throw new BadImage("the image is an ELF file for another processor");
        }
        entry = wide ? file.getLong(24) : unsigned(file.getInt(24));
        long table = wide ? file.getLong(32) : unsigned(file.getInt(28));
        int entryBytes = file.getShort(wide ? 54 : 42) & 0xFFFF;
        int count = file.getShort(wide ? 56 : 44) & 0xFFFF;
        long entryPhysical = entry;
        for (int i = 0; i < count; i++) {
            long at = table + (long) i * entryBytes;
            if (at < 0 || at > file.limit()) {
                throw new IndexOutOfBoundsException();
            }
            if (file.getInt((int) at) == LOADABLE) {
                entryPhysical = addSegment((int) at, wide, entryPhysical);
            }
        }
        entry = entryPhysical;
        if (segments.isEmpty()) {
            throw new BadImage("the ELF file has nothing to load");
        }
        if (entry >>> 32 != 0) {
            throw new BadImage("the entry point of the image lies above 4 GiB");
        }
    }

    /** Segments go to their physical addresses; an entry point that is a virtual address in one goes along. */
    private long addSegment(int at, boolean wide, long found) throws BadImage {
        long offset = wide ? file.getLong(at + 8) : unsigned(file.getInt(at + 4));
        long virtual = wide ? file.getLong(at + 16) : unsigned(file.getInt(at + 8));
        long physical = wide ? file.getLong(at + 24) : unsigned(file.getInt(at + 12));
        long fileBytes = wide ? file.getLong(at + 32) : unsigned(file.getInt(at + 16));
        long memoryBytes = wide ? file.getLong(at + 40) : unsigned(file.getInt(at + 20));
        if (offset < 0 || fileBytes < 0 || offset > file.limit() || fileBytes > file.limit() - offset) {
            throw new BadImage("the image is damaged: a segment lies outside the file");
        }
        if (memoryBytes != 0) {
            segments.add(new Segment(physical, (int) offset, (int) fileBytes, Math.max(fileBytes, memoryBytes)));
        }
        boolean inside = entry - virtual >= 0 && entry - virtual < memoryBytes;
        return inside ? physical + (entry - virtual) : found;
    }

    int entry() {
        return (int) entry;
    }

    /** Copies the image to memory and returns the end of it. */
    long load(PhysicalMemory memory) throws BadImage {
        long end = 0;
        for (Segment segment : segments) {
            if (segment.address < 0 || !memory.isRam(segment.address, segment.memoryBytes)) {
                throw new BadImage("the image wants 0x" + Long.toHexString(segment.memoryBytes) + " bytes at 0x"
                        + Long.toHexString(segment.address) + ", where the machine has no memory; try a larger -m");
            }
            memory.write(segment.address, file.array(), segment.offset, segment.fileBytes);
            memory.clear(segment.address + segment.fileBytes, segment.memoryBytes - segment.fileBytes);
            end = Math.max(end, segment.address + segment.memoryBytes);
        }
        return end;
    }
}
