// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.kvm;

import static mckernelj.emulator.hw.asm.Reg.R8;
import static mckernelj.emulator.hw.asm.Reg.RAX;
import static mckernelj.emulator.hw.asm.Reg.RBX;
import static mckernelj.emulator.hw.asm.Reg.RCX;
import static mckernelj.emulator.hw.asm.Reg.RDX;
import static mckernelj.emulator.hw.asm.Reg.RSI;
import static mckernelj.tests.kvm.SystemCase.user;

import java.util.List;
import java.util.function.Consumer;
import mckernelj.emulator.hw.asm.Assembler;
import mckernelj.emulator.hw.asm.Cond;
import mckernelj.emulator.hw.asm.Label;
import mckernelj.emulator.hw.asm.Mem;

/** Exceptions in code that has run often, so that the emulated machine has translated it. User code. */
final class HotCodeCases {
    private static final int OFTEN = 3_000_000;
    private static final int TF = 1 << 8;

    private HotCodeCases() {}

    /** A loop in which R8 counts down from {@link #OFTEN}. */
    private static Consumer<Assembler> loop(Consumer<Assembler> body) {
        return a -> {
            a.movImm(R8, OFTEN);
            Label again = a.here();
            body.accept(a);
            a.dec(R8).j(Cond.NE, again);
        };
    }

    static List<SystemCase> all() {
        return List.of(
                user("a hot loop", loop(a -> a.add(RAX, R8).store64(RSI, 8, RAX)))
                        .expect("done"),
                user("a hot loop divides by 0 at last", loop(a -> a.movImm(RAX, 7)
                                .movImm(RDX, 0)
                                .mov(RCX, R8)
                                .sub(RCX, 1)
                                .div(RCX)))
                        .expect("#DE"),
                user("a hot loop stores to a page that is read-only at last", loop(HotCodeCases::lastTimeElsewhere))
                        .page(0, 5)
                        .expect("#PF(7)"),
                user("a hot loop stores to a page that is absent at last", loop(HotCodeCases::lastTimeElsewhere))
                        .page(0, 0)
                        .expect("#PF(6)"),
                user("a hot loop stores to a non-canonical address at last", a -> {
                            a.movImm(RBX, 1L << 62);
                            loop(HotCodeCases::lastTimeElsewhere).accept(a);
                        })
                        .expect("#GP(0)"),
                user("a hot loop sets TF at last", loop(a -> {
                            Label not = a.label();
                            a.cmp(R8, 1)
                                    .j(Cond.NE, not)
                                    .pushImm(TF | 2)
                                    .popf()
                                    .bind(not)
                                    .add(RAX, 3);
                        }))
                        .resume(1),
                user("a hot loop changes its own immediate", loop(a -> {
                            Label not = a.label();
                            a.cmp(R8, 1000).j(Cond.NE, not);
                            a.lea(RDX, not).w8().mov(Mem.at(RDX, 1), 9).bind(not);
                            a.db(0x05).dd(1); // add eax, 1
                        }))
                        .expect("done"),
                user("a hot loop sets AC at last", loop(a -> {
                            Label not = a.label();
                            a.cmp(R8, 1)
                                    .j(Cond.NE, not)
                                    .pushImm(1 << 18 | 2)
                                    .popf()
                                    .bind(not)
                                    .load32(RAX, RSI, 1);
                        }))
                        .set(0, 1 << 18)
                        .expect("#AC(0)"),
                user("a hot loop raises an x87 exception at last", loop(a -> {
                            Label not = a.label();
                            a.cmp(R8, 1).j(Cond.NE, not);
                            a.movImm(RCX, 0x360)
                                    .w16()
                                    .mov(Mem.at(RSI), RCX)
                                    .db(0xD9, 0x2E)
                                    .bind(not);
                            a.db(0xD9, 0xE8, 0xD9, 0xEE, 0xDE, 0xF9, 0xDD, 0xD8); // 1 / 0, dropped
                        }))
                        .expect("#MF"),
                user("a hot loop raises an SSE exception at last", loop(a -> {
                            Label not = a.label();
                            a.cmp(R8, 1).j(Cond.NE, not);
                            a.movImm(RCX, 0x1D80)
                                    .store32(RSI, 0, RCX)
                                    .db(0x0F, 0xAE, 0x16)
                                    .bind(not);
                            a.movImm(RCX, 0x3F800000)
                                    .db(0x66, 0x0F, 0x6E, 0xC1)
                                    .db(0x0F, 0x57, 0xC9)
                                    .db(0xF3, 0x0F, 0x5E, 0xC1);
                        }))
                        .expect("#XM"),
                user("a hot loop executes UD2 at last", loop(a -> {
                            Label not = a.label();
                            a.cmp(R8, 1).j(Cond.NE, not).ud2().bind(not).add(RAX, R8);
                        }))
                        .expect("#UD"));
    }

    private static void lastTimeElsewhere(Assembler a) {
        a.cmp(R8, 1).lea(RDX, Mem.at(RSI)).db(0x48, 0x0F, 0x44, 0xD3); // cmove rdx, rbx
        a.add(RAX, RDX).store64(RDX, 0, RAX).lea(RCX, Mem.at(RBX, 5));
    }
}
