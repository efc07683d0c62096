// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import mckernelj.emulator.cpu.CpuFeature;

/**
 * Joins encodings to the one static method that defines what they do. Decoder, interpreter, translator, disassembly text and
 * the instruction index are derived from it.
 *
 * <h2>Text</h2>
 *
 * <pre>
 *   [NP|66|F3|F2] [W0|W1] opcode-bytes [+r] [/r|/0../7][:reg|:mem|:0..:7] MNEMONIC [operand {, operand}]
 *   "01 /r ADD Ev, Gv"    "83 /0 ADD Ev, Ib"    "F2 0F 58 /r ADDSD Vsd, Wsd"    "0F 01 /2:0 XGETBV"    "50 +r PUSH Zv"
 * </pre>
 *
 * A mandatory prefix NP/66/F3/F2 makes the form depend on it; without one, 66 is the operand size and F2/F3 are REP. {@code
 * :reg} and {@code :mem} restrict ModRM.mod, {@code :n} means mod = 3 and rm = n. Opcode bytes are {@code xx}, {@code 0F xx},
 * {@code 0F 38 xx} or {@code 0F 3A xx}.
 *
 * <p>{@link #vex} has the VEX-encoded forms of the same method, {@code [L0|L1] [NP|66|F3|F2] [W0|W1] 0F opcode-bytes ...}: without
 * L0 or L1 any VEX.L is accepted. A VEX form writes zeros above the last bit of a vector destination, and its memory operands need no
 * alignment but for size xa.
 *
 * <h2>Operands</h2>
 *
 * Letters as in the SDM's opcode map. The size letter: b 8, w 16, d 32, q 64, v 16/32/64 by operand size (64 also by default
 * for near branches and PUSH/POP, annotated {@link #default64}), y 32 or 64, z 16 or 32, dq 128, u 128 without alignment check.
 *
 * <ul>
 *   <li>E general register or memory (rm), G general register (reg), R register only (rm), M memory only, Z register in the
 *       opcode byte, AL AX EAX RAX rAX CL DX fixed registers, 1 the constant one.
 *   <li>M without size: the effective linear address itself (LEA: without segment base, code {@code Ma}).
 *   <li>I immediate: Ib Iw Iz Iv (Iv is 64 bits with REX.W). J: branch target, already a linear address: Jb Jz. O: moffs (Ob Ov).
 *   <li>V xmm (reg), W xmm or memory (rm), U xmm only (rm): sizes ss/sd (scalar; a write keeps the rest of the register),
 *       d/q (scalar; a write clears the rest), hq (the upper half), dq (all 128 bits, memory aligned), u (unaligned); as memory
 *       sources also b and w.
 *   <li>P mm (reg), Q mm or memory (rm), N mm only (rm): q, d.
 *   <li>VEX only: H xmm or ymm (vvvv), B general register (vvvv), L xmm or ymm (immediate bits 7..4); sizes x (128 or 256 bits by
 *       VEX.L; xa aligned), hx qx ex (half, quarter, eighth of it), qq 256. {@code Mvs}: memory with a vector of indices. Ib2, Ib3,
 *       Ib4: an 8-bit immediate, shifted right by 2, 3, 4 for the upper half of ymm.
 *   <li>XMM0 the register.
 *   <li>ST0 (nothing is passed), STi (rm as int).
 *   <li>Suffix {@code !}: also written, from {@code cpu.secondResult} (XADD Ev, Gv!): before a first operand that is a register, after
 *       one that is memory.
 * </ul>
 *
 * <h2>Method</h2>
 *
 * {@code static R name([Cpu cpu,] [int width,] operands... [, Op op])}. Values narrower than 64 bits arrive <b>sign-extended</b> to long; of a
 * result the low bits count. {@code width} is the size in bits of the first operand (declare it for b/v forms only).
 *
 * <ul>
 *   <li>R = long: the result is written to the first operand. With as many values as operands the first operand is also read;
 *       with one less it is only written.
 *   <li>R = void: nothing is written (CMP, TEST, branches). If the first operand is V or P, its register number arrives as
 *       {@code int} and the method writes {@code cpu.xmm[2*n]}, {@code cpu.xmm[2*n+1]} (or the mm register) itself.
 *   <li>First operand of 128 bits and R = long: the method is applied to the lower and the upper 64 bits separately (lane-wise), one
 *       long per 128-bit operand; narrower operands and immediates go to both calls unchanged. Both results are computed before
 *       either is written. With 64-bit P/Q operands the same lane-wise method serves MMX.
 *   <li>Otherwise (R = void, or a first operand narrower than 128 bits as in PMOVMSKB Gd, Udq) each 128-bit source arrives as
 *       two longs, low then high. A first operand V, U, P or N of a void method arrives as number only.
 *   <li>VEX forms: {@code VADDPD Vx, Hx, Wx} passes H and W to a method with two values, all three to one with three (FMA). If the
 *       method has one value less than there are sources, H is not passed: it fills the bits above a scalar result, or it is the
 *       register that a void method sees as its destination. With ymm registers the 128-bit operation is done on both halves.
 *       Sources of size qq arrive as four longs; a void method with a first operand Vqq writes {@code cpu.setYmm}.
 *   <li>{@code (Cpu cpu, Op op)} and void: everything by hand (string, far, system instructions).
 * </ul>
 *
 * A last parameter of type {@code Op} receives the instruction itself.
 *
 * <p>All faults must be raised before any architectural change. A memory destination is checked for writing before it is read;
 * LOCK and atomicity are the caller's business, so a method may be called again if a compare-and-swap failed.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Encoding {
    String[] value() default {};

    /** The CPUID feature that must be advertised, else #UD. */
    CpuFeature feature() default CpuFeature.BASE;

    /** VEX-encoded forms. */
    String[] vex() default {};

    /** The CPUID feature of the VEX forms. */
    CpuFeature vexFeature() default CpuFeature.AVX;

    /** The same with ymm registers, if another one. */
    CpuFeature ymmFeature() default CpuFeature.BASE;

    /** Operand size is 64 bits in 64-bit mode without REX.W (near branches, PUSH, POP). */
    boolean default64() default false;

    /** The last instruction of a block: it may set {@code cpu.nextRip}, or change mode, translations or interrupt flag. */
    boolean ends() default false;

    /** LOCK is legal with a memory destination. */
    boolean lock() default false;

    /** Atomic with a memory operand even without LOCK (XCHG). */
    boolean implicitLock() default false;

    /** #UD in 64-bit mode. */
    boolean no64() default false;

    /** Needs CPL 0, else #GP(0). */
    boolean privileged() default false;
}
