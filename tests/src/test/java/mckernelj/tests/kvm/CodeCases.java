// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.kvm;

import static mckernelj.emulator.hw.asm.Reg.RAX;
import static mckernelj.emulator.hw.asm.Reg.RBX;
import static mckernelj.emulator.hw.asm.Reg.RCX;
import static mckernelj.emulator.hw.asm.Reg.RDI;
import static mckernelj.emulator.hw.asm.Reg.RDX;
import static mckernelj.emulator.hw.asm.Reg.RSP;
import static mckernelj.tests.kvm.SystemCase.user;

import java.util.List;
import java.util.function.Consumer;
import mckernelj.emulator.hw.asm.Assembler;
import mckernelj.emulator.hw.asm.Cond;
import mckernelj.emulator.hw.asm.Label;
import mckernelj.emulator.hw.asm.Mem;

/** Fetching code: programs that write themselves, and what lies at the ends of pages (SDM vol. 3, 9.1.3, 12.6). */
final class CodeCases {
    private static final int CODE = GuestImage.USER_CODE;
    private static final int ALIAS = GuestImage.WINDOW;
    private static final int PAGE_END = CODE + 0x1000;
    private static final int INC_EAX = 0xC0FF;

    private CodeCases() {}

    /** Window page 0 is the code page. */
    private static SystemCase aliased(SystemCase c) {
        return c.memory(m -> m.put(GuestImage.WINDOW_TABLE, CODE | 7));
    }

    static List<SystemCase> all() {
        return List.of(
                user("a store to the next instruction", storeAhead(CODE, 0)).expect("done"),
                user("a store to the instruction after the next one", storeAhead(CODE, 3))
                        .expect("done"),
                aliased(user("a store to the next instruction by another address", storeAhead(ALIAS, 0)))
                        .expect("done"),
                user("REP STOSB over what follows", CodeCases::fillAhead).expect("done"),
                user("LOCK XADD to what follows", CodeCases::addAhead).expect("done"),
                user("a push over what follows", CodeCases::pushAhead).expect("done"),
                user("a loop that changes itself", CodeCases::changingLoop).expect("done"),
                user("an instruction across two pages", a -> {})
                        .memory(m -> m.code(CODE, 64, a -> jump(a, PAGE_END - 3)))
                        .memory(m -> m.code(
                                PAGE_END - 3, 64, a -> a.movImm(RAX, 0x12345678).int3()))
                        .expect("#BP"),
                user("an instruction across two pages, the second changes", a -> {})
                        .memory(m -> m.code(CODE, 64, a -> {
                            a.movImm(RAX, PAGE_END - 3).call(RAX);
                            a.movImm(RDX, PAGE_END).movImm(RCX, 0x77).store8(RDX, 0, RCX);
                            a.mov(RBX, RAX).movImm(RAX, PAGE_END - 3).call(RAX).int3();
                        }))
                        .memory(m -> m.code(
                                PAGE_END - 3, 64, a -> a.movImm(RAX, 0x12345678).ret()))
                        .expect("#BP"),
                user("an instruction whose second page is not present", a -> {})
                        .memory(m -> m.code(CODE, 64, a -> jump(a, GuestImage.WINDOW + 0xFFE)))
                        .memory(m -> m.code(GuestImage.WINDOW_FRAMES + 0xFFE, 64, a -> a.movImm(RAX, 0x12345678)))
                        .page(1, 0)
                        .expect("#PF(14)"),
                user("an instruction that ends with its page", a -> {})
                        .memory(m -> m.code(CODE, 64, a -> jump(a, GuestImage.WINDOW + 0xFFE)))
                        .memory(m -> m.code(GuestImage.WINDOW_FRAMES + 0xFFE, 64, a -> a.db(0xFF, 0xC0)))
                        .page(1, 0)
                        .expect("#PF(14)"),
                user("an undefined instruction at the end of a page", a -> {})
                        .memory(m -> m.code(CODE, 64, a -> jump(a, GuestImage.WINDOW + 0xFFE)))
                        .memory(m -> m.code(GuestImage.WINDOW_FRAMES + 0xFFE, 64, Assembler::ud2))
                        .page(1, 0)
                        .expect("#UD"),
                user(
                                "fifteen bytes",
                                a -> a.db(
                                        0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
                                        0x66, 0x90))
                        .expect("done"),
                user(
                                "sixteen bytes",
                                a -> a.db(
                                        0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
                                        0x66, 0x66, 0x90))
                        .expect("#GP(0)"),
                user("code read-only for the user is executable", a -> a.nop())
                        .memory(m -> m.put(GuestImage.USER_TABLE, CODE | 0x65))
                        .expect("done"),
                user("code that is replaced by another page", CodeCases::exchange)
                        .memory(m -> m.code(GuestImage.WINDOW_FRAMES, 64, a -> a.movImm(RAX, 1)
                                .ret()))
                        .memory(m -> m.code(GuestImage.WINDOW_FRAMES + 0x1000, 64, a -> a.movImm(RAX, 2)
                                .ret()))
                        .memory(m -> m.put(GuestImage.WINDOW_TABLE + 16, GuestImage.WINDOW_FRAMES | 7))
                        .expect("done"));
    }

    private static void jump(Assembler a, long target) {
        a.movImm(RAX, target).jmp(RAX);
    }

    /** Stores "inc eax" over two NOPs, {@code distance} bytes behind the store. */
    private static Consumer<Assembler> storeAhead(int page, int distance) {
        return a -> {
            int length = 5 + 5 + 7; // the two MOVs and the store
            a.movImm(RCX, INC_EAX)
                    .movImm(RDX, page + length + distance)
                    .db(0x66, 0x89, 0x8A)
                    .dd(0);
            for (int i = 0; i < 8; i++) {
                a.nop();
            }
        };
    }

    private static void fillAhead(Assembler a) {
        a.movImm(RAX, 0x90)
                .movImm(RCX, 4)
                .movImm(RDI, CODE + 17)
                .db(0xF3, 0xAA)
                .ud2()
                .ud2()
                .movImm(RAX, 3);
    }

    private static void addAhead(Assembler a) {
        a.movImm(RCX, 1)
                .movImm(RDX, CODE + 15)
                .lock()
                .xadd(Mem.at(RDX, 1), RCX)
                .nop()
                .movImm(RAX, 5)
                .nop();
    }

    private static void pushAhead(Assembler a) {
        a.movImm(RSP, CODE + 24).movImm(RAX, 0x9090909090909090L).push(RAX);
        while (a.size() < 24) {
            a.db(0x0F);
        }
        a.movImm(RSP, GuestImage.USER_STACK);
    }

    private static void changingLoop(Assembler a) {
        a.movImm(RBX, CODE + 10).movImm(RCX, 5);
        Label again = a.here();
        a.db(0x05).dd(1); // add eax, 1: its immediate grows
        a.inc(Mem.at(RBX, 1)).dec(RCX).j(Cond.NE, again);
    }

    private static void exchange(Assembler a) {
        // the same linear page 0, then page 1 by another address: decoded code must not be mixed up
        a.call(RBX).mov(RCX, RAX).lea(RBX, Mem.at(RBX, 0x1000)).call(RBX).mov(RDX, RAX);
        a.lea(RBX, Mem.at(RBX, 0x1000)).call(RBX);
    }
}
