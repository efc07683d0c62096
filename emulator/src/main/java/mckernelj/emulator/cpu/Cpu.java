// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.cpu;

import jdk.internal.misc.Unsafe;

/**
 * Architectural state of one logical processor, with the accesses that instructions make: registers, flags, memory by
 * linear address. Confined to the host thread that currently is the processor.
 */
public final class Cpu {
    private static final Unsafe U = Unsafe.getUnsafe();

    /** Indices in {@link #r} behind the 16 general registers: a constant zero, the block's start, segment bases. */
    public static final int ZERO = 16;

    public static final int BLOCK = 17;
    public static final int ES = 18;
    public static final int CS = 19;
    public static final int SS = 20;
    public static final int DS = 21;
    public static final int FS = 22;
    public static final int GS = 23;

    public static final int RAX = 0;
    public static final int RCX = 1;
    public static final int RDX = 2;
    public static final int RBX = 3;
    public static final int RSP = 4;
    public static final int RBP = 5;
    public static final int RSI = 6;
    public static final int RDI = 7;

    public static final int TLB_ENTRIES = 1024;
    private static final int TLB_MASK = TLB_ENTRIES - 1;

    /** Bytes from the tag of an entry to its addend, and where the tags begin. */
    static final long ADDENDS = 8L * TLB_ENTRIES;

    private static final long TAGS = arrayBase();
    static final long PAGE = -4096L;

    /** RFLAGS bits. */
    public static final int CF = 1;

    public static final int PF = 1 << 2;
    public static final int AF = 1 << 4;
    public static final int ZF = 1 << 6;
    public static final int SF = 1 << 7;
    public static final int TF = 1 << 8;
    public static final int IF = 1 << 9;
    public static final int DF = 1 << 10;
    public static final int OF = 1 << 11;
    public static final int NT = 1 << 14;
    public static final int RF = 1 << 16;
    public static final int AC = 1 << 18;
    public static final int ID = 1 << 21;
    public static final int STATUS = CF | PF | AF | ZF | SF | OF;

    /**
     * Kinds of {@link #flagKind}: SUB: operands a - b; ADD: a + b (both sign-extended); BITS: the status bits are in
     * a.
     */
    public static final int FLAGS_BITS = 0;

    public static final int FLAGS_SUB = 1;
    public static final int FLAGS_ADD = 2;

    /** General registers 0..15, {@link #ZERO}, {@link #BLOCK} (linear address of the running block), segment bases. */
    public final long[] r = new long[24];

    /**
     * xmm registers, two longs each (low, high): xmm n is [2n], [2n+1]. Behind them {@link #STAGE}, in which a VEX form computes what
     * its legacy form would compute in the destination.
     */
    public final long[] xmm = new long[34];

    /** Number of the register behind the last xmm register. */
    public static final int STAGE = 16;

    /** Upper halves of the ymm registers, laid out like {@link #xmm}. */
    public final long[] ymmHigh = new long[32];

    public final X87 x87 = new X87();
    public int mxcsr = 0x1F80;
    public long xcr0 = 1;

    /** So many PAUSEs are a loop that waits for another processor. */
    public static final int LONG_SPIN = 256;

    /** PAUSEs since the machine last looked. */
    public int pauses;

    /** Why the run loop returned; set by HLT, IN, OUT and triple faults. */
    public static final int EXIT_NONE = 0;

    public static final int EXIT_HALT = 1;
    public static final int EXIT_OUT = 2;
    public static final int EXIT_IN = 3;
    public static final int EXIT_SHUTDOWN = 4;
    public static final int EXIT_INS = 5;

    public int exit;

    /** The I/O access of EXIT_OUT, EXIT_IN and EXIT_INS: port, width in bytes, value of OUT. */
    public int portNumber;

    public int portWidth;
    public int portValue;

    /** EXIT_INS: linear address to which the value goes. */
    public long portDestination;

    /** Not 0: the run loop returns at the next block boundary. Written by any thread. */
    public volatile int attention;

    /** The next instruction runs before any interrupt is taken (after STI, MOV SS, POP SS). */
    public boolean interruptShadow;

    /** The next instruction neither ends with a debug trap nor begins with one (after MOV SS, POP SS). */
    public boolean debugShadow;

    /** The instruction went through a gate or was SYSCALL and cleared RFLAGS.TF: no single-step trap follows it. */
    public boolean stepDiscarded;

    /** Offset in CS of the next instruction to execute; valid between blocks. */
    public long rip;

    /**
     * Where execution goes on after the current block; holds the fall-through address while the block's last
     * instruction runs.
     */
    public long nextRip;

    /** In a {@link RegionCode}: which instruction is being executed. */
    public int step;

    /** A {@link RegionCode} is running: what it cannot do exactly throws {@link LeaveRegion}. */
    public boolean inRegion;

    /** A region has left for something that is {@link Rare}. */
    public boolean rare;

    /** Lazy status flags: kind, width in bits, two sign-extended operands. See {@link #statusFlags()}. */
    public int flagKind;

    public int flagWidth;
    public long flagA;
    public long flagB;

    int savedKind;
    int savedWidth;
    long savedA;
    long savedB;

    /** RFLAGS without the six status bits (those are lazy) and with the always-one bit. */
    public int systemFlags = 2;

    public final int[] selector = new int[24];
    public final long[] segmentLimit = new long[24];

    /** Bases of ES, SS and DS while 64-bit code runs, in which they do not count. */
    final long[] waitingBase = new long[24];

    /** Segment attributes as in a descriptor's bits 40..55 (type, S, DPL, P, AVL, L, D/B, G). */
    public final int[] segmentAttributes = new int[24];

    public long gdtBase;
    public int gdtLimit;
    public long idtBase;
    public int idtLimit;
    public long ldtBase;
    public int ldtLimit;
    public int ldtSelector;
    public long trBase;
    public int trLimit;
    public int trSelector;
    public int trAttributes;

    public long cr0;
    public long cr2;
    public long cr3;
    public long cr4;
    public final long[] dr = new long[8];
    public final Breakpoints breakpoints = new Breakpoints(this);

    /** Page-directory-pointer entries of PAE paging, as of the last MOV CR3. */
    public final long[] pdpte = new long[4];

    /** Exceptions that SSE and AVX instructions raise now, by CR0, CR4 and XCR0: #UD, #NM or 0 for none. */
    public int sseFault;

    public int avxFault;
    public long efer;
    public int cpl;

    /** 16, 32 or 64: the size of the current code segment. */
    public int codeSize = 16;

    /** True in 64-bit mode (EFER.LMA and CS.L). */
    public boolean long64;

    /** Cycles retired: this is the TSC, but for {@link #tscOffset}. */
    public long cycles;

    /** What software added to the TSC by IA32_TIME_STAMP_COUNTER and IA32_TSC_ADJUST. */
    public long tscOffset;

    /** The run loop looks at events (timer, end of slice) when {@link #cycles} reaches it. */
    public long deadline;

    /** An interrupt is requested but was masked: {@link #interruptFlagChanged} looks again. */
    public boolean interruptWaits;

    /** A block runs: a store to a device must wait until its instruction runs alone ({@link DeviceStore}). */
    public boolean inBlock;

    /** The instruction that runs next is one whose accesses are not checked for alignment. */
    public boolean alignmentExempt;

    /** NMI is blocked until the next IRET. */
    public boolean nmiBlocked;

    /** The upper half of what {@link #load128} loaded last. */
    public long loadedHigh;

    /** Second result of an instruction with two destinations (operand suffix "!"). */
    public long secondResult;

    /** Translations for data reads and writes at the current privilege: tags [0, N), addends [N, 2N). */
    public long[] readTlb = new long[2 * TLB_ENTRIES];

    public long[] writeTlb = new long[2 * TLB_ENTRIES];

    public final X86Fault fault = new X86Fault();

    /**
     * Counts up whenever a translation may have changed (CR3, INVLPG, mode, privilege stays the same): for caches by
     * linear address.
     */
    public int translationEpoch;

    /** Set once by the machine, right after construction. */
    public Mmu mmu;

    /** What CPUID tells, and which instructions exist. Set like {@link #mmu}. */
    public CpuidLeaves cpuid;

    /** Set like {@link #mmu}. */
    public ModelSpecificRegisters msrs;

    /** What RDRAND gives: the machine's, or one of its own. */
    public Entropy entropy = new Entropy(0);

    // ---- exceptions ---------------------------------------------------------------------------------------------

    /** {@code throw cpu.raise(X86Fault.UD)}: an exception without error code. */
    public X86Fault raise(int vector) {
        return raise(vector, X86Fault.NO_ERROR_CODE);
    }

    public X86Fault raise(int vector, int errorCode) {
        fault.vector = vector;
        fault.errorCode = errorCode;
        fault.nonCanonical = false;
        return fault;
    }

    /** #GP(0) for a non-canonical address; the engine makes it #SS(0) where the access was to the stack segment. */
    public X86Fault raiseNonCanonical(long linear) {
        raise(X86Fault.GP, 0);
        fault.nonCanonical = true;
        fault.faultLinear = linear;
        return fault;
    }

    /** Before the operand of an x87 instruction is read: #NM if the unit is switched off, #MF if an exception is pending. */
    public void checkX87() {
        if ((cr0 & (ControlRegisters.CR0_EM | ControlRegisters.CR0_TS)) != 0) {
            throw raise(X86Fault.NM);
        }
        if (x87.isPending() && (cr0 & ControlRegisters.CR0_NE) != 0) {
            throw raise(X86Fault.MF);
        }
    }

    /** Before an MMX instruction: as {@link #checkX87}, but #UD without the unit. */
    public void checkMmx() {
        if ((cr0 & ControlRegisters.CR0_EM) != 0) {
            throw raise(X86Fault.UD);
        }
        checkX87();
    }

    // ---- memory by linear address; narrow loads are sign-extended
    // ------------------------------------------------------

    /** The offset of a constant in Java has changed its type between JDK 17 and 25: it is looked up at run time. */
    private static long arrayBase() {
        try {
            Object base = Unsafe.class.getMethod("arrayBaseOffset", Class.class).invoke(U, long[].class);
            return ((Number) base).longValue();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Offset of the tag of an address in a TLB array. Without the array's own bounds check: half of the cost of a load. */
    static long tag(long linear) {
        return TAGS + ((linear >>> 12 & TLB_MASK) << 3);
    }

    public long load8(long linear) {
        long[] t = readTlb;
        long tag = tag(linear);
        if (U.getLong(t, tag) == (linear & PAGE)) {
            return U.getByte(null, linear + U.getLong(t, tag + ADDENDS));
        }
        return (byte) mmu.load(linear, 1);
    }

    public long load16(long linear) {
        long[] t = readTlb;
        long tag = tag(linear);
        if (U.getLong(t, tag) == ((linear + 1) & PAGE)) {
            return U.getShortAcquire(null, linear + U.getLong(t, tag + ADDENDS));
        }
        return (short) mmu.load(linear, 2);
    }

    public long load32(long linear) {
        long[] t = readTlb;
        long tag = tag(linear);
        if (U.getLong(t, tag) == ((linear + 3) & PAGE)) {
            return U.getIntAcquire(null, linear + U.getLong(t, tag + ADDENDS));
        }
        return (int) mmu.load(linear, 4);
    }

    public long load64(long linear) {
        long[] t = readTlb;
        long tag = tag(linear);
        if (U.getLong(t, tag) == ((linear + 7) & PAGE)) {
            return U.getLongAcquire(null, linear + U.getLong(t, tag + ADDENDS));
        }
        return mmu.load(linear, 8);
    }

    /** 16 bytes: the lower 8; the upper 8 are in {@link #loadedHigh}. */
    public long load128(long linear) {
        long[] t = readTlb;
        long tag = tag(linear);
        if (U.getLong(t, tag) == ((linear + 15) & PAGE)) {
            long host = linear + U.getLong(t, tag + ADDENDS);
            loadedHigh = U.getLongAcquire(null, host + 8);
            return U.getLongAcquire(null, host);
        }
        return load128InParts(linear);
    }

    private long load128InParts(long linear) {
        long low = load64(linear);
        loadedHigh = load64(linear + 8);
        return low;
    }

    /** 16 bytes; nothing is stored if a part cannot be. */
    public void store128(long linear, long low, long high) {
        long[] t = writeTlb;
        long tag = tag(linear);
        if (U.getLong(t, tag) == ((linear + 15) & PAGE)) {
            long host = linear + U.getLong(t, tag + ADDENDS);
            U.putLongRelease(null, host, low);
            U.putLongRelease(null, host + 8, high);
        } else {
            checkWrite(linear, 16);
            store64(linear, low);
            store64(linear + 8, high);
        }
    }

    public void store8(long linear, long value) {
        long[] t = writeTlb;
        long tag = tag(linear);
        if (U.getLong(t, tag) == (linear & PAGE)) {
            U.putByte(null, linear + U.getLong(t, tag + ADDENDS), (byte) value);
        } else {
            mmu.store(linear, 1, value);
        }
    }

    public void store16(long linear, long value) {
        long[] t = writeTlb;
        long tag = tag(linear);
        if (U.getLong(t, tag) == ((linear + 1) & PAGE)) {
            U.putShortRelease(null, linear + U.getLong(t, tag + ADDENDS), (short) value);
        } else {
            mmu.store(linear, 2, value);
        }
    }

    public void store32(long linear, long value) {
        long[] t = writeTlb;
        long tag = tag(linear);
        if (U.getLong(t, tag) == ((linear + 3) & PAGE)) {
            U.putIntRelease(null, linear + U.getLong(t, tag + ADDENDS), (int) value);
        } else {
            mmu.store(linear, 4, value);
        }
    }

    public void store64(long linear, long value) {
        long[] t = writeTlb;
        long tag = tag(linear);
        if (U.getLong(t, tag) == ((linear + 7) & PAGE)) {
            U.putLongRelease(null, linear + U.getLong(t, tag + ADDENDS), value);
        } else {
            mmu.store(linear, 8, value);
        }
    }

    /** Load of {@code width} bits (8, 16, 32, 64), sign-extended. */
    public long load(int width, long linear) {
        switch (width) {
            case 8:
                return load8(linear);
            case 16:
                return load16(linear);
            case 32:
                return load32(linear);
            default:
                return load64(linear);
        }
    }

    public void store(int width, long linear, long value) {
        switch (width) {
            case 8:
                store8(linear, value);
                break;
            case 16:
                store16(linear, value);
                break;
            case 32:
                store32(linear, value);
                break;
            default:
                store64(linear, value);
                break;
        }
    }

    /** Load for an instruction that stores to the same place afterwards: faults as the store would. Sign-extended. */
    public long loadForWrite(int width, long linear) {
        checkWrite(linear, width >> 3);
        return load(width, linear);
    }

    /** Raises the fault that a write of {@code bytes} at {@code linear} would raise; changes no memory. */
    public void checkWrite(long linear, int bytes) {
        if (U.getLong(writeTlb, tag(linear)) != ((linear + bytes - 1) & PAGE)) {
            mmu.checkWrite(linear, bytes);
        }
    }

    /**
     * Atomic compare-and-swap of {@code width} bits at a writable linear address: also correct for split and device
     * addresses (then under the machine's bus lock). Expected and value count in their low bits.
     */
    public boolean compareAndSwap(int width, long linear, long expected, long value) {
        return mmu.compareAndSwap(width, linear, expected, value);
    }

    // ---- runs of string instructions, within one page each
    // ---------------------------------------------------------------

    /**
     * Copies forward {@code bytes} that cross no page boundary at either end. False, and nothing done, if a page is
     * not in the TLB or the destination starts within the source (then an element-wise copy would replicate).
     */
    public boolean copyWithinPages(long from, long to, int bytes) {
        int i = (int) (from >>> 12) & TLB_MASK;
        int j = (int) (to >>> 12) & TLB_MASK;
        if (readTlb[i] != (from & PAGE) || writeTlb[j] != (to & PAGE)) {
            return false;
        }
        long hostFrom = from + readTlb[i + TLB_ENTRIES];
        long hostTo = to + writeTlb[j + TLB_ENTRIES];
        if (hostTo > hostFrom && hostTo < hostFrom + bytes) {
            return false;
        }
        U.copyMemory(hostFrom, hostTo, bytes);
        return true;
    }

    /**
     * Stores {@code elements} copies of the low {@code width} bits within one page; false, nothing done, if it is not
     * in the TLB.
     */
    public boolean fillWithinPage(long to, int elements, int width, long value) {
        int j = (int) (to >>> 12) & TLB_MASK;
        if (writeTlb[j] != (to & PAGE)) {
            return false;
        }
        long host = to + writeTlb[j + TLB_ENTRIES];
        int size = width >> 3;
        long rotated = width == 64 ? Long.rotateLeft(value, 8) : value << 8 | value >>> (width - 8) & 0xFF;
        if (width == 8 || (value ^ rotated) << (64 - width) == 0) {
            U.setMemory(host, (long) elements * size, (byte) value);
            return true;
        }
        for (int k = 0; k < elements; k++) {
            store(width, to + (long) k * size, value);
        }
        return true;
    }

    /** #GP(0) unless {@code linear} is a multiple of {@code bytes} (legacy SSE memory operands, VMOVAPS). */
    public void checkAligned(long linear, int bytes) {
        if ((linear & bytes - 1) != 0) {
            throw raise(X86Fault.GP, 0);
        }
    }

    /**
     * Linear address of offset {@code address} in segment {@code segment} ({@link #ZERO} or {@link #ES}..{@link
     * #GS}).
     */
    public long segmented(int segment, long address) {
        return long64 ? address + r[segment] : (address + r[segment]) & 0xFFFFFFFFL;
    }

    /**
     * Outside 64-bit mode: #GP(0), or #SS(0) for the stack segment, unless {@code bytes} at {@code offset} lie within
     * the segment and may be read or written.
     */
    public void checkSegment(int segment, long offset, int bytes, boolean write) {
        if (!long64 && !SegmentRegisters.permits(this, segment, offset, bytes, write)) {
            throw raise(segment == SS ? X86Fault.SS : X86Fault.GP, 0);
        }
    }

    /** Outside 64-bit mode: #GP(0) if {@code offset} of an instruction is behind the limit of CS. */
    public void checkFetch(long offset) {
        if (!long64 && offset > segmentLimit[CS]) {
            throw raise(X86Fault.GP, 0);
        }
    }

    // ---- stack, in the width of the operand; RSP is changed only after the access succeeded
    // -------------------------------

    public void push(int width, long value) {
        if (long64) {
            long sp = r[RSP] - (width >> 3);
            store(width, sp, value);
            r[RSP] = sp;
        } else {
            pushLegacy(width, value);
        }
    }

    public long pop(int width) {
        if (long64) {
            long sp = r[RSP];
            long value = load(width, sp);
            r[RSP] = sp + (width >> 3);
            return value;
        }
        return popLegacy(width);
    }

    /** Moves the stack pointer, in the width of the stack. */
    public void addToStackPointer(long delta) {
        r[RSP] = stackPointerFrom(r[RSP] + delta);
    }

    /** RSP with {@code value} in its low bits, as many as the stack is wide. */
    public long stackPointerFrom(long value) {
        if (long64) {
            return value;
        }
        long mask = stackMask();
        return mask == 0xFFFFFFFFL ? value & mask : r[RSP] & ~mask | value & mask;
    }

    private long stackMask() {
        return (segmentAttributes[SS] & 1 << 14) != 0 ? 0xFFFFFFFFL : 0xFFFFL;
    }

    private void pushLegacy(int width, long value) {
        pushLegacy(width, width, value);
    }

    private void pushLegacy(int slot, int width, long value) {
        long mask = stackMask();
        long sp = (r[RSP] - (slot >> 3)) & mask;
        checkSegment(SS, sp, width >> 3, true);
        store(width, segmented(SS, sp), value);
        r[RSP] = r[RSP] & ~mask | sp;
    }

    /** Outside of 64-bit mode: 16 bits into a slot of 32. */
    public void pushSelector(int value) {
        pushLegacy(32, 16, value);
    }

    private long popLegacy(int width) {
        long mask = stackMask();
        long sp = r[RSP] & mask;
        checkSegment(SS, sp, width >> 3, false);
        long value = load(width, segmented(SS, sp));
        r[RSP] = r[RSP] & ~mask | (sp + (width >> 3)) & mask;
        return value;
    }

    /** Reads {@code offset} bytes above the top of the stack, sign-extended; RSP stays. */
    public long peekStack(int width, long offset) {
        return loadStack(width, r[RSP] + offset);
    }

    /** Reads the stack at {@code pointer}, as wide as the stack is, sign-extended. */
    public long loadStack(int width, long pointer) {
        if (long64) {
            return load(width, pointer);
        }
        long sp = pointer & stackMask();
        checkSegment(SS, sp, width >> 3, false);
        return load(width, segmented(SS, sp));
    }

    // ---- general registers by width
    // ------------------------------------------------------------------------------------

    /**
     * Writes the low {@code width} bits; 32 clears the upper half, 8 and 16 keep the rest. Byte registers: low bytes
     * only.
     */
    public void setRegister(int width, int number, long value) {
        switch (width) {
            case 8:
                r[number] = r[number] & ~0xFFL | value & 0xFF;
                break;
            case 16:
                r[number] = r[number] & ~0xFFFFL | value & 0xFFFF;
                break;
            case 32:
                r[number] = value & 0xFFFFFFFFL;
                break;
            default:
                r[number] = value;
                break;
        }
    }

    /** Writes AH, CH, DH or BH ({@code number} 0..3). */
    public void setHighByte(int number, long value) {
        r[number] = r[number] & ~0xFF00L | (value & 0xFF) << 8;
    }

    /** #GP(0) unless CPL is 0. */
    public void checkPrivileged() {
        if (cpl != 0) {
            throw raise(X86Fault.GP, 0);
        }
    }

    /** The low {@code width} bits, sign-extended. */
    public long register(int width, int number) {
        long value = r[number];
        return width == 64 ? value : width == 32 ? (int) value : width == 16 ? (short) value : (byte) value;
    }

    /** Writes all 128 bits of xmm {@code number}. */
    public void setXmm(int number, long low, long high) {
        xmm[2 * number] = low;
        xmm[2 * number + 1] = high;
    }

    /** Writes all 256 bits of ymm {@code number}. */
    public void setYmm(int number, long a, long b, long c, long d) {
        setXmm(number, a, b);
        ymmHigh[2 * number] = c;
        ymmHigh[2 * number + 1] = d;
    }

    /** After a VEX-encoded write of xmm {@code number}. */
    public void clearYmmHigh(int number) {
        ymmHigh[2 * number] = 0;
        ymmHigh[2 * number + 1] = 0;
    }

    /** 64 bits of ymm {@code number}; {@code quarter} 0..3. */
    public long ymm(int number, int quarter) {
        return quarter < 2 ? xmm[2 * number + quarter] : ymmHigh[2 * number + quarter - 2];
    }

    /** #UD or #NM unless SSE instructions are permitted. */
    public void checkSse() {
        if (sseFault != 0) {
            throw raise(sseFault);
        }
    }

    /** #UD or #NM unless AVX instructions are permitted. */
    public void checkAvx() {
        if (avxFault != 0) {
            throw raise(avxFault);
        }
    }

    // ---- flags
    // -----------------------------------------------------------------------------------------------------------

    /** Flags of a - b, both sign-extended from {@code width} bits. Logical results: b = 0. */
    public void setFlagsSub(int width, long a, long b) {
        flagKind = FLAGS_SUB;
        flagWidth = width;
        flagA = a;
        flagB = b;
    }

    /** Flags of a + b, both sign-extended from {@code width} bits. */
    public void setFlagsAdd(int width, long a, long b) {
        flagKind = FLAGS_ADD;
        flagWidth = width;
        flagA = a;
        flagB = b;
    }

    /** Flags of a logical result (AND, OR, XOR, TEST): CF = OF = AF = 0. */
    public void setFlagsLogic(int width, long result) {
        flagKind = FLAGS_SUB;
        flagWidth = width;
        flagA = width == 64 ? result : result << (64 - width) >> (64 - width);
        flagB = 0;
    }

    /** Sets the six status flags to those bits of {@code bits}. */
    public void setStatusFlags(int bits) {
        flagKind = FLAGS_BITS;
        flagA = bits & STATUS;
    }

    /** The six status flags in their RFLAGS positions. */
    public int statusFlags() {
        if (flagKind == FLAGS_BITS) {
            return (int) flagA;
        }
        long a = flagA;
        long b = flagB;
        int shift = 64 - flagWidth;
        long result = (flagKind == FLAGS_SUB ? a - b : a + b) << shift >> shift;
        long carries = flagKind == FLAGS_SUB ? ~a & b | ~(a ^ b) & result : a & b | (a | b) & ~result;
        long overflow = flagKind == FLAGS_SUB ? (a ^ b) & (a ^ result) : (a ^ result) & (b ^ result);
        int flags = carries < 0 ? CF : 0;
        flags |= (Integer.bitCount((int) result & 0xFF) & 1) == 0 ? PF : 0;
        flags |= (int) (a ^ b ^ result) & AF;
        flags |= result == 0 ? ZF : 0;
        flags |= result < 0 ? SF : 0;
        flags |= overflow < 0 ? OF : 0;
        return flags;
    }

    /** Remembers the status flags for {@link #restoreFlags()}: an atomic instruction may have to be computed again. */
    public void saveFlags() {
        savedKind = flagKind;
        savedWidth = flagWidth;
        savedA = flagA;
        savedB = flagB;
    }

    public void restoreFlags() {
        flagKind = savedKind;
        flagWidth = savedWidth;
        flagA = savedA;
        flagB = savedB;
    }

    /** True if the carry flag is set. */
    public boolean carry() {
        switch (flagKind) {
            case FLAGS_SUB:
                return Long.compareUnsigned(flagA, flagB) < 0;
            case FLAGS_BITS:
                return (flagA & CF) != 0;
            default:
                return (statusFlags() & CF) != 0;
        }
    }

    /** All of RFLAGS. */
    public long rflags() {
        return systemFlags | statusFlags();
    }

    /** Sets all of RFLAGS, unchecked. */
    public void setRflags(long value) {
        boolean accessChanges = ((systemFlags ^ (int) value) & AC) != 0;
        systemFlags = (int) value & ~STATUS | 2;
        setStatusFlags((int) value);
        interruptFlagChanged();
        if (accessChanges) {
            mmu.privilegeChanged();
        }
    }

    /** After every change of RFLAGS.IF or of the task priority: a masked interrupt may have become deliverable. */
    public void interruptFlagChanged() {
        if (interruptWaits) {
            attention = 1;
        }
    }

    /** Condition code 0..15 as in Jcc, SETcc, CMOVcc (SDM vol. 1, appendix B). */
    public boolean condition(int code) {
        boolean value = flagKind == FLAGS_SUB ? conditionOfSub(code >> 1) : conditionOfBits(code >> 1, statusFlags());
        return value ^ (code & 1) != 0;
    }

    /** After a comparison no flag needs to be computed, but for overflow and parity. */
    private boolean conditionOfSub(int pair) {
        switch (pair) {
            case 1:
                return Long.compareUnsigned(flagA, flagB) < 0;
            case 2:
                return flagA == flagB;
            case 3:
                return Long.compareUnsigned(flagA, flagB) <= 0;
            case 4:
                return (flagA - flagB) << (64 - flagWidth) < 0;
            case 6:
                return flagA < flagB;
            case 7:
                return flagA <= flagB;
            default:
                return conditionOfBits(pair, statusFlags());
        }
    }

    private static boolean conditionOfBits(int pair, int flags) {
        switch (pair) {
            case 0:
                return (flags & OF) != 0;
            case 1:
                return (flags & CF) != 0;
            case 2:
                return (flags & ZF) != 0;
            case 3:
                return (flags & (CF | ZF)) != 0;
            case 4:
                return (flags & SF) != 0;
            case 5:
                return (flags & PF) != 0;
            case 6:
                return (flags & SF) != 0 != ((flags & OF) != 0);
            default:
                return (flags & ZF) != 0 || (flags & SF) != 0 != ((flags & OF) != 0);
        }
    }
}
