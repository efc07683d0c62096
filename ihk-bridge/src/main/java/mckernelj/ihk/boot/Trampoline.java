// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.boot;

import static mckernelj.emulator.hw.asm.Reg.RAX;
import static mckernelj.emulator.hw.asm.Reg.RCX;
import static mckernelj.emulator.hw.asm.Reg.RDI;
import static mckernelj.emulator.hw.asm.Reg.RDX;
import static mckernelj.emulator.hw.asm.Reg.RSP;

import mckernelj.emulator.hw.Msr;
import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.emulator.hw.asm.Assembler;
import mckernelj.emulator.hw.asm.Cond;
import mckernelj.emulator.hw.asm.Label;
import mckernelj.emulator.hw.asm.Mem;
import mckernelj.emulator.hw.asm.Sreg;

/**
 * The page below 1 MiB where a processor starts after STARTUP IPI: real mode, protected mode, long mode, jump. IHK uses
 * it for the bootstrap processor, the LWK for the others, one at a time: {@link #install}, then INIT, STARTUP with
 * {@link #vector}.
 *
 * <p>The page: a jump over the header, the header (five quadwords from offset 8: transit page table, page table, stack,
 * entry, argument), the GDT, the code.
 */
public final class Trampoline {
    public static final int PAGE_SIZE = 4096;

    private static final int TRANSIT_TABLE = 8;
    private static final int PAGE_TABLE = 16;
    private static final int STACK = 24;
    private static final int ENTRY = 32;
    private static final int ARGUMENT = 40;
    private static final int GDT = 48;

    private static final int CODE32 = 0x08;
    private static final int DATA = 0x10;
    private static final int CODE64 = 0x18;

    private static final long CR0_PE = 1;
    private static final long CR0_PG_WP_NE_ET_MP_PE = 0x8001_0033L;
    private static final int CR4_PAE = 1 << 5;

    private Trampoline() {}

    /** STARTUP vector of the trampoline page. */
    public static int vector(long page) {
        return (int) (page >>> 12);
    }

    /**
     * Writes code and header.
     *
     * @param page physical address of the page, below 1 MiB
     * @param transitTable top page table for the switch to long mode: below 4 GiB, identity for this page
     * @param pageTable table to load right after (identity for this page too), or 0 to stay on the transit table
     * @param entry where to jump to in 64-bit mode, with interrupts off, RSP = {@code stack}, RDI = {@code argument}
     */
    public static void install(
            PhysicalMemory memory,
            long page,
            long transitTable,
            long pageTable,
            long stack,
            long entry,
            long argument) {
        byte[] code = code(page);
        memory.write(page, code, 0, code.length);
        memory.putLong(page + TRANSIT_TABLE, transitTable);
        memory.putLong(page + PAGE_TABLE, pageTable);
        memory.putLong(page + STACK, stack);
        memory.putLong(page + ENTRY, entry);
        memory.putLong(page + ARGUMENT, argument);
        memory.written(page, code.length);
    }

    /** The page's contents with an empty header. */
    static byte[] code(long page) {
        if (page % PAGE_SIZE != 0 || page < 0 || page >= 1 << 20) {
            throw new IllegalArgumentException("no trampoline page: 0x" + Long.toHexString(page));
        }
        Assembler asm = new Assembler(page);
        Label start = asm.label();
        Label gdtPointer = asm.label();
        Label protectedMode = asm.label();
        Label longMode = asm.label();
        asm.bits(16).jmp(start).org(GDT);
        emitDescriptors(asm, gdtPointer);
        asm.bind(start);
        emitRealMode(asm, gdtPointer, protectedMode);
        asm.bits(32).bind(protectedMode);
        emitProtectedMode(asm, (int) page, longMode);
        asm.bits(64).bind(longMode);
        emitLongMode(asm, (int) page);
        return asm.assemble();
    }

    private static void emitDescriptors(Assembler asm, Label gdtPointer) {
        Label gdt = asm.here();
        asm.dq(0);
        asm.dq(0x00CF_9B00_0000_FFFFL); // CODE32: flat, 32 bits
        asm.dq(0x00CF_9300_0000_FFFFL); // DATA
        asm.dq(0x00AF_9B00_0000_FFFFL); // CODE64
        asm.bind(gdtPointer).dw(4 * 8 - 1).dd(gdt);
    }

    private static void emitRealMode(Assembler asm, Label gdtPointer, Label protectedMode) {
        asm.cli().wbinvd();
        asm.mov(RAX, Sreg.CS).mov(Sreg.DS, RAX);
        asm.lgdt(Mem.at(gdtPointer));
        asm.w32().movImm(RAX, CR0_PE).movToCr(0, RAX);
        asm.jmpFar(CODE32, protectedMode);
    }

    private static void emitProtectedMode(Assembler asm, int page, Label longMode) {
        asm.movImm(RAX, DATA);
        asm.mov(Sreg.DS, RAX)
                .mov(Sreg.ES, RAX)
                .mov(Sreg.SS, RAX)
                .mov(Sreg.FS, RAX)
                .mov(Sreg.GS, RAX);
        asm.movImm(RAX, CR4_PAE).movToCr(4, RAX);
        asm.mov(RAX, Mem.absolute(page + TRANSIT_TABLE)).movToCr(3, RAX);
        asm.movImm(RCX, Msr.IA32_EFER & 0xFFFF_FFFFL).rdmsr();
        asm.or(RAX, (int) Msr.EFER_LME).wrmsr();
        asm.movImm(RAX, CR0_PG_WP_NE_ET_MP_PE).movToCr(0, RAX);
        asm.jmpFar(CODE64, longMode);
    }

    private static void emitLongMode(Assembler asm, int page) {
        Label jump = asm.label();
        asm.movImm(RDX, page);
        asm.load64(RSP, RDX, STACK)
                .load64(RDI, RDX, ARGUMENT)
                .load64(RCX, RDX, ENTRY)
                .load64(RAX, RDX, PAGE_TABLE);
        asm.test(RAX, RAX).j(Cond.E, jump);
        asm.movToCr(3, RAX);
        asm.bind(jump).jmp(RCX);
    }
}
