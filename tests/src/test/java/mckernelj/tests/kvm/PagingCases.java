// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.kvm;

import static mckernelj.emulator.hw.asm.Reg.RAX;
import static mckernelj.emulator.hw.asm.Reg.RBX;
import static mckernelj.tests.kvm.SystemCase.kernel;
import static mckernelj.tests.kvm.SystemCase.user;

import java.util.List;
import java.util.function.Consumer;
import mckernelj.emulator.hw.asm.Assembler;
import mckernelj.emulator.hw.asm.Mem;

/** Page faults, rights and the accessed and dirty flags (SDM vol. 3, chapter 4). */
final class PagingCases {
    private static final Consumer<Assembler> LOAD = a -> a.load64(RAX, RBX, 0);
    private static final Consumer<Assembler> STORE = a -> a.store64(RBX, 0, RAX);
    private static final Consumer<Assembler> JUMP = a -> a.jmp(RBX);
    private static final Consumer<Assembler> CROSSING_STORE = a -> a.store64(RBX, 0xFFC, RAX);

    private static final long P = 1;
    private static final long RW = 2;
    private static final long US = 4;
    private static final long NX = 1L << 63;
    private static final long WP = 1 << 16;
    private static final long SMEP = 1 << 20;

    private PagingCases() {}

    static List<SystemCase> all() {
        return List.of(
                user("load", LOAD).expect("done"),
                user("store", STORE).expect("done"),
                user("load from a page that is not present", LOAD)
                        .page(0, RW | US)
                        .expect("#PF(4)"),
                user("store to a page that is not present", STORE)
                        .page(0, RW | US)
                        .expect("#PF(6)"),
                user("fetch from a page that is not present", JUMP)
                        .page(0, RW | US)
                        .expect("#PF(14)"),
                user("store to a read-only page", STORE).page(0, P | US).expect("#PF(7)"),
                user("load from a supervisor page", LOAD).page(0, P | RW).expect("#PF(5)"),
                user("fetch from a supervisor page", JUMP).page(0, P | RW).expect("#PF(15)"),
                user("fetch from a page without execution", JUMP)
                        .page(0, P | RW | US | NX)
                        .expect("#PF(15)"),
                user("store into a second page that is read-only", CROSSING_STORE)
                        .page(1, P | US)
                        .expect("#PF(7)"),
                user("reserved bit in a page table entry", LOAD)
                        .page(0, P | RW | US | 1L << 51)
                        .expect("#PF(d)"),
                kernel("store to a read-only page, WP", STORE).page(0, P).expect("#PF(3)"),
                kernel("store to a read-only page, no WP", STORE)
                        .page(0, P)
                        .clear(0, WP)
                        .expect("done"),
                kernel("store to a read-only user page, no WP", STORE)
                        .page(0, P | US)
                        .clear(0, WP)
                        .expect("done"),
                kernel("fetch from a user page", JUMP)
                        .memory(m ->
                                m.code(GuestImage.WINDOW_FRAMES, 64, a -> a.jmp(Mem.absolute(GuestImage.DONE_POINTER))))
                        .expect("done"),
                kernel("fetch from a user page, SMEP", JUMP).set(4, SMEP).expect("#PF(11)"),
                kernel("load from a page that is not present", LOAD).page(0, RW).expect("#PF(0)"),
                kernel("store to a page that is not present", STORE).page(0, RW).expect("#PF(2)"));
    }
}
