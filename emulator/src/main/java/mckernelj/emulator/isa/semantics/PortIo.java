// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.cpu.SegmentRegisters;
import mckernelj.emulator.cpu.X86Fault;
import mckernelj.emulator.isa.Encoding;

/**
 * Port input and output (SDM vol. 1, chapter 19): the block ends and the machine's port handler does the access. INS
 * and OUTS do one element; with a REP prefix the instruction pointer stays on the instruction until the count is 0.
 */
final class PortIo {
    private static final int IOPL_SHIFT = 12;
    private static final int TSS_MAP_BASE = 0x66;

    private PortIo() {}

    @Encoding(value = "E6 OUT Ib, AL", ends = true)
    static void outImmediate8(Cpu cpu, Op op) {
        out(cpu, (int) op.immediate & 0xFF, 1);
    }

    @Encoding(value = "E7 OUT Ib, rAX", ends = true)
    static void outImmediate(Cpu cpu, Op op) {
        out(cpu, (int) op.immediate & 0xFF, bytes(op));
    }

    @Encoding(value = "EE OUT DX, AL", ends = true)
    static void out8(Cpu cpu, Op op) {
        out(cpu, (int) cpu.r[Cpu.RDX] & 0xFFFF, 1);
    }

    @Encoding(value = "EF OUT DX, rAX", ends = true)
    static void out(Cpu cpu, Op op) {
        out(cpu, (int) cpu.r[Cpu.RDX] & 0xFFFF, bytes(op));
    }

    @Encoding(value = "E4 IN AL, Ib", ends = true)
    static void inImmediate8(Cpu cpu, Op op) {
        in(cpu, (int) op.immediate & 0xFF, 1);
    }

    @Encoding(value = "E5 IN rAX, Ib", ends = true)
    static void inImmediate(Cpu cpu, Op op) {
        in(cpu, (int) op.immediate & 0xFF, bytes(op));
    }

    @Encoding(value = "EC IN AL, DX", ends = true)
    static void in8(Cpu cpu, Op op) {
        in(cpu, (int) cpu.r[Cpu.RDX] & 0xFFFF, 1);
    }

    @Encoding(value = "ED IN rAX, DX", ends = true)
    static void in(Cpu cpu, Op op) {
        in(cpu, (int) cpu.r[Cpu.RDX] & 0xFFFF, bytes(op));
    }

    @Encoding(value = "6C INSB", ends = true)
    static void insb(Cpu cpu, Op op) {
        ins(cpu, op, 1);
    }

    @Encoding(value = "6D INS", ends = true)
    static void ins(Cpu cpu, Op op) {
        ins(cpu, op, bytes(op));
    }

    @Encoding(value = "6E OUTSB", ends = true)
    static void outsb(Cpu cpu, Op op) {
        outs(cpu, op, 1);
    }

    @Encoding(value = "6F OUTS", ends = true)
    static void outs(Cpu cpu, Op op) {
        outs(cpu, op, bytes(op));
    }

    /** The value is stored by the machine when the handler has given it, at {@code cpu.portDestination}. */
    private static void ins(Cpu cpu, Op op, int bytes) {
        int port = (int) cpu.r[Cpu.RDX] & 0xFFFF;
        checkPermission(cpu, port, bytes);
        if (StringOps.isDone(cpu, op)) {
            return;
        }
        long destination = StringOps.destination(cpu, op, 8 * bytes, true);
        cpu.checkWrite(destination, bytes);
        cpu.portDestination = destination;
        access(cpu, Cpu.EXIT_INS, port, bytes);
        StringOps.moveOn(cpu, op, Cpu.RDI, bytes);
    }

    private static void outs(Cpu cpu, Op op, int bytes) {
        int port = (int) cpu.r[Cpu.RDX] & 0xFFFF;
        checkPermission(cpu, port, bytes);
        if (StringOps.isDone(cpu, op)) {
            return;
        }
        cpu.portValue =
                (int) (cpu.load(8 * bytes, StringOps.source(cpu, op, 8 * bytes)) & 0xFFFFFFFFL >>> 32 - 8 * bytes);
        access(cpu, Cpu.EXIT_OUT, port, bytes);
        StringOps.moveOn(cpu, op, Cpu.RSI, bytes);
    }

    private static int bytes(Op op) {
        return op.operandSize == 16 ? 2 : 4;
    }

    private static void in(Cpu cpu, int port, int bytes) {
        checkPermission(cpu, port, bytes);
        access(cpu, Cpu.EXIT_IN, port, bytes);
    }

    private static void out(Cpu cpu, int port, int bytes) {
        checkPermission(cpu, port, bytes);
        cpu.portValue = (int) (cpu.r[Cpu.RAX] & 0xFFFFFFFFL >>> 32 - 8 * bytes);
        access(cpu, Cpu.EXIT_OUT, port, bytes);
    }

    /** #GP(0) unless IOPL or the TSS's I/O permission bitmap, of which two bytes are read, let the program use the port. */
    private static void checkPermission(Cpu cpu, int port, int bytes) {
        if (SegmentRegisters.realMode(cpu) || cpu.cpl <= (cpu.systemFlags >> IOPL_SHIFT & 3)) {
            return;
        }
        boolean bits32 = (cpu.trAttributes & 0xD) == 9; // 32- or 64-bit TSS
        int map = bits32 && cpu.trLimit >= TSS_MAP_BASE + 1
                ? (int) cpu.mmu.loadSystem(cpu.trBase + TSS_MAP_BASE, 2)
                : 0xFFFF;
        int at = map + (port >> 3);
        if (at + 1 > cpu.trLimit || (cpu.mmu.loadSystem(cpu.trBase + at, 2) >>> (port & 7) & (1 << bytes) - 1) != 0) {
            throw cpu.raise(X86Fault.GP, 0);
        }
    }

    private static void access(Cpu cpu, int exit, int port, int bytes) {
        if (cpu.breakpoints.active()) {
            cpu.breakpoints.portAccess(port, bytes);
        }
        cpu.portNumber = port;
        cpu.portWidth = bytes;
        cpu.exit = exit;
    }
}
