// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.hw.asm;

/**
 * The part of {@link Assembler} that knows how instructions are put together: prefixes, opcode, ModRM, SIB,
 * displacement (SDM vol. 2, chapter 2). Mandatory prefixes of SIMD instructions do not occur.
 */
abstract class InstructionEncoder {
    final CodeBuffer code;

    /** Size of the code segment: 16, 32 or 64. */
    int bits = 64;

    /** Operand size of the next instruction in bits, 0 = that of the code. */
    int width;

    /** LOCK or REP of the next instruction, 0 = none. */
    int prefix;

    InstructionEncoder(long baseLinear) {
        code = new CodeBuffer(baseLinear);
    }

    abstract Assembler self();

    final Assembler alu(int operation, Reg to, Reg from) {
        return sized(operation << 3, from, to, null);
    }

    final Assembler alu(int operation, Reg to, Mem from) {
        return sized(operation << 3 | 2, to, null, from);
    }

    final Assembler alu(int operation, Mem to, Reg from) {
        return sized(operation << 3, from, null, to);
    }

    final Assembler alu(int operation, Reg to, Mem toMemory, int immediate) {
        boolean shortForm = operandBits() != 8 && immediate == (byte) immediate;
        int bytes = shortForm ? 1 : immediateBytes();
        if (shortForm) {
            instruction(operandBits(), 0x83, operation, to, toMemory, 1);
        } else {
            extended(0x80, operation, to, toMemory, bytes);
        }
        code.put(immediate, bytes);
        return done();
    }

    final Assembler testImmediate(Reg a, Mem memory, int immediate) {
        int bytes = immediateBytes();
        extended(0xF6, 0, a, memory, bytes);
        code.put(immediate, bytes);
        return self();
    }

    final Assembler shift(int operation, Reg r, int count) {
        extended(count == 1 ? 0xD0 : 0xC0, operation, r, null, count == 1 ? 0 : 1);
        if (count != 1) {
            code.put(count, 1);
        }
        return self();
    }

    final Assembler string(int byteOpcode) {
        int operand = operandBits();
        prefixes(operand, null, 0, 0, 0, false);
        code.put(operand == 8 ? byteOpcode : byteOpcode + 1, 1);
        return done();
    }

    final Assembler portInstruction(int byteOpcode) {
        int operand = width == 0 ? 32 : width;
        prefixes(operand, null, 0, 0, 0, false);
        code.put(operand == 8 ? byteOpcode : byteOpcode + 1, 1);
        return done();
    }

    final Assembler branch(int shortOpcode, int nearOpcode, Label target) {
        if (target.bound() && target.offset - (code.size() + 2) >= -128) {
            code.put(shortOpcode, 1);
            code.putRelative(target, 0, 1, 0);
        } else {
            opcode(nearOpcode);
            code.putRelative(target, 0, bits == 16 ? 2 : 4, 0);
        }
        return done();
    }

    final int operandBits() {
        return width == 0 ? bits : width;
    }

    final int immediateBytes() {
        return Math.min(operandBits() / 8, 4);
    }

    /** An instruction whose opcode's lowest bit says "not a byte", of the current operand size. */
    final Assembler sized(int byteOpcode, Reg reg, Reg rm, Mem memory) {
        int operand = operandBits();
        boolean byteRegister = operand == 8 && (reg.ordinal() >= 4 || rm != null && rm.ordinal() >= 4);
        return instruction(
                        operand, operand == 8 ? byteOpcode : byteOpcode | 1, reg.ordinal(), rm, memory, 0, byteRegister)
                .done();
    }

    /** The same with an opcode extension in ModRM.reg. */
    final Assembler extended(int byteOpcode, int extension, Reg rm, Mem memory, int immediateBytes) {
        int operand = operandBits();
        boolean byteRegister = operand == 8 && rm != null && rm.ordinal() >= 4;
        int opcode = operand == 8 ? byteOpcode : byteOpcode | 1;
        return instruction(operand, opcode, extension, rm, memory, immediateBytes, byteRegister)
                .done();
    }

    final Assembler instruction(int operand, int opcode, int reg, Reg rm, Mem memory, int immediateBytes) {
        return instruction(operand, opcode, reg, rm, memory, immediateBytes, false);
    }

    /**
     * Prefixes, opcode and ModRM; {@code operand} is the operand size in bits or 0 for an instruction without one,
     * exactly one of {@code rm} and {@code memory} is given, {@code byteRegister} asks for a REX prefix so that 4..7
     * are SPL..DIL.
     */
    final Assembler instruction(
            int operand, int opcode, int reg, Reg rm, Mem memory, int immediateBytes, boolean byteRegister) {
        int index = memory == null || memory.index == null ? 0 : memory.index.ordinal();
        Reg base = memory == null ? rm : memory.base;
        prefixes(operand, memory, reg, index, base == null ? 0 : base.ordinal(), byteRegister);
        opcode(opcode);
        if (memory == null) {
            code.put(0xC0 | (reg & 7) << 3 | rm.ordinal() & 7, 1);
        } else {
            memory(reg & 7, memory, immediateBytes);
        }
        return self();
    }

    private void opcode(int opcode) {
        if (opcode > 0xFF) {
            code.put(opcode >> 8, 1);
        }
        code.put(opcode, 1);
    }

    final void prefixes(int operand, Mem memory, int reg, int index, int base, boolean byteRegister) {
        if (prefix != 0) {
            code.put(prefix, 1);
        }
        if (memory != null && memory.segment != null) {
            code.put(memory.segment.prefix, 1);
        }
        if (bits == 16 && memory != null && (memory.base != null || memory.index != null)) {
            code.put(0x67, 1);
        }
        if (operand == 16 && bits != 16 || operand == 32 && bits == 16) {
            code.put(0x66, 1);
        }
        int rex = (operand == 64 ? 8 : 0) | reg >> 3 << 2 | index >> 3 << 1 | base >> 3;
        if (rex != 0 || byteRegister) {
            if (bits != 64) {
                throw new IllegalStateException("64-bit operand in " + bits + "-bit code");
            }
            code.put(0x40 | rex, 1);
        }
    }

    final Assembler done() {
        width = 0;
        prefix = 0;
        return self();
    }

    private void memory(int reg, Mem m, int immediateBytes) {
        if (m.base != null) {
            based(reg, m);
        } else if (m.index != null) {
            code.put(reg << 3 | 4, 1);
            sib(m, 5);
            code.put(m.displacement, 4);
        } else if (m.label != null) {
            labelled(reg, m, immediateBytes);
        } else if (bits == 16) {
            code.put(reg << 3 | 6, 1);
            code.put(m.displacement, 2);
        } else {
            code.put(reg << 3 | (bits == 64 ? 4 : 5), 1);
            if (bits == 64) {
                code.put(0x25, 1); // no base, no index: ModRM alone would mean RIP-relative
            }
            code.put(m.displacement, 4);
        }
    }

    private void labelled(int reg, Mem m, int immediateBytes) {
        code.put(reg << 3 | (bits == 16 ? 6 : 5), 1);
        switch (bits) {
            case 16 -> code.putOffset(m.label, m.displacement, 2);
            case 32 -> code.putAddress(m.label, m.displacement, 4);
            default -> code.putRelative(m.label, m.displacement, 4, immediateBytes);
        }
    }

    private void based(int reg, Mem m) {
        int base = m.base.ordinal() & 7;
        // RBP and R13 without displacement mean something else.
        int bytes = m.displacement == 0 && base != 5 ? 0 : m.displacement == (byte) m.displacement ? 1 : 4;
        int mod = bytes == 4 ? 2 : bytes;
        boolean needsSib = m.index != null || base == 4;
        code.put(mod << 6 | reg << 3 | (needsSib ? 4 : base), 1);
        if (needsSib) {
            sib(m, base);
        }
        code.put(m.displacement, bytes);
    }

    private void sib(Mem m, int base) {
        int index = m.index == null ? 4 : m.index.ordinal() & 7;
        code.put(Integer.numberOfTrailingZeros(m.scale) << 6 | index << 3 | base, 1);
    }
}
