// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.ihk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.linuxhost.partition.MemoryChunk;

/**
 * Writes a dump of an OS instance's memory as McKernel's tools expect it: an ELF64 file for x86-64 whose sections are
 * {@code date}, {@code hostname}, {@code user}, {@code physchunks} ({count, 0, then start and size of each chunk}, all
 * 64 bits wide) and {@code physmem<i>} with the contents of chunk i. Pages of zeros become holes of the file.
 */
final class DumpFile {
    private static final int ELF_HEADER = 64;
    private static final int SECTION_HEADER = 64;
    private static final int PAGE = 4096;
    private static final int EM_X86_64 = 62;
    private static final int SHT_PROGBITS = 1;
    private static final int SHT_STRTAB = 3;

    /** Contents are {@code bytes}, or memory from {@code start} on when null. */
    private record Section(String name, byte[] bytes, long start, long size) {}

    private final PhysicalMemory memory;
    private final List<Section> sections = new ArrayList<>();

    DumpFile(PhysicalMemory memory, List<MemoryChunk> chunks) {
        this.memory = memory;
        ByteBuffer table =
                buffer(16 + 16 * chunks.size()).putLong(chunks.size()).putLong(0);
        chunks.forEach(chunk -> table.putLong(chunk.start()).putLong(chunk.sizeBytes()));
        addBytes("physchunks", table.array());
        for (int i = 0; i < chunks.size(); i++) {
            MemoryChunk chunk = chunks.get(i);
            sections.add(new Section("physmem" + i, null, chunk.start(), chunk.sizeBytes()));
        }
    }

    /** Adds a section of text: date, hostname, user. */
    DumpFile with(String section, String text) {
        addBytes(section, (text + '\0').getBytes(StandardCharsets.UTF_8));
        return this;
    }

    private void addBytes(String name, byte[] bytes) {
        sections.add(new Section(name, bytes, 0, bytes.length));
    }

    /** The file must not exist. */
    void write(Path file) throws IOException {
        byte[] names = sectionNames();
        int count = sections.size() + 2;
        ByteBuffer headers = buffer(ELF_HEADER + count * SECTION_HEADER);
        putElfHeader(headers, count);
        long offset = headers.capacity() + PAGE - 1 & -PAGE;
        headers.position(ELF_HEADER + SECTION_HEADER);
        putSectionHeader(headers, 1, SHT_STRTAB, offset, names.length);
        try (SeekableByteChannel out = Files.newByteChannel(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE))) {
            writeAt(out, offset, names);
            offset += names.length + PAGE - 1 & -PAGE;
            int name = 1 + ".shstrtab".length() + 1;
            for (Section section : sections) {
                putSectionHeader(headers, name, SHT_PROGBITS, offset, section.size);
                writeSection(out, offset, section);
                name += section.name.length() + 1;
                offset += section.size + PAGE - 1 & -PAGE;
            }
            writeAt(out, offset - 1, new byte[1]);
            writeAt(out, 0, headers.array());
        }
    }

    private byte[] sectionNames() {
        StringBuilder names = new StringBuilder("\0.shstrtab\0");
        sections.forEach(section -> names.append(section.name).append('\0'));
        return names.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static void putElfHeader(ByteBuffer to, int sectionCount) {
        to.putInt(0, 0x464C457F).put(4, (byte) 2).put(5, (byte) 1).put(6, (byte) 1);
        to.putShort(16, (short) 4).putShort(18, (short) EM_X86_64).putInt(20, 1); // ET_CORE
        to.putLong(40, ELF_HEADER).putShort(52, (short) ELF_HEADER).putShort(58, (short) SECTION_HEADER);
        to.putShort(60, (short) sectionCount).putShort(62, (short) 1);
    }

    private static void putSectionHeader(ByteBuffer to, int name, int type, long offset, long size) {
        to.putInt(name).putInt(type).putLong(0).putLong(0).putLong(offset).putLong(size);
        to.putLong(0).putLong(1).putLong(0);
    }

    private void writeSection(SeekableByteChannel out, long offset, Section section) throws IOException {
        if (section.bytes != null) {
            writeAt(out, offset, section.bytes);
            return;
        }
        byte[] page = new byte[PAGE];
        for (long done = 0; done < section.size; done += PAGE) {
            memory.read(section.start + done, page, 0, PAGE);
            if (!isZero(page)) {
                writeAt(out, offset + done, page);
            }
        }
    }

    private static boolean isZero(byte[] page) {
        for (byte b : page) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    private static void writeAt(SeekableByteChannel out, long offset, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        out.position(offset);
        while (buffer.hasRemaining()) {
            out.write(buffer);
        }
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
