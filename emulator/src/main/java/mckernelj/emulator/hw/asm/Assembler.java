// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.hw.asm;

/**
 * Assembles x86 code for 16-, 32- and 64-bit segments into bytes. One call is one instruction; calls can be chained.
 *
 * <p>The operand size is that of the code (64 bits in 64-bit code, 16 bits in 16-bit code) unless {@link #w8()}, {@link
 * #w16()}, {@link #w32()} or {@link #w64()} says otherwise for the next instruction. {@link #lock()} and {@link #rep()}
 * are prefixes of the next instruction. Immediates are sign-extended as the SDM says. The destination comes first.
 *
 * <p>Not an optimiser: forward jumps are always near, and there are only the instructions that system code needs;
 * {@link #db} adds the rest. Encodings: SDM vol. 2.
 */
public final class Assembler extends InstructionEncoder {
    private static final int ADD = 0;
    private static final int OR = 1;
    private static final int ADC = 2;
    private static final int SBB = 3;
    private static final int AND = 4;
    private static final int SUB = 5;
    private static final int XOR = 6;
    private static final int CMP = 7;

    /** Code that will be placed at linear address {@code baseLinear}. */
    public Assembler(long baseLinear) {
        super(baseLinear);
    }

    @Override
    Assembler self() {
        return this;
    }

    // Labels, layout and data

    /** Size of the code segment for what follows: 16, 32 or 64. */
    public Assembler bits(int segmentBits) {
        bits = segmentBits;
        return this;
    }

    public Label label() {
        return new Label();
    }

    public Assembler bind(Label label) {
        if (label.bound()) {
            throw new IllegalStateException("label is bound already");
        }
        label.offset = code.size();
        return this;
    }

    /** A new label at the current position. */
    public Label here() {
        Label label = label();
        bind(label);
        return label;
    }

    /** Linear address of a bound label. */
    public long addressOf(Label label) {
        return code.addressOf(label);
    }

    /** Bytes so far. */
    public int size() {
        return code.size();
    }

    /** Resolves all labels and returns the code. */
    public byte[] assemble() {
        return code.finish();
    }

    /** Pads to a multiple of {@code n} bytes from the start: with NOP. */
    public Assembler align(int n) {
        while (code.size() % n != 0) {
            code.put(0x90, 1);
        }
        return this;
    }

    /** Pads with zeros up to {@code offset} from the start. */
    public Assembler org(int offset) {
        if (code.size() > offset) {
            throw new IllegalStateException("already at " + code.size() + ", past " + offset);
        }
        while (code.size() < offset) {
            code.put(0, 1);
        }
        return this;
    }

    public Assembler db(int... bytes) {
        for (int b : bytes) {
            code.put(b, 1);
        }
        return this;
    }

    public Assembler db(byte[] bytes) {
        for (byte b : bytes) {
            code.put(b, 1);
        }
        return this;
    }

    public Assembler dw(int value) {
        code.put(value, 2);
        return this;
    }

    public Assembler dd(int value) {
        code.put(value, 4);
        return this;
    }

    public Assembler dq(long value) {
        code.put(value, 8);
        return this;
    }

    /** Offset of {@code label} from the start of the code, as 16 bits. */
    public Assembler dw(Label label) {
        code.putOffset(label, 0, 2);
        return this;
    }

    /** Linear address, as 32 bits. */
    public Assembler dd(Label label) {
        code.putAddress(label, 0, 4);
        return this;
    }

    public Assembler dq(Label label) {
        code.putAddress(label, 0, 8);
        return this;
    }

    // Prefixes of the next instruction

    public Assembler w8() {
        width = 8;
        return this;
    }

    public Assembler w16() {
        width = 16;
        return this;
    }

    public Assembler w32() {
        width = 32;
        return this;
    }

    public Assembler w64() {
        width = 64;
        return this;
    }

    public Assembler lock() {
        prefix = 0xF0;
        return this;
    }

    /** REP or REPE. */
    public Assembler rep() {
        prefix = 0xF3;
        return this;
    }

    public Assembler repne() {
        prefix = 0xF2;
        return this;
    }

    // Moves

    public Assembler mov(Reg to, Reg from) {
        return sized(0x88, from, to, null);
    }

    /** Load. */
    public Assembler mov(Reg to, Mem from) {
        return sized(0x8A, to, null, from);
    }

    /** Store. */
    public Assembler mov(Mem to, Reg from) {
        return sized(0x88, from, null, to);
    }

    /** Stores an immediate; for 64-bit operands it is sign-extended. */
    public Assembler mov(Mem to, int immediate) {
        int bytes = immediateBytes();
        extended(0xC6, 0, null, to, bytes);
        code.put(immediate, bytes);
        return this;
    }

    /** The shortest MOV that gives the register this value, or one of the width asked for; flags are kept. */
    public Assembler movImm(Reg to, long value) {
        if (bits == 64 && width == 0 && value >>> 32 != 0 && value == (int) value) {
            instruction(64, 0xC7, 0, to, null, 4);
            code.put(value, 4);
        } else {
            int bytes = bits == 64 && width == 0 && value >>> 32 == 0 ? 4 : operandBits() / 8;
            prefixes(bytes * 8, null, 0, 0, to.ordinal(), false);
            code.put(0xB8 | to.ordinal() & 7, 1);
            code.put(value, bytes);
        }
        return done();
    }

    /** The linear address of a label as an immediate (an offset from the start in 16-bit code). */
    public Assembler movImm(Reg to, Label address) {
        prefixes(bits, null, 0, 0, to.ordinal(), false);
        code.put(0xB8 | to.ordinal() & 7, 1);
        if (bits == 16) {
            code.putOffset(address, 0, 2);
        } else {
            code.putAddress(address, 0, bits / 8);
        }
        return done();
    }

    public Assembler load64(Reg to, Reg base, int displacement) {
        return load64(to, Mem.at(base, displacement));
    }

    public Assembler load64(Reg to, Mem from) {
        return w64().mov(to, from);
    }

    /** Zero-extended, as are the smaller ones. */
    public Assembler load32(Reg to, Reg base, int displacement) {
        return load32(to, Mem.at(base, displacement));
    }

    public Assembler load32(Reg to, Mem from) {
        return w32().mov(to, from);
    }

    public Assembler load16(Reg to, Reg base, int displacement) {
        return load16(to, Mem.at(base, displacement));
    }

    public Assembler load16(Reg to, Mem from) {
        return instruction(32, 0x0FB7, to.ordinal(), null, from, 0).done();
    }

    public Assembler load8(Reg to, Reg base, int displacement) {
        return load8(to, Mem.at(base, displacement));
    }

    public Assembler load8(Reg to, Mem from) {
        return instruction(32, 0x0FB6, to.ordinal(), null, from, 0).done();
    }

    public Assembler store64(Reg base, int displacement, Reg from) {
        return store64(Mem.at(base, displacement), from);
    }

    public Assembler store64(Mem to, Reg from) {
        return w64().mov(to, from);
    }

    public Assembler store32(Reg base, int displacement, Reg from) {
        return store32(Mem.at(base, displacement), from);
    }

    public Assembler store32(Mem to, Reg from) {
        return w32().mov(to, from);
    }

    public Assembler store16(Reg base, int displacement, Reg from) {
        return store16(Mem.at(base, displacement), from);
    }

    public Assembler store16(Mem to, Reg from) {
        return w16().mov(to, from);
    }

    public Assembler store8(Reg base, int displacement, Reg from) {
        return store8(Mem.at(base, displacement), from);
    }

    public Assembler store8(Mem to, Reg from) {
        return w8().mov(to, from);
    }

    /** Zero-extends a byte register. */
    public Assembler movzx8(Reg to, Reg from) {
        return instruction(operandBits(), 0x0FB6, to.ordinal(), from, null, 0, from.ordinal() >= 4)
                .done();
    }

    public Assembler movzx16(Reg to, Reg from) {
        return instruction(operandBits(), 0x0FB7, to.ordinal(), from, null, 0).done();
    }

    public Assembler movsx8(Reg to, Reg from) {
        return instruction(operandBits(), 0x0FBE, to.ordinal(), from, null, 0, from.ordinal() >= 4)
                .done();
    }

    public Assembler movsx16(Reg to, Reg from) {
        return instruction(operandBits(), 0x0FBF, to.ordinal(), from, null, 0).done();
    }

    public Assembler movsxd(Reg to, Reg from) {
        return instruction(64, 0x63, to.ordinal(), from, null, 0).done();
    }

    public Assembler movsxd(Reg to, Mem from) {
        return instruction(64, 0x63, to.ordinal(), null, from, 0).done();
    }

    public Assembler lea(Reg to, Mem address) {
        return instruction(operandBits(), 0x8D, to.ordinal(), null, address, 0).done();
    }

    public Assembler lea(Reg to, Label address) {
        return lea(to, Mem.at(address));
    }

    public Assembler xchg(Reg a, Reg b) {
        return sized(0x86, b, a, null);
    }

    public Assembler xchg(Mem a, Reg b) {
        return sized(0x86, b, null, a);
    }

    public Assembler bswap(Reg r) {
        prefixes(operandBits(), null, 0, 0, r.ordinal(), false);
        code.put(0x0F, 1);
        code.put(0xC8 | r.ordinal() & 7, 1);
        return done();
    }

    public Assembler cmov(Cond condition, Reg to, Reg from) {
        return instruction(operandBits(), 0x0F40 + condition.ordinal(), to.ordinal(), from, null, 0)
                .done();
    }

    public Assembler cmov(Cond condition, Reg to, Mem from) {
        return instruction(operandBits(), 0x0F40 + condition.ordinal(), to.ordinal(), null, from, 0)
                .done();
    }

    public Assembler set(Cond condition, Reg to) {
        return instruction(8, 0x0F90 + condition.ordinal(), 0, to, null, 0, to.ordinal() >= 4)
                .done();
    }

    public Assembler set(Cond condition, Mem to) {
        return instruction(8, 0x0F90 + condition.ordinal(), 0, null, to, 0).done();
    }

    public Assembler mov(Sreg to, Reg from) {
        return instruction(0, 0x8E, to.ordinal(), from, null, 0).done();
    }

    public Assembler mov(Reg to, Sreg from) {
        return instruction(bits == 16 ? 0 : 32, 0x8C, from.ordinal(), to, null, 0)
                .done();
    }

    /** MOV CRn, r. */
    public Assembler movToCr(int n, Reg from) {
        return instruction(0, 0x0F22, n, from, null, 0).done();
    }

    public Assembler movFromCr(Reg to, int n) {
        return instruction(0, 0x0F20, n, to, null, 0).done();
    }

    public Assembler push(Reg r) {
        prefixes(0, null, 0, 0, r.ordinal(), false);
        code.put(0x50 | r.ordinal() & 7, 1);
        return done();
    }

    public Assembler pop(Reg r) {
        prefixes(0, null, 0, 0, r.ordinal(), false);
        code.put(0x58 | r.ordinal() & 7, 1);
        return done();
    }

    public Assembler push(Mem from) {
        return instruction(0, 0xFF, 6, null, from, 0).done();
    }

    public Assembler pop(Mem to) {
        return instruction(0, 0x8F, 0, null, to, 0).done();
    }

    /** Pushes a sign-extended immediate. */
    public Assembler pushImm(int value) {
        if (value == (byte) value) {
            return db(0x6A, value);
        }
        code.put(0x68, 1);
        code.put(value, bits == 16 ? 2 : 4);
        return this;
    }

    public Assembler pushf() {
        return db(0x9C);
    }

    public Assembler popf() {
        return db(0x9D);
    }

    // Arithmetic

    public Assembler add(Reg to, Reg from) {
        return alu(ADD, to, from);
    }

    public Assembler add(Reg to, int immediate) {
        return alu(ADD, to, null, immediate);
    }

    public Assembler add(Reg to, Mem from) {
        return alu(ADD, to, from);
    }

    public Assembler add(Mem to, Reg from) {
        return alu(ADD, to, from);
    }

    public Assembler add(Mem to, int immediate) {
        return alu(ADD, null, to, immediate);
    }

    public Assembler or(Reg to, Reg from) {
        return alu(OR, to, from);
    }

    public Assembler or(Reg to, int immediate) {
        return alu(OR, to, null, immediate);
    }

    public Assembler or(Reg to, Mem from) {
        return alu(OR, to, from);
    }

    public Assembler or(Mem to, Reg from) {
        return alu(OR, to, from);
    }

    public Assembler or(Mem to, int immediate) {
        return alu(OR, null, to, immediate);
    }

    public Assembler adc(Reg to, Reg from) {
        return alu(ADC, to, from);
    }

    public Assembler sbb(Reg to, Reg from) {
        return alu(SBB, to, from);
    }

    public Assembler and(Reg to, Reg from) {
        return alu(AND, to, from);
    }

    public Assembler and(Reg to, int immediate) {
        return alu(AND, to, null, immediate);
    }

    public Assembler and(Reg to, Mem from) {
        return alu(AND, to, from);
    }

    public Assembler and(Mem to, Reg from) {
        return alu(AND, to, from);
    }

    public Assembler and(Mem to, int immediate) {
        return alu(AND, null, to, immediate);
    }

    public Assembler sub(Reg to, Reg from) {
        return alu(SUB, to, from);
    }

    public Assembler sub(Reg to, int immediate) {
        return alu(SUB, to, null, immediate);
    }

    public Assembler sub(Reg to, Mem from) {
        return alu(SUB, to, from);
    }

    public Assembler sub(Mem to, Reg from) {
        return alu(SUB, to, from);
    }

    public Assembler sub(Mem to, int immediate) {
        return alu(SUB, null, to, immediate);
    }

    public Assembler xor(Reg to, Reg from) {
        return alu(XOR, to, from);
    }

    public Assembler xor(Reg to, int immediate) {
        return alu(XOR, to, null, immediate);
    }

    public Assembler xor(Reg to, Mem from) {
        return alu(XOR, to, from);
    }

    public Assembler xor(Mem to, Reg from) {
        return alu(XOR, to, from);
    }

    public Assembler xor(Mem to, int immediate) {
        return alu(XOR, null, to, immediate);
    }

    public Assembler cmp(Reg a, Reg b) {
        return alu(CMP, a, b);
    }

    public Assembler cmp(Reg a, int immediate) {
        return alu(CMP, a, null, immediate);
    }

    public Assembler cmp(Reg a, Mem b) {
        return alu(CMP, a, b);
    }

    public Assembler cmp(Mem a, Reg b) {
        return alu(CMP, a, b);
    }

    public Assembler cmp(Mem a, int immediate) {
        return alu(CMP, null, a, immediate);
    }

    public Assembler test(Reg a, Reg b) {
        return sized(0x84, b, a, null);
    }

    public Assembler test(Mem a, Reg b) {
        return sized(0x84, b, null, a);
    }

    public Assembler test(Reg a, int immediate) {
        return testImmediate(a, null, immediate);
    }

    public Assembler test(Mem a, int immediate) {
        return testImmediate(null, a, immediate);
    }

    public Assembler inc(Reg r) {
        return extended(0xFE, 0, r, null, 0);
    }

    public Assembler inc(Mem m) {
        return extended(0xFE, 0, null, m, 0);
    }

    public Assembler dec(Reg r) {
        return extended(0xFE, 1, r, null, 0);
    }

    public Assembler dec(Mem m) {
        return extended(0xFE, 1, null, m, 0);
    }

    public Assembler not(Reg r) {
        return extended(0xF6, 2, r, null, 0);
    }

    public Assembler neg(Reg r) {
        return extended(0xF6, 3, r, null, 0);
    }

    /** Unsigned RDX:RAX = RAX * r. */
    public Assembler mul(Reg r) {
        return extended(0xF6, 4, r, null, 0);
    }

    public Assembler imul(Reg to, Reg from) {
        return instruction(operandBits(), 0x0FAF, to.ordinal(), from, null, 0).done();
    }

    /** Unsigned RDX:RAX / r. */
    public Assembler div(Reg r) {
        return extended(0xF6, 6, r, null, 0);
    }

    public Assembler xadd(Mem to, Reg from) {
        return sized(0x0FC0, from, null, to);
    }

    /** Compares with the accumulator. */
    public Assembler cmpxchg(Mem to, Reg from) {
        return sized(0x0FB0, from, null, to);
    }

    public Assembler bt(Reg r, int bit) {
        instruction(operandBits(), 0x0FBA, 4, r, null, 1);
        code.put(bit, 1);
        return done();
    }

    public Assembler shl(Reg r, int count) {
        return shift(4, r, count);
    }

    public Assembler shr(Reg r, int count) {
        return shift(5, r, count);
    }

    public Assembler sar(Reg r, int count) {
        return shift(7, r, count);
    }

    public Assembler rol(Reg r, int count) {
        return shift(0, r, count);
    }

    public Assembler ror(Reg r, int count) {
        return shift(1, r, count);
    }

    /** By CL. */
    public Assembler shl(Reg r) {
        return extended(0xD2, 4, r, null, 0);
    }

    /** By CL. */
    public Assembler shr(Reg r) {
        return extended(0xD2, 5, r, null, 0);
    }

    // String instructions; element size = operand size

    public Assembler movs() {
        return string(0xA4);
    }

    public Assembler stos() {
        return string(0xAA);
    }

    public Assembler lods() {
        return string(0xAC);
    }

    public Assembler scas() {
        return string(0xAE);
    }

    public Assembler cmps() {
        return string(0xA6);
    }

    // Control flow

    public Assembler jmp(Label target) {
        return branch(0xEB, 0xE9, target);
    }

    public Assembler j(Cond condition, Label target) {
        return branch(0x70 | condition.ordinal(), 0x0F80 | condition.ordinal(), target);
    }

    public Assembler call(Label target) {
        code.put(0xE8, 1);
        code.putRelative(target, 0, bits == 16 ? 2 : 4, 0);
        return done();
    }

    public Assembler jmp(Reg target) {
        return instruction(0, 0xFF, 4, target, null, 0).done();
    }

    public Assembler call(Reg target) {
        return instruction(0, 0xFF, 2, target, null, 0).done();
    }

    public Assembler jmp(Mem target) {
        return instruction(0, 0xFF, 4, null, target, 0).done();
    }

    public Assembler call(Mem target) {
        return instruction(0, 0xFF, 2, null, target, 0).done();
    }

    /** LOOP: decrements the count register; the target must be bound and near. */
    public Assembler loop(Label target) {
        code.put(0xE2, 1);
        code.putRelative(target, 0, 1, 0);
        return done();
    }

    public Assembler ret() {
        return db(0xC3);
    }

    /** Far jump to {@code selector:linear address of target} with a 32-bit offset; from 16- and 32-bit code. */
    public Assembler jmpFar(int selector, Label target) {
        if (bits == 64) {
            throw new IllegalStateException("no direct far jump in 64-bit code");
        }
        if (bits == 16) {
            code.put(0x66, 1);
        }
        code.put(0xEA, 1);
        code.putAddress(target, 0, 4);
        code.put(selector, 2);
        return this;
    }

    /** Far jump through a 16:32 pointer in memory, or 16:64 with {@link #w64()}. */
    public Assembler jmpFar(Mem pointer) {
        return instruction(width == 64 ? 64 : 32, 0xFF, 5, null, pointer, 0).done();
    }

    /** Far return: pops RIP and CS (64-bit operands in 64-bit code). */
    public Assembler retFar() {
        prefixes(operandBits(), null, 0, 0, 0, false);
        code.put(0xCB, 1);
        return done();
    }

    // System instructions

    public Assembler iretq() {
        return db(0x48, 0xCF);
    }

    public Assembler syscall() {
        return db(0x0F, 0x05);
    }

    /** SYSRET to 64-bit code. */
    public Assembler sysretq() {
        return db(0x48, 0x0F, 0x07);
    }

    public Assembler cli() {
        return db(0xFA);
    }

    public Assembler sti() {
        return db(0xFB);
    }

    public Assembler cld() {
        return db(0xFC);
    }

    public Assembler hlt() {
        return db(0xF4);
    }

    public Assembler nop() {
        return db(0x90);
    }

    public Assembler pause() {
        return db(0xF3, 0x90);
    }

    public Assembler int3() {
        return db(0xCC);
    }

    public Assembler interrupt(int vector) {
        return db(0xCD, vector);
    }

    public Assembler ud2() {
        return db(0x0F, 0x0B);
    }

    public Assembler cpuid() {
        return db(0x0F, 0xA2);
    }

    public Assembler rdtsc() {
        return db(0x0F, 0x31);
    }

    public Assembler rdtscp() {
        return db(0x0F, 0x01, 0xF9);
    }

    public Assembler rdmsr() {
        return db(0x0F, 0x32);
    }

    public Assembler wrmsr() {
        return db(0x0F, 0x30);
    }

    public Assembler swapgs() {
        return db(0x0F, 0x01, 0xF8);
    }

    public Assembler wbinvd() {
        return db(0x0F, 0x09);
    }

    public Assembler mfence() {
        return db(0x0F, 0xAE, 0xF0);
    }

    public Assembler lfence() {
        return db(0x0F, 0xAE, 0xE8);
    }

    public Assembler lgdt(Mem descriptor) {
        return instruction(bits == 16 ? 32 : 0, 0x0F01, 2, null, descriptor, 0).done();
    }

    public Assembler lidt(Mem descriptor) {
        return instruction(bits == 16 ? 32 : 0, 0x0F01, 3, null, descriptor, 0).done();
    }

    public Assembler invlpg(Mem address) {
        return instruction(0, 0x0F01, 7, null, address, 0).done();
    }

    public Assembler lldt(Reg selector) {
        return instruction(0, 0x0F00, 2, selector, null, 0).done();
    }

    public Assembler ltr(Reg selector) {
        return instruction(0, 0x0F00, 3, selector, null, 0).done();
    }

    public Assembler ltr(Mem selector) {
        return instruction(0, 0x0F00, 3, null, selector, 0).done();
    }

    /** FXSAVE, or FXSAVE64 in 64-bit code. */
    public Assembler fxsave(Mem area) {
        return instruction(bits == 64 ? 64 : 0, 0x0FAE, 0, null, area, 0).done();
    }

    public Assembler fxrstor(Mem area) {
        return instruction(bits == 64 ? 64 : 0, 0x0FAE, 1, null, area, 0).done();
    }

    /** OUT imm8, EAX (AX, AL with {@link #w16()}, {@link #w8()}). */
    public Assembler out(int port) {
        portInstruction(0xE6);
        code.put(port, 1);
        return this;
    }

    /** OUT DX, EAX. */
    public Assembler outDx() {
        return portInstruction(0xEE);
    }

    public Assembler in(int port) {
        portInstruction(0xE4);
        code.put(port, 1);
        return this;
    }

    public Assembler inDx() {
        return portInstruction(0xEC);
    }
}
