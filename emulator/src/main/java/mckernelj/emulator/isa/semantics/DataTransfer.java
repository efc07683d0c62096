// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.CpuFeature;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.isa.Encoding;

/** Data transfer instructions (SDM vol. 1, 5.1.1); conditional moves and string moves are in their own files. */
public final class DataTransfer {
    private DataTransfer() {}

    @Encoding({
        "88 /r MOV Eb, Gb", "89 /r MOV Ev, Gv", "8A /r MOV Gb, Eb", "8B /r MOV Gv, Ev",
        "B0 +r MOV Zb, Ib", "B8 +r MOV Zv, Iv", "C6 /0 MOV Eb, Ib", "C7 /0 MOV Ev, Iz",
        "A0 MOV AL, Ob", "A1 MOV rAX, Ov", "A2 MOV Ob, AL", "A3 MOV Ov, rAX"
    })
    static long mov(long source) {
        return source;
    }

    @Encoding("0F B6 /r MOVZX Gv, Eb")
    static long movzxByte(long source) {
        return source & 0xFF;
    }

    @Encoding("0F B7 /r MOVZX Gv, Ew")
    static long movzxWord(long source) {
        return source & 0xFFFF;
    }

    @Encoding({"0F BE /r MOVSX Gv, Eb", "0F BF /r MOVSX Gv, Ew", "63 /r MOVSXD Gv, Ez"})
    static long movsx(long source) {
        return source;
    }

    @Encoding("8D /r LEA Gv, Ma")
    static long lea(long address) {
        return address;
    }

    @Encoding(
            value = {"86 /r XCHG Eb, Gb!", "87 /r XCHG Ev, Gv!"},
            lock = true,
            implicitLock = true)
    static long xchg(Cpu cpu, long a, long b) {
        cpu.secondResult = a;
        return b;
    }

    /** 90 is XCHG rAX, rAX in name only: it does not clear the upper half of RAX. */
    @Encoding("90 +r XCHG Zv, rAX")
    static void xchgAccumulator(Cpu cpu, Op op) {
        if (op.reg != Cpu.RAX) {
            long accumulator = cpu.r[Cpu.RAX];
            cpu.setRegister(op.operandSize, Cpu.RAX, cpu.r[op.reg]);
            cpu.setRegister(op.operandSize, op.reg, accumulator);
        }
    }

    /** With 16-bit operand size the result is documented as undefined; processors give zero. */
    @Encoding("0F C8 +r BSWAP Zv")
    static long bswap(int width, long a) {
        return width == 64 ? Long.reverseBytes(a) : width == 32 ? Integer.reverseBytes((int) a) : 0;
    }

    @Encoding(
            value = {"0F 38 F0 /r:mem MOVBE Gv, Mv", "0F 38 F1 /r:mem MOVBE Mv, Gv"},
            feature = CpuFeature.MOVBE)
    static long movbe(int width, long source) {
        return Long.reverseBytes(source) >>> (64 - width);
    }

    // ---- conversions of the accumulator
    // ----------------------------------------------------------------------------------

    /** CBW, CWDE, CDQE. */
    @Encoding("98 CBW rAX")
    static long cbw(int width, long a) {
        int unused = 64 - (width >> 1);
        return a << unused >> unused;
    }

    /** CWD, CDQ, CQO. */
    @Encoding("99 CWD rAX")
    static void cwd(Cpu cpu, int width, long a) {
        cpu.setRegister(width, Cpu.RDX, a >> 63);
    }

    @Encoding("D7 XLAT")
    static void xlat(Cpu cpu, Op op) {
        long offset = Addressing.truncate(op.addressSize, cpu.r[Cpu.RBX] + (cpu.r[Cpu.RAX] & 0xFF));
        cpu.setRegister(8, Cpu.RAX, cpu.load8(cpu.segmented(op.segment, offset)));
    }

    @Encoding(value = "9F LAHF", feature = CpuFeature.LAHF_LM)
    static void lahf(Cpu cpu, Op op) {
        long flags = cpu.rflags() & 0xFF;
        cpu.r[Cpu.RAX] = cpu.r[Cpu.RAX] & ~0xFF00L | flags << 8;
    }

    @Encoding(value = "9E SAHF", feature = CpuFeature.LAHF_LM)
    static void sahf(Cpu cpu, Op op) {
        int ah = (int) (cpu.r[Cpu.RAX] >> 8) & 0xFF;
        cpu.setStatusFlags(cpu.statusFlags() & Cpu.OF | ah & ~Cpu.OF);
    }

    // ---- stack
    // ---------------------------------------------------------------------------------------------------------------

    @Encoding(
            value = {"50 +r PUSH Zv", "FF /6 PUSH Ev"},
            default64 = true)
    static void push(Cpu cpu, int width, long value) {
        cpu.push(width, value);
    }

    @Encoding(
            value = {"6A PUSH Ib", "68 PUSH Iz"},
            default64 = true)
    static void pushImmediate(Cpu cpu, long value, Op op) {
        cpu.push(op.operandSize, value);
    }

    @Encoding(
            value = {"58 +r POP Zv", "8F /0:reg POP Rv"},
            default64 = true)
    static long pop(Cpu cpu, int width) {
        return cpu.pop(width);
    }

    /** The destination's address is computed with the incremented stack pointer. */
    @Encoding(value = "8F /0:mem POP Mv", default64 = true)
    static void popMemory(Cpu cpu, Op op) {
        long before = cpu.r[Cpu.RSP];
        long value = cpu.pop(op.operandSize);
        long after = cpu.r[Cpu.RSP];
        long linear = op.linear(cpu);
        cpu.r[Cpu.RSP] = before;
        cpu.store(op.operandSize, linear, value);
        cpu.r[Cpu.RSP] = after;
    }

    /** All eight registers, RSP as it was before; nothing is changed if the stack faults. */
    @Encoding(value = "60 PUSHA", no64 = true)
    static void pusha(Cpu cpu, Op op) {
        long before = cpu.r[Cpu.RSP];
        try {
            for (int register = Cpu.RAX; register <= Cpu.RDI; register++) {
                cpu.push(op.operandSize, register == Cpu.RSP ? before : cpu.r[register]);
            }
        } catch (RuntimeException fault) {
            cpu.r[Cpu.RSP] = before;
            throw fault;
        }
    }

    @Encoding(value = "61 POPA", no64 = true)
    static void popa(Cpu cpu, Op op) {
        long before = cpu.r[Cpu.RSP];
        long[] values = new long[8];
        try {
            for (int register = Cpu.RDI; register >= Cpu.RAX; register--) {
                values[register] = cpu.pop(op.operandSize);
            }
        } catch (RuntimeException fault) {
            cpu.r[Cpu.RSP] = before;
            throw fault;
        }
        for (int register = Cpu.RAX; register <= Cpu.RDI; register++) {
            if (register != Cpu.RSP) {
                cpu.setRegister(op.operandSize, register, values[register]);
            }
        }
    }

    private static final int VM = 1 << 17;
    private static final int IOPL = 3 << 12;

    /** RF and VM are pushed as zero. */
    @Encoding(value = "9C PUSHF", default64 = true)
    static void pushf(Cpu cpu, Op op) {
        cpu.push(op.operandSize, cpu.rflags() & ~(long) (Cpu.RF | VM));
    }

    /** IOPL changes at CPL 0 only, IF if CPL is at most IOPL; RF becomes 0. Virtual-8086 mode is not known here. */
    @Encoding(value = "9D POPF", default64 = true, ends = true)
    static void popf(Cpu cpu, Op op) {
        long value = cpu.pop(op.operandSize);
        long old = cpu.rflags();
        long changeable = Cpu.STATUS | Cpu.TF | Cpu.DF | Cpu.NT | Cpu.AC | Cpu.ID;
        if (cpu.cpl == 0) {
            changeable |= IOPL;
        }
        if (cpu.cpl <= (old & IOPL) >> 12) {
            changeable |= Cpu.IF;
        }
        if (op.operandSize == 16) {
            changeable &= 0xFFFF;
        }
        cpu.setRflags((old & ~changeable | value & changeable) & ~Cpu.RF);
    }
}
