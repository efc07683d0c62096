// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.cpu;

/**
 * One decoded instruction, bound to the code that executes it. Subclasses are spun at run time from the {@code
 * @Encoding} methods, one per form and operand shape; register numbers, displacement and immediate are the fields of
 * the instance. The fields are narrow on purpose: a program has many instructions, and 56 bytes each go easy on the host's caches.
 */
public abstract class Op implements Cloneable {
    /** Register numbers for the effective address: see {@link Cpu#r}; {@link Cpu#ZERO} where there is none. */
    public byte base = Cpu.ZERO;

    public byte index = Cpu.ZERO;
    public byte scale;
    public byte segment = Cpu.ZERO;

    /** ModRM.reg with REX.R (or the opcode's register with REX.B), and ModRM.rm with REX.B when mod = 3. */
    public byte reg;

    public byte rm;

    /** VEX.vvvv, and the register in bits 7..4 of an immediate or the index of a VSIB. */
    public byte vvvv;

    public byte vectorRegister;

    /** VEX.L: the operation is on ymm registers. */
    public boolean ymm;

    public boolean lock;

    /** Effective operand size in bits: 16, 32 or 64. */
    public byte operandSize;

    /** Effective address size in bits: 16, 32 or 64. */
    public byte addressSize;

    /** Low four bits of the last opcode byte: the condition of Jcc, SETcc, CMOVcc. */
    public byte condition;

    /** 0, 0xF2 or 0xF3: a REP prefix that is not part of the opcode. */
    public char rep;

    /** Offset of this instruction and of the next one from the block's start. */
    public char offset;

    public char nextOffset;

    /** The form that was decoded, for disassembly and statistics. */
    public Object form;

    public long displacement;
    public long immediate;

    public abstract void exec(Cpu cpu);

    /** A new instance of the same class, as long as this one has not been filled in. */
    public final Op fresh() {
        try {
            return (Op) clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    /** Second immediate: ENTER's level, a far pointer's selector. Such instructions have no memory operand with a displacement. */
    public final int immediate2() {
        return (int) displacement;
    }

    /** Effective address without segment base. */
    public final long offsetAddress(Cpu cpu) {
        long[] r = cpu.r;
        long address = r[base] + (r[index] << scale) + displacement;
        return addressSize == 64 ? address : addressSize == 32 ? address & 0xFFFFFFFFL : address & 0xFFFF;
    }

    /** Linear address of the memory operand, address size and segment applied. */
    public final long linear(Cpu cpu) {
        return cpu.segmented(segment, offsetAddress(cpu));
    }

    /** Linear address of the memory operand: 64-bit addressing only, the common case. */
    public final long linear64(Cpu cpu) {
        long[] r = cpu.r;
        return r[base] + (r[index] << scale) + displacement + r[segment];
    }
}
