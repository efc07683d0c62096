// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.cpu;

import mckernelj.emulator.hw.PhysicalMemory;

/**
 * The registers that a stub of the kernel image saved on the kernel stack: Linux's {@code struct pt_regs} in guest memory. Values
 * written here are loaded when the stub returns. Does not own the memory.
 */
public final class PtRegs {
    public static final int SIZE = 168;

    /** Slots in ascending order of address; slot n lies at n * 8. */
    public static final int R15 = 0;

    public static final int R14 = 1;
    public static final int R13 = 2;
    public static final int R12 = 3;
    public static final int RBP = 4;
    public static final int RBX = 5;
    public static final int R11 = 6;
    public static final int R10 = 7;
    public static final int R9 = 8;
    public static final int R8 = 9;
    public static final int RAX = 10;
    public static final int RCX = 11;
    public static final int RDX = 12;
    public static final int RSI = 13;
    public static final int RDI = 14;
    public static final int ORIG_RAX = 15;
    public static final int RIP = 16;
    public static final int CS = 17;
    public static final int RFLAGS = 18;
    public static final int RSP = 19;
    public static final int SS = 20;
    public static final int SLOTS = 21;

    /** Slots of the system call arguments, in order. */
    private static final int[] ARGUMENTS = {RDI, RSI, RDX, R10, R8, R9};

    private final PhysicalMemory memory;
    private final long physical;

    public PtRegs(PhysicalMemory memory, long physical) {
        this.memory = memory;
        this.physical = physical;
    }

    public long physical() {
        return physical;
    }

    public long get(int slot) {
        return memory.getLong(physical + slot * 8L);
    }

    public void set(int slot, long value) {
        memory.putLong(physical + slot * 8L, value);
    }

    /** System call argument 0..5: RDI, RSI, RDX, R10, R8, R9. */
    public long argument(int index) {
        return get(ARGUMENTS[index]);
    }

    public long rax() {
        return get(RAX);
    }

    public void setRax(long value) {
        set(RAX, value);
    }

    /** Number of the system call this frame belongs to; -1 if it was entered by an interrupt or exception. */
    public long origRax() {
        return get(ORIG_RAX);
    }

    public void setOrigRax(long value) {
        set(ORIG_RAX, value);
    }

    public long rip() {
        return get(RIP);
    }

    public void setRip(long linear) {
        set(RIP, linear);
    }

    public long rsp() {
        return get(RSP);
    }

    public void setRsp(long linear) {
        set(RSP, linear);
    }

    public long rflags() {
        return get(RFLAGS);
    }

    public void setRflags(long value) {
        set(RFLAGS, value);
    }

    /** True if the interrupted code ran at privilege level 3. */
    public boolean fromUser() {
        return (get(CS) & 3) == 3;
    }

    /** Copies all registers of {@code source} into this frame. */
    public void copyFrom(PtRegs source) {
        memory.copy(source.physical, physical, SIZE);
    }

    /** Sets every register to zero. */
    public void clear() {
        memory.clear(physical, SIZE);
    }
}
