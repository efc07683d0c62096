// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.elf;

import static mckernelj.ihk.elf.ProgramLoadException.EIO;
import static mckernelj.ihk.elf.ProgramLoadException.ENOEXEC;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The headers of an x86-64 ELF executable or shared object (ELF-64 object file format; psABI AMD64), read and checked. Every
 * number in them is hostile: whatever Linux would refuse, or kill the process for after the point of no return, is refused
 * here with ENOEXEC. Section headers, notes and GNU properties are ignored, as by Linux.
 */
public final class ElfImage {
    /** Largest number of PT_LOAD segments that are accepted (a limit of the program load descriptor). */
    public static final int MAX_SEGMENTS = 16;

    /** First address that a user program cannot have. */
    public static final long USER_END = mckernelj.ihk.layout.UserSpace.USER_END;

    private static final int HEADER_SIZE = 64;
    private static final int PROGRAM_HEADER_SIZE = 56;
    private static final int MAX_PROGRAM_HEADER_BYTES = 65536;
    private static final int PATH_MAX = 4096;
    private static final int ET_EXEC = 2;
    private static final int ET_DYN = 3;
    private static final int EM_X86_64 = 62;
    private static final int PT_LOAD = 1;
    private static final int PT_INTERP = 3;
    private static final int PT_GNU_STACK = 0x6474E551;

    private final ElfSource source;
    private final List<ElfSegment> segments = new ArrayList<>();
    private boolean positionIndependent;
    private long entry;
    private long programHeaderOffset;
    private int programHeaderCount;
    private String interpreter;
    private int stackFlags = ElfSegment.PF_R | ElfSegment.PF_W;

    private ElfImage(ElfSource source) {
        this.source = source;
    }

    /** Reads the headers of {@code source}. */
    public static ElfImage read(ElfSource source) throws ProgramLoadException {
        ElfImage image = new ElfImage(source);
        image.readHeader();
        image.readProgramHeaders();
        image.checkLayout();
        return image;
    }

    /** True if the first bytes of a file are the ELF magic number. */
    public static boolean hasMagic(byte[] head, int length) {
        return length >= 4 && head[0] == 0x7F && head[1] == 'E' && head[2] == 'L' && head[3] == 'F';
    }

    /** In ascending order of their addresses. */
    public List<ElfSegment> segments() {
        return List.copyOf(segments);
    }

    /** ET_DYN: addresses are relative to a base that the loader chooses. */
    public boolean positionIndependent() {
        return positionIndependent;
    }

    public long entry() {
        return entry;
    }

    public int programHeaderCount() {
        return programHeaderCount;
    }

    public int programHeaderSize() {
        return PROGRAM_HEADER_SIZE;
    }

    /** Address of the program headers in memory (AT_PHDR), or 0 if no segment holds them. */
    public long programHeaderAddress() {
        for (ElfSegment segment : segments) {
            long into = programHeaderOffset - segment.fileOffset();
            if (into >= 0 && into < segment.fileSize()) {
                return segment.virtualAddress() + into;
            }
        }
        return 0;
    }

    /** Path in PT_INTERP (a byte string), or null. */
    public String interpreter() {
        return interpreter;
    }

    /** PF_ flags of PT_GNU_STACK; not executable when the file does not say (as Linux on x86-64). */
    public int stackFlags() {
        return stackFlags;
    }

    /** Largest p_align of the segments (a power of two, at least a page). */
    public long alignment() {
        return segments.stream().mapToLong(ElfSegment::alignment).max().orElse(4096);
    }

    private void readHeader() throws ProgramLoadException {
        ByteBuffer header = bytes(0, HEADER_SIZE, ENOEXEC);
        byte[] raw = header.array();
        check(hasMagic(raw, HEADER_SIZE), "no ELF file");
        check(raw[4] == 2 && raw[5] == 1, "not a 64-bit little-endian ELF file");
        int type = header.getShort(16);
        check(type == ET_EXEC || type == ET_DYN, "not an executable");
        check(header.getShort(18) == EM_X86_64, "not for x86-64");
        positionIndependent = type == ET_DYN;
        entry = header.getLong(24);
        check(entry >= 0 && entry < USER_END, "entry point outside user space");
        programHeaderOffset = header.getLong(32);
        check(header.getShort(54) == PROGRAM_HEADER_SIZE, "unknown size of program headers");
        programHeaderCount = header.getShort(56) & 0xFFFF;
    }

    private void readProgramHeaders() throws ProgramLoadException {
        int length = programHeaderCount * PROGRAM_HEADER_SIZE;
        check(length > 0 && length <= MAX_PROGRAM_HEADER_BYTES, "no or too many program headers");
        check(
                programHeaderOffset >= 0 && programHeaderOffset <= source.size() - length,
                "program headers outside the file");
        ByteBuffer headers = bytes(programHeaderOffset, length, ENOEXEC);
        for (int at = 0; at < length; at += PROGRAM_HEADER_SIZE) {
            switch (headers.getInt(at)) {
                case PT_LOAD -> addSegment(headers, at);
                case PT_INTERP -> readInterpreter(headers.getLong(at + 8), headers.getLong(at + 32));
                case PT_GNU_STACK -> stackFlags = headers.getInt(at + 4);
                default -> {}
            }
        }
    }

    private void addSegment(ByteBuffer headers, int at) throws ProgramLoadException {
        long alignment = headers.getLong(at + 48);
        ElfSegment segment = new ElfSegment(
                headers.getLong(at + 16),
                headers.getLong(at + 40),
                headers.getLong(at + 8),
                headers.getLong(at + 32),
                headers.getInt(at + 4),
                Math.max(alignment, 4096));
        check(
                alignment >= 0 && alignment <= 1L << 30 && (alignment & alignment - 1) == 0,
                "alignment is no power of two");
        check(
                segment.fileOffset() >= 0
                        && segment.fileSize() >= 0
                        && segment.fileOffset() <= source.size() - segment.fileSize(),
                "segment outside the file");
        check(segment.memorySize() >= segment.fileSize(), "segment smaller than its contents");
        check(
                segment.virtualAddress() >= 0
                        && segment.memorySize() < USER_END
                        && segment.virtualAddress() < USER_END - segment.memorySize(),
                "segment outside user space");
        check(
                (segment.virtualAddress() - segment.fileOffset() & 4095) == 0 || segment.fileSize() == 0,
                "address and file offset not congruent");
        if (segment.memorySize() > 0) {
            check(segments.size() < MAX_SEGMENTS, "too many segments");
            segments.add(segment);
        }
    }

    private void readInterpreter(long offset, long length) throws ProgramLoadException {
        check(interpreter == null, "two interpreters");
        check(length >= 2 && length <= PATH_MAX && offset >= 0 && offset <= source.size() - length, "bad interpreter");
        byte[] path = bytes(offset, (int) length, EIO).array();
        check(path[path.length - 1] == 0, "interpreter path without end");
        int end = 0;
        while (path[end] != 0) {
            end++;
        }
        interpreter = new String(path, 0, end, StandardCharsets.ISO_8859_1);
    }

    private void checkLayout() throws ProgramLoadException {
        check(!segments.isEmpty(), "nothing to load");
        long end = 0;
        for (ElfSegment segment : segments) {
            check(segment.pageStart() >= end, "segments overlap or are not in order");
            end = segment.pageEnd();
        }
    }

    private ByteBuffer bytes(long offset, int length, int errno) throws ProgramLoadException {
        byte[] target = new byte[length];
        int read = source.read(offset, target);
        if (read < 0) {
            throw new ProgramLoadException(-read, "cannot read");
        }
        if (read < length) {
            throw new ProgramLoadException(errno, "file too short");
        }
        return ByteBuffer.wrap(target).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void check(boolean good, String reason) throws ProgramLoadException {
        if (!good) {
            throw new ProgramLoadException(ENOEXEC, reason);
        }
    }
}
