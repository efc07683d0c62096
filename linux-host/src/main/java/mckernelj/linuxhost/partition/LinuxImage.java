// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.partition;

import static mckernelj.emulator.hw.asm.Reg.RAX;
import static mckernelj.emulator.hw.asm.Reg.RDX;
import static mckernelj.emulator.hw.asm.Reg.RSP;

import mckernelj.emulator.hw.asm.Assembler;
import mckernelj.emulator.hw.asm.Label;
import mckernelj.emulator.hw.asm.Mem;
import mckernelj.emulator.hw.asm.Sreg;
import mckernelj.ihk.os.GatePorts;

/**
 * Machine code and tables of the Linux processors: entry, HLT idle loop, 256 interrupt stubs that pass their vector to
 * the gate, GDT and IDT. All in ring 0, on an identity map, no TSS (no stack is ever switched).
 */
final class LinuxImage {
    /** Reason at the gate: a processor has started. Reasons below 256 are interrupt vectors. */
    static final int REASON_START = 0x100;

    private static final int CODE = 0x08;
    private static final int DATA = 0x10;
    private static final int VECTORS = 256;

    /** Exceptions that push an error code: 8, 10..14, 17, 21. */
    private static final int WITH_ERROR_CODE = 1 << 8 | 0x1F << 10 | 1 << 17 | 1 << 21;

    private final byte[] bytes;
    private final long entry;

    /** The image for this physical address. */
    LinuxImage(long physical) {
        Assembler asm = new Assembler(physical);
        Label idt = asm.label();
        Label gdt = asm.label();
        Label[] stubs = new Label[VECTORS];
        entry = asm.addressOf(emitEntry(asm, idt, gdt));
        emitStubs(asm, stubs);
        asm.align(8).bind(gdt);
        asm.dq(0).dq(0x00AF_9B00_0000_FFFFL).dq(0x00CF_9300_0000_FFFFL);
        asm.align(16).bind(idt);
        for (Label stub : stubs) {
            emitGate(asm, asm.addressOf(stub));
        }
        bytes = asm.assemble();
    }

    byte[] bytes() {
        return bytes;
    }

    long entry() {
        return entry;
    }

    private static Label emitEntry(Assembler asm, Label idt, Label gdt) {
        Label gdtPointer = asm.label();
        Label idtPointer = asm.label();
        Label flat = asm.label();
        Label entry = asm.here();
        asm.lgdt(Mem.at(gdtPointer)).lidt(Mem.at(idtPointer));
        asm.pushImm(CODE).lea(RAX, flat).push(RAX).retFar();
        asm.bind(flat).movImm(RAX, DATA);
        asm.mov(Sreg.DS, RAX).mov(Sreg.ES, RAX).mov(Sreg.SS, RAX);
        asm.movImm(RAX, REASON_START).movImm(RDX, GatePorts.LINUX).outDx();
        Label idle = asm.here();
        asm.sti().hlt().jmp(idle);
        asm.align(8).bind(gdtPointer).dw(3 * 8 - 1).dq(gdt);
        asm.align(8).bind(idtPointer).dw(VECTORS * 16 - 1).dq(idt);
        return entry;
    }

    private static void emitStubs(Assembler asm, Label[] stubs) {
        Label common = asm.align(16).here();
        asm.push(RAX).push(RDX);
        asm.load32(RAX, RSP, 16).movImm(RDX, GatePorts.LINUX).outDx();
        asm.pop(RDX).pop(RAX).add(RSP, 16).iretq();
        for (int vector = 0; vector < VECTORS; vector++) {
            stubs[vector] = asm.align(16).here();
            if (vector >= 32 || (WITH_ERROR_CODE >> vector & 1) == 0) {
                asm.pushImm(0);
            }
            asm.pushImm(vector).jmp(common);
        }
    }

    /** 64-bit interrupt gate, ring 0 (SDM vol. 3, 6.14.1). */
    private static void emitGate(Assembler asm, long handler) {
        asm.dw((int) handler).dw(CODE).dw(0x8E00).dw((int) (handler >> 16)).dq(handler >>> 32);
    }
}
