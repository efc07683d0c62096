// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.cpu;

import mckernelj.emulator.fp.ExtendedUnit;
import mckernelj.emulator.fp.Transcendental;

/**
 * x87 FPU and MMX registers. Registers are physical numbers 0..7 (not relative to TOP); each is 80 bits: 64-bit
 * significand, and sign and exponent in the low 16 bits of an int. MMX register n is the significand of physical
 * register n.
 */
public final class X87 {
    private static final int EXCEPTIONS = 0x3F;
    private static final int SUMMARY = 1 << 7;
    private static final int BUSY = 1 << 15;

    public final long[] significand = new long[8];
    public final int[] signExponent = new int[8];

    /** Control word after FNINIT. */
    public int control = 0x37F;

    /** Status word without the TOP field. */
    public int status;

    /** Top of stack, 0..7. */
    public int top;

    /** Bit n set: physical register n is empty. */
    public int empty = 0xFF;

    /** Arithmetic of this processor's x87 unit. */
    public final ExtendedUnit unit = new ExtendedUnit();

    public final Transcendental transcendental = new Transcendental(unit);

    /** The instruction under way: where it is, its opcode, its operand in memory if it has one. */
    private long here;

    private int operation;
    private long operand;

    /** Last instruction pointer; operand pointer and opcode (11 bits) of the last instruction with an unmasked exception. */
    public long instructionPointer;

    public long dataPointer;
    public int opcode;

    /** Start of every instruction that is not a control instruction. */
    public void begin(long instruction, int fop) {
        here = instruction;
        operation = fop;
    }

    /** The same with an operand in memory. */
    public void begin(long instruction, int fop, long address) {
        begin(instruction, fop);
        operand = address;
    }

    /** The instruction under way will not fault any more. */
    public void keepInstructionPointer() {
        instructionPointer = here;
    }

    /** The instruction under way has met an unmasked exception (CPUID.7.EBX bit 6: only then the pointers are kept). */
    public void notePointers() {
        opcode = operation & 0x7FF;
        if (opcode << 24 >>> 30 != 3) {
            dataPointer = operand;
        }
    }

    /** ES and B of the status word follow from flags and masks. */
    public void summarize() {
        status &= ~(SUMMARY | BUSY);
        if ((status & ~control & EXCEPTIONS) != 0) {
            status |= SUMMARY | BUSY;
        }
    }

    /** An unmasked exception waits for the next waiting instruction. */
    public boolean isPending() {
        return (status & SUMMARY) != 0;
    }

    public long mm(int number) {
        return significand[number];
    }

    /** As every MMX instruction except EMMS: marks all registers valid and sets TOP to 0. */
    public void enterMmx() {
        top = 0;
        empty = 0;
    }

    /** Writes an MMX register: {@link #enterMmx}, and the exponent becomes all ones. */
    public void setMm(int number, long value) {
        enterMmx();
        significand[number] = value;
        signExponent[number] = 0xFFFF;
    }
}
