// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.layout;

import java.util.ArrayList;
import java.util.List;
import mckernelj.emulator.hw.PhysicalMemory;

/**
 * Everything the LWK needs to build a process image (upstream: program_load_desc): written by mcexec or by mcctrl for execve. A Java
 * copy of a block of guest memory: a page of numbers and sections, one {@link PagerObject} page each for the program and its
 * interpreter, then arguments and environment as NUL-terminated strings. The LWK answers in {@link #setResult}.
 *
 * <p>Unlike upstream nobody copies section contents: the LWK maps them from the pager handles, one reference of each is its own.
 */
public final class ProgramLoadDescriptor {
    public static final long MAGIC = 0xCAFE_CAFE_4433_2211L;
    public static final int MAX_SECTIONS = 32;
    public static final int RLIMITS = 16;

    /** Where the pages of the two files and the strings begin. */
    public static final int PROGRAM_FILE = 4096;

    public static final int INTERPRETER_FILE = 8192;
    public static final int STRINGS = 12288;

    /** mpol_flags. */
    public static final int MPOL_NO_HEAP = 1;

    public static final int MPOL_NO_STACK = 2;
    public static final int MPOL_NO_BSS = 4;
    public static final int MPOL_SHM_PREMAP = 8;

    private static final int RPROCESS = 24;
    private static final int RPGTABLE = 32;
    private static final int SECTION_TABLE = 1024;
    private static final int SECTION_SIZE = 48;

    public int cpu;
    public int pid;
    public int ppid;
    public int pgid;
    public int sid;

    /** PROT_ bits of the stack. */
    public int stackProt = 3;

    /** The program is position-independent. */
    public boolean relocatable;

    public boolean interpreterRelocatable;
    public boolean enableVdso = true;

    /** Entry points as in the files, not relocated. */
    public long entry;

    public long interpreterEntry;

    /** As in the file, not relocated; 0 if the program headers are not in memory. */
    public long atPhdr;

    public int atPhent;
    public int atPhnum;
    public int clockTicks = 100;
    public long interpreterAlignment;

    /** Linux' credentials: ruid, euid, suid, fsuid, rgid, egid, sgid, fsgid. */
    public final int[] credentials = new int[8];

    /** Pairs cur, max in the order of RLIMIT_ numbers; -1 = infinity. */
    public final long[] rlimits = new long[2 * RLIMITS];

    public int mpolFlags;
    public long mpolThreshold;
    public long heapExtension = 4096;
    public long stackPremap = 2 << 20;

    /** NUMA nodes to prefer, 0: no wish. */
    public long mpolBindMask;

    public boolean thpDisable;
    public boolean straightMap;
    public long straightMapThreshold;
    public int nrProcesses;
    public int processRank;

    /** LWK CPUs that the process may use; bit n of word n / 64. All zero: every CPU. */
    public final long[] cpuSet = new long[16];

    public boolean profile;

    /** Print each system call. */
    public boolean traceCalls;

    public int mcexecFlags;

    /** Signals that are ignored from the start (inherited): bit n - 1. */
    public long ignoredSignals;

    /** Signals that are blocked from the start (inherited): bit n - 1. */
    public long blockedSignals;

    /** 16 bytes for AT_RANDOM. */
    public final long[] random = new long[2];

    public final List<LoadSection> sections = new ArrayList<>();

    /** NUL-terminated byte strings, one after the other. */
    public byte[] arguments = new byte[0];

    public byte[] environment = new byte[0];

    /** Bytes of guest memory that {@link #writeTo} needs. */
    public long sizeBytes() {
        return STRINGS + (long) arguments.length + environment.length;
    }

    /** The executable file; valid while the block exists. */
    public static PagerObject program(PhysicalMemory memory, long physical) {
        return new PagerObject(memory, physical + PROGRAM_FILE);
    }

    /** The ELF interpreter; handle 0 if the program has none. */
    public static PagerObject interpreter(PhysicalMemory memory, long physical) {
        return new PagerObject(memory, physical + INTERPRETER_FILE);
    }

    /** LWK: what PREPARE_PROCESS made. {@code rprocess} is opaque to Linux, {@code rpgtable} the physical top page table. */
    public static void setResult(PhysicalMemory memory, long physical, long rprocess, long rpgtable) {
        memory.putLong(physical + RPROCESS, rprocess);
        memory.putLong(physical + RPGTABLE, rpgtable);
    }

    public static long rprocess(PhysicalMemory memory, long physical) {
        return memory.getLong(physical + RPROCESS);
    }

    public static long rpgtable(PhysicalMemory memory, long physical) {
        return memory.getLong(physical + RPGTABLE);
    }

    /** Writes all but the two files' pages, which it leaves as they are. */
    public void writeTo(PhysicalMemory memory, long physical) {
        memory.putLong(physical, MAGIC);
        memory.putInt(physical + 8, sections.size());
        memory.putInt(physical + 12, arguments.length);
        memory.putInt(physical + 16, environment.length);
        setResult(memory, physical, 0, 0);
        fields(new Writer(memory, physical + 40));
        for (int i = 0; i < sections.size(); i++) {
            writeSection(memory, physical + SECTION_TABLE + (long) i * SECTION_SIZE, sections.get(i));
        }
        memory.write(physical + STRINGS, arguments, 0, arguments.length);
        memory.write(physical + STRINGS + arguments.length, environment, 0, environment.length);
    }

    /** Reads a block; null if it is none. */
    public static ProgramLoadDescriptor read(PhysicalMemory memory, long physical) {
        int count = memory.getInt(physical + 8);
        if (memory.getLong(physical) != MAGIC || count < 0 || count > MAX_SECTIONS) {
            return null;
        }
        ProgramLoadDescriptor read = new ProgramLoadDescriptor();
        read.arguments = new byte[memory.getInt(physical + 12)];
        read.environment = new byte[memory.getInt(physical + 16)];
        read.fields(new Reader(memory, physical + 40));
        for (int i = 0; i < count; i++) {
            read.sections.add(readSection(memory, physical + SECTION_TABLE + (long) i * SECTION_SIZE));
        }
        memory.read(physical + STRINGS, read.arguments, 0, read.arguments.length);
        memory.read(physical + STRINGS + read.arguments.length, read.environment, 0, read.environment.length);
        return read;
    }

    /** The one list of the fields' order in memory: 8 bytes each. */
    private void fields(Cursor at) {
        cpu = (int) at.next(cpu);
        pid = (int) at.next(pid);
        ppid = (int) at.next(ppid);
        pgid = (int) at.next(pgid);
        sid = (int) at.next(sid);
        stackProt = (int) at.next(stackProt);
        relocatable = at.next(relocatable);
        interpreterRelocatable = at.next(interpreterRelocatable);
        enableVdso = at.next(enableVdso);
        entry = at.next(entry);
        interpreterEntry = at.next(interpreterEntry);
        atPhdr = at.next(atPhdr);
        atPhent = (int) at.next(atPhent);
        atPhnum = (int) at.next(atPhnum);
        clockTicks = (int) at.next(clockTicks);
        interpreterAlignment = at.next(interpreterAlignment);
        mpolFlags = (int) at.next(mpolFlags);
        mpolThreshold = at.next(mpolThreshold);
        heapExtension = at.next(heapExtension);
        stackPremap = at.next(stackPremap);
        mpolBindMask = at.next(mpolBindMask);
        thpDisable = at.next(thpDisable);
        straightMap = at.next(straightMap);
        straightMapThreshold = at.next(straightMapThreshold);
        nrProcesses = (int) at.next(nrProcesses);
        processRank = (int) at.next(processRank);
        profile = at.next(profile);
        traceCalls = at.next(traceCalls);
        mcexecFlags = (int) at.next(mcexecFlags);
        ignoredSignals = at.next(ignoredSignals);
        blockedSignals = at.next(blockedSignals);
        at.next(random);
        at.next(rlimits);
        at.next(cpuSet);
        for (int i = 0; i < credentials.length; i++) {
            credentials[i] = (int) at.next(credentials[i]);
        }
    }

    private static void writeSection(PhysicalMemory memory, long at, LoadSection section) {
        memory.putLong(at, section.vaddr());
        memory.putLong(at + 8, section.len());
        memory.putLong(at + 16, section.fileSize());
        memory.putLong(at + 24, section.offset());
        memory.putInt(at + 32, section.prot());
        memory.putInt(at + 36, section.interpreter() ? 1 : 0);
    }

    private static LoadSection readSection(PhysicalMemory memory, long at) {
        return new LoadSection(
                memory.getLong(at),
                memory.getLong(at + 8),
                memory.getLong(at + 16),
                memory.getLong(at + 24),
                memory.getInt(at + 32),
                memory.getInt(at + 36) != 0);
    }

    /** Visits 8-byte fields in order, writing them or replacing them by what is in memory. */
    private interface Cursor {
        long next(long value);

        default boolean next(boolean value) {
            return next(value ? 1L : 0L) != 0;
        }

        default void next(long[] values) {
            for (int i = 0; i < values.length; i++) {
                values[i] = next(values[i]);
            }
        }
    }

    private static final class Writer implements Cursor {
        private final PhysicalMemory memory;
        private long at;

        Writer(PhysicalMemory memory, long at) {
            this.memory = memory;
            this.at = at;
        }

        @Override
        public long next(long value) {
            memory.putLong(at, value);
            at += 8;
            return value;
        }
    }

    private static final class Reader implements Cursor {
        private final PhysicalMemory memory;
        private long at;

        Reader(PhysicalMemory memory, long at) {
            this.memory = memory;
            this.at = at;
        }

        @Override
        public long next(long value) {
            long read = memory.getLong(at);
            at += 8;
            return read;
        }
    }
}
