// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.Op;
import mckernelj.emulator.cpu.SegmentRegisters;
import mckernelj.emulator.cpu.X86Fault;
import mckernelj.emulator.isa.Encoding;

/**
 * IN and OUT: the block ends and the machine's port handler does the access. IOPL is checked; the I/O permission
 * bitmap is taken to deny everything. INS and OUTS do not exist: where they would be permitted they are #UD.
 */
final class PortIo {
    private static final int IOPL_SHIFT = 12;

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
        access(cpu, Cpu.EXIT_IN, (int) op.immediate & 0xFF, 1);
    }

    @Encoding(value = "E5 IN rAX, Ib", ends = true)
    static void inImmediate(Cpu cpu, Op op) {
        access(cpu, Cpu.EXIT_IN, (int) op.immediate & 0xFF, bytes(op));
    }

    @Encoding(value = "EC IN AL, DX", ends = true)
    static void in8(Cpu cpu, Op op) {
        access(cpu, Cpu.EXIT_IN, (int) cpu.r[Cpu.RDX] & 0xFFFF, 1);
    }

    @Encoding(value = "ED IN rAX, DX", ends = true)
    static void in(Cpu cpu, Op op) {
        access(cpu, Cpu.EXIT_IN, (int) cpu.r[Cpu.RDX] & 0xFFFF, bytes(op));
    }

    @Encoding(value = "6C INSB", ends = true)
    static void insb(Cpu cpu, Op op) {
        stringAccess(cpu);
    }

    @Encoding(value = "6D INS", ends = true)
    static void ins(Cpu cpu, Op op) {
        stringAccess(cpu);
    }

    @Encoding(value = "6E OUTSB", ends = true)
    static void outsb(Cpu cpu, Op op) {
        stringAccess(cpu);
    }

    @Encoding(value = "6F OUTS", ends = true)
    static void outs(Cpu cpu, Op op) {
        stringAccess(cpu);
    }

    private static void stringAccess(Cpu cpu) {
        checkPermission(cpu);
        throw cpu.raise(X86Fault.UD);
    }

    private static int bytes(Op op) {
        return op.operandSize == 16 ? 2 : 4;
    }

    private static void out(Cpu cpu, int port, int bytes) {
        cpu.portValue = (int) (cpu.r[Cpu.RAX] & 0xFFFFFFFFL >>> 32 - 8 * bytes);
        access(cpu, Cpu.EXIT_OUT, port, bytes);
    }

    private static void checkPermission(Cpu cpu) {
        if (!SegmentRegisters.realMode(cpu) && cpu.cpl > (cpu.systemFlags >> IOPL_SHIFT & 3)) {
            throw cpu.raise(X86Fault.GP, 0);
        }
    }

    private static void access(Cpu cpu, int exit, int port, int bytes) {
        checkPermission(cpu);
        cpu.portNumber = port;
        cpu.portWidth = bytes;
        cpu.exit = exit;
    }
}
