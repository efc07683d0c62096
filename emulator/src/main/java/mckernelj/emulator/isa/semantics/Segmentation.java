// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.FarTransfer;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.cpu.SegmentAccessRights;
import mckernelj.emulator.cpu.SegmentRegisters;
import mckernelj.emulator.cpu.X86Fault;
import mckernelj.emulator.isa.Encoding;

/** Segment registers, far pointers and far control transfer (SDM vol. 1, 5.1.11 and 5.1.7; vol. 3, 5.10). */
final class Segmentation {
    private Segmentation() {}

    // ---- moves
    // ------------------------------------------------------------------------------------------------------------

    @Encoding("8C /r:mem MOV Mw, Sw")
    static void storeSelector(Cpu cpu, Op op) {
        int segment = segment(cpu, op);
        cpu.store16(op.linear(cpu), cpu.selector[segment]);
    }

    @Encoding("8C /r:reg MOV Rv, Sw")
    static void moveFromSegment(Cpu cpu, Op op) {
        cpu.setRegister(op.operandSize, op.rm, cpu.selector[segment(cpu, op)]);
    }

    @Encoding(value = "8E /r:mem MOV Sw, Mw", ends = true)
    static void loadSelector(Cpu cpu, Op op) {
        loadable(cpu, op);
        load(cpu, op, (int) cpu.load16(op.linear(cpu)) & 0xFFFF);
    }

    @Encoding(value = "8E /r:reg MOV Sw, Rv", ends = true)
    static void moveToSegment(Cpu cpu, Op op) {
        load(cpu, op, (int) cpu.r[op.rm] & 0xFFFF);
    }

    private static int segment(Cpu cpu, Op op) {
        int number = op.reg & 7;
        if (number > 5) {
            throw cpu.raise(X86Fault.UD);
        }
        return Cpu.ES + number;
    }

    private static void load(Cpu cpu, Op op, int selector) {
        load(cpu, loadable(cpu, op), selector);
    }

    /** The segment register of the form, which cannot be CS. */
    private static int loadable(Cpu cpu, Op op) {
        int segment = segment(cpu, op);
        if (segment == Cpu.CS) {
            throw cpu.raise(X86Fault.UD);
        }
        return segment;
    }

    /** Loading SS holds interrupts off for one instruction. */
    private static void load(Cpu cpu, int segment, int selector) {
        SegmentRegisters.load(cpu, segment, selector);
        if (segment == Cpu.SS) {
            cpu.interruptShadow = true;
            cpu.debugShadow = true;
        }
    }

    // ---- stack
    // ----------------------------------------------------------------------------------------------------------

    /** With an operand size of 32 bits only the lower half of the stack slot is written, as on all recent processors. */
    private static void push(Cpu cpu, Op op, int segment) {
        if (op.operandSize == 32) {
            cpu.pushSelector(cpu.selector[segment]);
        } else {
            cpu.push(op.operandSize, cpu.selector[segment]);
        }
    }

    @Encoding(value = "06 PUSH ES", no64 = true)
    static void pushEs(Cpu cpu, Op op) {
        push(cpu, op, Cpu.ES);
    }

    @Encoding(value = "07 POP ES", no64 = true, ends = true)
    static void popEs(Cpu cpu, Op op) {
        pop(cpu, op, Cpu.ES);
    }

    @Encoding(value = "0E PUSH CS", no64 = true)
    static void pushCs(Cpu cpu, Op op) {
        push(cpu, op, Cpu.CS);
    }

    @Encoding(value = "16 PUSH SS", no64 = true)
    static void pushSs(Cpu cpu, Op op) {
        push(cpu, op, Cpu.SS);
    }

    @Encoding(value = "17 POP SS", no64 = true, ends = true)
    static void popSs(Cpu cpu, Op op) {
        pop(cpu, op, Cpu.SS);
    }

    @Encoding(value = "1E PUSH DS", no64 = true)
    static void pushDs(Cpu cpu, Op op) {
        push(cpu, op, Cpu.DS);
    }

    @Encoding(value = "1F POP DS", no64 = true, ends = true)
    static void popDs(Cpu cpu, Op op) {
        pop(cpu, op, Cpu.DS);
    }

    @Encoding(value = "0F A0 PUSH FS", default64 = true)
    static void pushFs(Cpu cpu, Op op) {
        push(cpu, op, Cpu.FS);
    }

    @Encoding(value = "0F A1 POP FS", default64 = true, ends = true)
    static void popFs(Cpu cpu, Op op) {
        pop(cpu, op, Cpu.FS);
    }

    @Encoding(value = "0F A8 PUSH GS", default64 = true)
    static void pushGs(Cpu cpu, Op op) {
        push(cpu, op, Cpu.GS);
    }

    @Encoding(value = "0F A9 POP GS", default64 = true, ends = true)
    static void popGs(Cpu cpu, Op op) {
        pop(cpu, op, Cpu.GS);
    }

    private static void pop(Cpu cpu, Op op, int segment) {
        load(cpu, segment, (int) cpu.peekStack(op.operandSize, 0) & 0xFFFF);
        cpu.addToStackPointer(op.operandSize >> 3);
    }

    // ---- far pointers: offset in operand size, then selector
    // -----------------------------------------------------------------

    @Encoding(value = "C4 /r:mem LES Gv, Mp", no64 = true, ends = true)
    static void les(Cpu cpu, Op op) {
        loadFarPointer(cpu, op, Cpu.ES);
    }

    @Encoding(value = "C5 /r:mem LDS Gv, Mp", no64 = true, ends = true)
    static void lds(Cpu cpu, Op op) {
        loadFarPointer(cpu, op, Cpu.DS);
    }

    @Encoding(value = "0F B2 /r:mem LSS Gv, Mp", ends = true)
    static void lss(Cpu cpu, Op op) {
        loadFarPointer(cpu, op, Cpu.SS);
    }

    @Encoding(value = "0F B4 /r:mem LFS Gv, Mp", ends = true)
    static void lfs(Cpu cpu, Op op) {
        loadFarPointer(cpu, op, Cpu.FS);
    }

    @Encoding(value = "0F B5 /r:mem LGS Gv, Mp", ends = true)
    static void lgs(Cpu cpu, Op op) {
        loadFarPointer(cpu, op, Cpu.GS);
    }

    private static void loadFarPointer(Cpu cpu, Op op, int segment) {
        long offset = farOffset(cpu, op);
        load(cpu, segment, farSelector(cpu, op));
        cpu.setRegister(op.operandSize, op.reg, offset);
    }

    private static long farOffset(Cpu cpu, Op op) {
        long value = cpu.load(op.operandSize, op.linear(cpu));
        return op.operandSize == 64 ? value : value & 0xFFFFFFFFL >>> 32 - op.operandSize;
    }

    private static int farSelector(Cpu cpu, Op op) {
        return (int) cpu.load16(op.linear(cpu) + (op.operandSize >> 3)) & 0xFFFF;
    }

    // ---- far control transfer
    // --------------------------------------------------------------------------------------------

    @Encoding(value = "EA JMP Ap", no64 = true, ends = true)
    static void jmpFar(Cpu cpu, Op op) {
        FarTransfer.jump(cpu, op.immediate2(), op.immediate);
    }

    @Encoding(value = "FF /5:mem JMP Mp", ends = true)
    static void jmpFarIndirect(Cpu cpu, Op op) {
        FarTransfer.jump(cpu, farSelector(cpu, op), farOffset(cpu, op));
    }

    @Encoding(value = "9A CALL Ap", no64 = true, ends = true)
    static void callFar(Cpu cpu, Op op) {
        FarTransfer.call(cpu, op.operandSize, op.immediate2(), op.immediate);
    }

    @Encoding(value = "FF /3:mem CALL Mp", ends = true)
    static void callFarIndirect(Cpu cpu, Op op) {
        FarTransfer.call(cpu, op.operandSize, farSelector(cpu, op), farOffset(cpu, op));
    }

    @Encoding(value = "CB RETF", ends = true)
    static void retFar(Cpu cpu, Op op) {
        FarTransfer.ret(cpu, op.operandSize, 0);
    }

    @Encoding(value = "CA RETF Iw", ends = true)
    static void retFarRelease(Cpu cpu, Op op) {
        FarTransfer.ret(cpu, op.operandSize, op.immediate & 0xFFFF);
    }

    // ---- questions about selectors: the answer is ZF
    // -----------------------------------------------------------------------

    @Encoding("0F 02 /r LAR Gv, Ew")
    static long lar(Cpu cpu, int width, long old, long selector) {
        long rights = SegmentAccessRights.rights(cpu, (int) selector & 0xFFFF);
        answer(cpu, rights >= 0);
        return rights >= 0 ? rights : old;
    }

    @Encoding("0F 03 /r LSL Gv, Ew")
    static long lsl(Cpu cpu, int width, long old, long selector) {
        long limit = SegmentAccessRights.limit(cpu, (int) selector & 0xFFFF);
        answer(cpu, limit >= 0);
        return limit >= 0 ? limit : old;
    }

    @Encoding("0F 00 /4 VERR Ew")
    static void verr(Cpu cpu, long selector) {
        answer(cpu, SegmentAccessRights.accessible(cpu, (int) selector & 0xFFFF, false));
    }

    @Encoding("0F 00 /5 VERW Ew")
    static void verw(Cpu cpu, long selector) {
        answer(cpu, SegmentAccessRights.accessible(cpu, (int) selector & 0xFFFF, true));
    }

    private static void answer(Cpu cpu, boolean yes) {
        int flags = cpu.statusFlags();
        cpu.setStatusFlags(yes ? flags | Cpu.ZF : flags & ~Cpu.ZF);
    }

    /** Raises the destination's RPL to the source's. Shares its opcode with MOVSXD. */
    @Encoding(value = "63 /r:reg ARPL Rw, Gw", no64 = true)
    static long arpl(Cpu cpu, long destination, long source) {
        if ((cpu.cr0 & 1) == 0) {
            throw cpu.raise(X86Fault.UD);
        }
        boolean lower = (destination & 3) < (source & 3);
        cpu.setStatusFlags(cpu.statusFlags() & ~Cpu.ZF | (lower ? Cpu.ZF : 0));
        return lower ? destination & ~3L | source & 3 : destination;
    }

    /** Memory is written only if it changes. */
    @Encoding(value = "63 /r:mem ARPL Mw, Gw", no64 = true)
    static void arplMemory(Cpu cpu, Op op) {
        long linear = op.linear(cpu);
        long destination = cpu.load16(linear);
        if ((destination & 3) < (cpu.r[op.reg] & 3)) {
            cpu.checkWrite(linear, 2);
        }
        long result = arpl(cpu, destination, cpu.r[op.reg]);
        if (result != destination) {
            cpu.store16(linear, result);
        }
    }
}
