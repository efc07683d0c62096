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

    /** Last instruction and operand pointers, last opcode (11 bits). */
    public long instructionPointer;

    public long dataPointer;
    public int opcode;

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
