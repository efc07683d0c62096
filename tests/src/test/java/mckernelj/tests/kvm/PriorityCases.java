// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.kvm;

import static mckernelj.emulator.hw.asm.Reg.RAX;
import static mckernelj.emulator.hw.asm.Reg.RBX;
import static mckernelj.emulator.hw.asm.Reg.RCX;
import static mckernelj.emulator.hw.asm.Reg.RDI;
import static mckernelj.emulator.hw.asm.Reg.RDX;
import static mckernelj.emulator.hw.asm.Reg.RSI;
import static mckernelj.emulator.hw.asm.Reg.RSP;
import static mckernelj.tests.kvm.SystemCase.user;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import mckernelj.emulator.hw.asm.Assembler;
import mckernelj.emulator.hw.asm.Mem;

/** Which of several exceptions is raised, and what has changed by then (SDM vol. 3, table 6-2). User code. */
final class PriorityCases {
    private static final int TF = 1 << 8;
    private static final long NOT_CANONICAL = 1L << 62;

    private static final String EMULATED = "KVM's software tries to emulate what raises #UD and #GP";

    private PriorityCases() {}

    /** RBX points to a page that is not present. */
    private static SystemCase absent(String name, Consumer<Assembler> body) {
        return user(name, body).page(0, 0);
    }

    static List<SystemCase> all() {
        List<SystemCase> cases = new ArrayList<>();
        memory(cases);
        instructions(cases);
        repetitions(cases);
        stack(cases);
        return cases;
    }

    private static void memory(List<SystemCase> cases) {
        cases.add(absent("MOVAPS, misaligned, absent", a -> a.db(0x0F, 0x28, 0x43, 0x08))
                .expect("#GP(0)"));
        cases.add(absent("MOVAPS, absent", a -> a.db(0x0F, 0x28, 0x03)).expect("#PF(4)"));
        cases.add(absent("FXSAVE, misaligned, absent", a -> a.db(0x0F, 0xAE, 0x43, 0x08))
                .hardwareOnly(EMULATED)
                .expect("#GP(0)"));
        cases.add(user("FXSAVE, misaligned", a -> a.db(0x0F, 0xAE, 0x43, 0x08))
                .hardwareOnly(EMULATED)
                .expect("#GP(0)"));
        cases.add(absent("CMPXCHG16B, misaligned, absent", a -> a.db(0x48, 0x0F, 0xC7, 0x4B, 0x08))
                .expect("#GP(0)"));
        cases.add(absent("CMPXCHG16B, absent", a -> a.db(0x48, 0x0F, 0xC7, 0x0B)));
        cases.add(absent("CMPXCHG8B, absent", a -> a.db(0x0F, 0xC7, 0x0B)));
        cases.add(absent("CMPXCHG, absent", a -> a.db(0x0F, 0xB1, 0x0B)));
        cases.add(absent("XADD, absent", a -> a.db(0x0F, 0xC1, 0x0B)));
        cases.add(absent("BTS, absent", a -> a.db(0x0F, 0xAB, 0x0B)));
        cases.add(absent("DIV, absent, RDX too large", a -> a.movImm(RDX, 1L << 40)
                        .db(0x48, 0xF7, 0x33))
                .expect("#PF(4)"));
        cases.add(absent("MOVBE, absent", a -> a.db(0x0F, 0x38, 0xF0, 0x03)).expect("#PF(4)"));
        cases.add(absent("PUSH of what is absent", a -> a.db(0xFF, 0x33)).expect("#PF(4)"));
        cases.add(
                absent("POP to what is absent", a -> a.push(RAX).db(0x8F, 0x03)).expect("#PF(6)"));
        cases.add(absent("CALL through what is absent", a -> a.db(0xFF, 0x13)).expect("#PF(4)"));
        cases.add(absent("PREFETCH of what is absent", a -> a.db(0x0F, 0x18, 0x0B))
                .expect("done"));
        cases.add(
                absent("CLFLUSH of what is absent", a -> a.db(0x0F, 0xAE, 0x3B)).expect("#PF(4)"));
        cases.add(absent("LEA of what is absent", a -> a.lea(RAX, Mem.at(RBX))).expect("done"));
        cases.add(absent("CMOV that does not move, absent", a -> a.xor(RAX, RAX).db(0x0F, 0x45, 0x03))
                .expect("#PF(4)"));
        cases.add(absent(
                "MASKMOVDQU without a mask, absent",
                a -> a.mov(RDI, RBX).db(0x66, 0x0F, 0xEF, 0xC9).db(0x66, 0x0F, 0xF7, 0xC1)));
        cases.add(user("load across a page end, the second absent", a -> a.load64(RAX, RBX, 0xFFC))
                .page(1, 0)
                .expect("#PF(4)"));
        cases.add(user("load across a page end, both absent", a -> a.load64(RAX, RBX, 0xFFC))
                .page(0, 0)
                .page(1, 0)
                .expect("#PF(4)"));
        cases.add(user("store across a page end, both absent", a -> a.store64(RBX, 0xFFC, RAX))
                .page(0, 0)
                .page(1, 0)
                .expect("#PF(6)"));
        cases.add(user("store across a page end, first read-only, second absent", a -> a.store64(RBX, 0xFFC, RAX))
                .page(0, 5)
                .page(1, 0));
        cases.add(user("ADD across a page end, the second read-only", a -> a.add(Mem.at(RBX, 0xFFC), RAX))
                .page(1, 5));
        cases.add(user("load across the end of canonical addresses", a -> a.movImm(RBX, (1L << 47) - 4)
                        .load64(RAX, RBX, 0))
                .expect("#GP(0)")
                .hardwareOnly("KVM executes the load again, in software, and finds the first page absent"));
        cases.add(user("FLD m80 across a page end, the second absent", a -> a.db(0xDB, 0xAB)
                        .dd(0xFFA))
                .page(1, 0));
        cases.add(user(
                        "FSTP m80 across a page end, the second absent",
                        a -> a.db(0xD9, 0xE8).db(0xDB, 0xBB).dd(0xFFA))
                .page(1, 0));
        cases.add(user("MOVUPS store across a page end, the second absent", a -> a.db(0x0F, 0x11, 0x83)
                        .dd(0xFF8))
                .page(1, 0));
        cases.add(user(
                        "MOVS, both absent",
                        a -> a.mov(RSI, RBX).lea(RDI, Mem.at(RBX, 0x1000)).db(0xA4))
                .page(0, 0)
                .page(1, 0));
        cases.add(user(
                        "CMPS, both absent",
                        a -> a.mov(RSI, RBX).lea(RDI, Mem.at(RBX, 0x1000)).db(0xA6))
                .page(0, 0)
                .page(1, 0));
    }

    private static void instructions(List<SystemCase> cases) {
        cases.add(user("LOCK HLT", a -> a.db(0xF0, 0xF4)).expect("#UD"));
        cases.add(user("LOCK ADD of registers", a -> a.db(0xF0, 0x01, 0xC0)).expect("#UD"));
        cases.add(absent("LOCK MOV, absent", a -> a.db(0xF0, 0x89, 0x03)).expect("#UD"));
        cases.add(absent("undefined 0F 0F, absent", a -> a.db(0x0F, 0xFF, 0x03)));
        cases.add(absent("MOV to segment 6 of what is absent", a -> a.db(0x8E, 0x33))
                .hardwareOnly(EMULATED)
                .expect("#UD"));
        cases.add(user("LGDT with a non-canonical operand", a -> a.movImm(RBX, NOT_CANONICAL)
                        .db(0x0F, 0x01, 0x13))
                .expect("#GP(0)"));
        cases.add(absent("LGDT of what is absent", a -> a.db(0x0F, 0x01, 0x13)).expect("#GP(0)"));
        cases.add(user("INVLPG", a -> a.db(0x0F, 0x01, 0x3B)).expect("#GP(0)"));
        cases.add(user("RSM", a -> a.db(0x0F, 0xAA)).expect("#UD"));
        cases.add(user("MONITOR", a -> a.db(0x0F, 0x01, 0xC8))
                .hardwareOnly(EMULATED)
                .expect("#UD"));
        cases.add(user("VMCALL", a -> a.db(0x0F, 0x01, 0xC1))
                .hardwareOnly("VMCALL is a hypercall there")
                .expect("#UD"));
        cases.add(user("single step and a page fault", a -> a.load64(RAX, RBX, 0))
                .page(0, 0)
                .flags(TF)
                .resume(1)
                .expect("#PF(4)"));
        cases.add(user("IDIV of the most negative number", a -> a.movImm(RAX, 1L << 63)
                        .movImm(RDX, -1)
                        .movImm(RCX, -1)
                        .db(0x48, 0xF7, 0xF9))
                .expect("#DE"));
        cases.add(user(
                        "DIV of bytes, quotient too large",
                        a -> a.movImm(RAX, 0x1000).movImm(RCX, 1).db(0xF6, 0xF1))
                .expect("#DE"));
    }

    private static void repetitions(List<SystemCase> cases) {
        cases.add(user("REP MOVSB into a page that is absent", a -> a.lea(RDI, Mem.at(RBX, 0xFFE))
                        .db(0xF3, 0xA4))
                .page(1, 0)
                .expect("#PF(6)"));
        cases.add(user(
                        "REP MOVSQ into a page that is absent",
                        a -> a.lea(RDI, Mem.at(RBX, 0xFE8)).movImm(RCX, 9).db(0xF3, 0x48, 0xA5))
                .page(1, 0)
                .expect("#PF(6)"));
        cases.add(user("REP MOVSB from a page that is absent", a -> a.lea(RSI, Mem.at(RBX, 0xFFE))
                        .db(0xF3, 0xA4))
                .page(1, 0)
                .expect("#PF(4)"));
        cases.add(user("REP MOVSB backwards into a page that is absent", a -> a.lea(RDI, Mem.at(RBX, 0x1001))
                        .db(0xFD, 0xF3, 0xA4))
                .page(0, 0)
                .expect("#PF(6)"));
        cases.add(user("REP STOSQ into a page that is read-only", a -> a.lea(RDI, Mem.at(RBX, 0xFF0))
                        .db(0xF3, 0x48, 0xAB))
                .page(1, 5)
                .expect("#PF(7)"));
        cases.add(user("REPE CMPSB into a page that is absent", a -> a.lea(RSI, Mem.at(RBX, 0xFFE))
                        .db(0xF3, 0xA6))
                .page(1, 0));
        cases.add(user(
                        "REPNE SCASB into a page that is absent",
                        a -> a.movImm(RAX, 1).lea(RDI, Mem.at(RBX, 0xFFE)).db(0xF2, 0xAE))
                .page(1, 0)
                .expect("#PF(4)"));
        cases.add(absent(
                        "REP MOVSB of nothing",
                        a -> a.movImm(RCX, 0).mov(RDI, RBX).db(0xF3, 0xA4))
                .expect("done"));
        cases.add(user("REP LODSB into a page that is absent", a -> a.lea(RSI, Mem.at(RBX, 0xFFE))
                        .db(0xF3, 0xAC))
                .page(1, 0)
                .expect("#PF(4)"));
    }

    private static void stack(List<SystemCase> cases) {
        cases.add(absent("PUSH to a page that is absent", a -> a.lea(RSP, Mem.at(RBX, 0x800))
                        .push(RAX))
                .expect("#PF(6)"));
        cases.add(absent("CALL with a stack that is absent", a -> a.lea(RSP, Mem.at(RBX, 0x800))
                        .call(RSI))
                .expect("#PF(6)"));
        cases.add(absent("RET with a stack that is absent", a -> a.lea(RSP, Mem.at(RBX, 0x800))
                        .ret())
                .expect("#PF(4)"));
        cases.add(absent("ENTER with a stack that is absent", a -> a.lea(RSP, Mem.at(RBX, 0x800))
                        .db(0xC8, 0x10, 0, 0))
                .expect("#PF(6)"));
        cases.add(user("ENTER whose frame ends in an absent page", a -> a.lea(RSP, Mem.at(RBX, 0x1010))
                        .db(0xC8, 0x20, 0, 0))
                .page(0, 0));
        cases.add(absent("LEAVE to a stack that is absent", a -> a.db(0x48, 0x89, 0xDD)
                        .db(0xC9))
                .expect("#PF(4)"));
        cases.add(user(
                        "RET to a non-canonical address",
                        a -> a.movImm(RAX, NOT_CANONICAL).push(RAX).ret())
                .expect("#GP(0)"));
        cases.add(user(
                        "RET 8 to a non-canonical address",
                        a -> a.movImm(RAX, NOT_CANONICAL).push(RAX).db(0xC2, 8, 0))
                .expect("#GP(0)"));
        cases.add(user("CALL to a non-canonical address, stack absent", a -> a.lea(RSP, Mem.at(RBX, 0x800))
                        .movImm(RAX, NOT_CANONICAL)
                        .call(RAX))
                .page(0, 0));
        cases.add(absent("POPF from a page that is absent", a -> a.lea(RSP, Mem.at(RBX, 0x800))
                        .popf())
                .expect("#PF(4)"));
        cases.add(user("POP RSP from what is absent", a -> a.lea(RSP, Mem.at(RBX, 0x800))
                        .pop(RSP))
                .page(0, 0)
                .expect("#PF(4)"));
    }
}
