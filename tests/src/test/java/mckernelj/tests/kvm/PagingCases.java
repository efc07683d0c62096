// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.kvm;

import static mckernelj.emulator.hw.asm.Reg.RAX;
import static mckernelj.emulator.hw.asm.Reg.RBX;
import static mckernelj.emulator.hw.asm.Reg.RCX;
import static mckernelj.tests.kvm.SystemCase.kernel;
import static mckernelj.tests.kvm.SystemCase.user;

import java.util.List;
import mckernelj.emulator.hw.asm.Assembler;
import mckernelj.emulator.hw.asm.Mem;
import mckernelj.emulator.hw.asm.Sreg;

/** Page faults, rights and the accessed and dirty flags (SDM vol. 3, chapter 4). */
final class PagingCases {

    private static final long P = 1;
    private static final long RW = 2;
    private static final long US = 4;
    private static final long NX = 1L << 63;
    private static final long WP = 1 << 16;
    private static final long SMEP = 1 << 20;

    private static final long SMAP = 1 << 21;
    private static final long PGE = 1 << 7;
    private static final long PCIDE = 1 << 17;
    private static final long G = 1 << 8;
    private static final int AC = 1 << 18;
    private static final int[] STAC = {0x0F, 0x01, 0xCB};
    private static final int[] CLAC = {0x0F, 0x01, 0xCA};
    private static final String NO_STAC = "KVM's software does not know STAC and CLAC";
    private static final String NO_INVPCID = "KVM's software does not know INVPCID";

    private PagingCases() {}

    static List<SystemCase> all() {
        return List.of(
                user("load", PagingCases::load).expect("done"),
                user("store", PagingCases::store).expect("done"),
                user("load from a page that is not present", PagingCases::load)
                        .page(0, RW | US)
                        .expect("#PF(4)"),
                user("store to a page that is not present", PagingCases::store)
                        .page(0, RW | US)
                        .expect("#PF(6)"),
                user("fetch from a page that is not present", PagingCases::jump)
                        .page(0, RW | US)
                        .expect("#PF(14)"),
                user("store to a read-only page", PagingCases::store)
                        .page(0, P | US)
                        .expect("#PF(7)"),
                user("load from a supervisor page", PagingCases::load)
                        .page(0, P | RW)
                        .expect("#PF(5)"),
                user("fetch from a supervisor page", PagingCases::jump)
                        .page(0, P | RW)
                        .expect("#PF(15)"),
                user("fetch from a page without execution", PagingCases::jump)
                        .page(0, P | RW | US | NX)
                        .expect("#PF(15)"),
                user("store into a second page that is read-only", PagingCases::crossingStore)
                        .page(1, P | US)
                        .expect("#PF(7)"),
                user("reserved bit in a page table entry", PagingCases::load)
                        .page(0, P | RW | US | 1L << 51)
                        .expect("#PF(d)"),
                kernel("store to a read-only page, WP", PagingCases::store)
                        .page(0, P)
                        .expect("#PF(3)"),
                kernel("store to a read-only page, no WP", PagingCases::store)
                        .page(0, P)
                        .clear(0, WP)
                        .expect("done"),
                kernel("store to a read-only user page, no WP", PagingCases::store)
                        .page(0, P | US)
                        .clear(0, WP)
                        .expect("done"),
                kernel("fetch from a user page", PagingCases::jump)
                        .memory(m ->
                                m.code(GuestImage.WINDOW_FRAMES, 64, a -> a.jmp(Mem.absolute(GuestImage.DONE_POINTER))))
                        .expect("done"),
                kernel("fetch from a user page, SMEP", PagingCases::jump)
                        .set(4, SMEP)
                        .expect("#PF(11)"),
                kernel("load from a page that is not present", PagingCases::load)
                        .page(0, RW)
                        .expect("#PF(0)"),
                kernel("store to a page that is not present", PagingCases::store)
                        .page(0, RW)
                        .expect("#PF(2)"),
                kernel("load from a user page, SMAP", PagingCases::load)
                        .set(4, SMAP)
                        .expect("#PF(1)"),
                kernel("store to a user page, SMAP", PagingCases::store)
                        .set(4, SMAP)
                        .expect("#PF(3)"),
                kernel("load from a user page, SMAP, AC", PagingCases::load)
                        .set(4, SMAP)
                        .flags(AC)
                        .expect("done"),
                kernel(
                                "load from a user page, SMAP, STAC and CLAC",
                                a -> a.db(STAC).load64(RAX, RBX, 0).db(CLAC).load64(RAX, RBX, 8))
                        .set(4, SMAP)
                        .hardwareOnly(NO_STAC)
                        .expect("#PF(1)"),
                kernel("load from a supervisor page, SMAP", PagingCases::load)
                        .page(0, P | RW)
                        .set(4, SMAP)
                        .expect("done"),
                user("load from a user page, SMAP", PagingCases::load)
                        .set(4, SMAP)
                        .expect("done"),
                kernel("descriptor in a user page, SMAP, AC", a -> a.movImm(RAX, GuestImage.LDT_SELECTOR)
                                .lldt(RAX)
                                .movImm(RAX, 12)
                                .mov(Sreg.DS, RAX))
                        .memory(m -> m.descriptor(12, 0, 0xFFFFF, 0xC093))
                        .memory(m -> m.put(GuestImage.KERNEL_TABLE + 8 * (GuestImage.LDT >> 12), GuestImage.LDT | 0x67))
                        .set(4, SMAP)
                        .flags(AC)
                        .hardwareOnly("KVM's software lets AC count")
                        .expect("#PF(1)"),
                kernel("STAC without SMAP", a -> a.db(STAC).load64(RAX, RBX, 0))
                        .hardwareOnly(NO_STAC)
                        .expect("done"),
                kernel("NX without EFER.NXE", PagingCases::load)
                        .page(0, P | RW | US | NX)
                        .msr(0xC0000080, 0x501)
                        .expect("#PF(9)"),
                kernel("fetch from a page that is not present, no NXE, no SMEP", PagingCases::jump)
                        .page(0, 0)
                        .msr(0xC0000080, 0x501)
                        .expect("#PF(0)"),
                user("directory entry not present", PagingCases::load)
                        .memory(m -> m.put(GuestImage.WINDOW_DIRECTORY, 0))
                        .expect("#PF(4)"),
                user("directory entry for supervisors", PagingCases::load)
                        .memory(m -> m.put(GuestImage.WINDOW_DIRECTORY, GuestImage.WINDOW_TABLE | 3))
                        .expect("#PF(5)"),
                user("directory entry read-only", PagingCases::store)
                        .memory(m -> m.put(GuestImage.WINDOW_DIRECTORY, GuestImage.WINDOW_TABLE | 5))
                        .expect("#PF(7)"),
                user("directory entry without execution", PagingCases::jump)
                        .memory(m -> m.put(GuestImage.WINDOW_DIRECTORY, GuestImage.WINDOW_TABLE | 7 | NX))
                        .expect("#PF(15)"),
                user("page of 2 MiB", a -> a.store64(RBX, 0x30000, RAX))
                        .memory(m -> m.put(GuestImage.WINDOW_DIRECTORY, 0x200087))
                        .expect("done"),
                user("page of 2 MiB, reserved bit", PagingCases::load)
                        .memory(m -> m.put(GuestImage.WINDOW_DIRECTORY, 0x202087))
                        .expect("#PF(d)"),
                user("page of 1 GiB", PagingCases::load)
                        .memory(m -> m.put(GuestImage.PDPT + 8, 0x87))
                        .hardwareOnly("KVM offers no pages of 1 GiB here")
                        .expect("done"),
                user("page of 1 GiB, reserved bit", PagingCases::load)
                        .memory(m -> m.put(GuestImage.PDPT + 8, 0x200087))
                        .expect("#PF(d)"),
                user("PS in a PML4 entry", PagingCases::load)
                        .memory(m -> m.put(GuestImage.PML4 + 8, GuestImage.PDPT | 0x87))
                        .first(a -> {})
                        .expect("done"),
                user("PS in the PML4 entry that is used", a -> a.movImm(RBX, 1L << 39)
                                .load64(RAX, RBX, 0))
                        .memory(m -> m.put(GuestImage.PML4 + 8, GuestImage.PDPT | 0x87))
                        .expect("#PF(d)"),
                user("accessed in all levels, dirty in the last", PagingCases::store)
                        .memory(m -> m.put(GuestImage.WINDOW_DIRECTORY, GuestImage.WINDOW_TABLE | 7))
                        .expect("done"),
                user("a fault sets neither", PagingCases::store)
                        .memory(m -> m.put(GuestImage.WINDOW_DIRECTORY, GuestImage.WINDOW_TABLE | 7))
                        .page(0, P | US)
                        .expect("#PF(7)"),
                kernel("a translation that was changed and invalidated", PagingCases::changeAndInvalidate)
                        .expect("#PF(0)"),
                kernel("a translation that was changed, and CR3 loaded", PagingCases::changeAndLoad)
                        .expect("#PF(0)"),
                kernel("INVPCID, type 4", a -> invpcid(a, 4))
                        .set(4, PCIDE)
                        .hardwareOnly(NO_INVPCID)
                        .expect("#GP(0)"),
                kernel("INVPCID of everything", a -> invpcid(a, 2))
                        .set(4, PCIDE)
                        .hardwareOnly(NO_INVPCID)
                        .expect("done"),
                user("INVPCID", a -> invpcid(a, 2)).hardwareOnly(NO_INVPCID).expect("#GP(0)"),
                kernel("a global page survives MOV CR3", PagingCases::changeAndLoad)
                        .page(0, P | RW | G)
                        .set(4, PGE)
                        .hardwareOnly("KVM's software drops global pages")
                        .expect("done"),
                kernel("a global page does not survive CR4.PGE", a -> {
                            change(a);
                            a.movFromCr(RAX, 4)
                                    .xor(RAX, (int) PGE)
                                    .movToCr(4, RAX)
                                    .load64(RCX, RBX, 0);
                        })
                        .page(0, P | RW | G)
                        .set(4, PGE)
                        .expect("#PF(0)"));
    }

    private static void load(Assembler a) {
        a.load64(RAX, RBX, 0);
    }

    private static void store(Assembler a) {
        a.store64(RBX, 0, RAX);
    }

    private static void jump(Assembler a) {
        a.jmp(RBX);
    }

    private static void crossingStore(Assembler a) {
        a.store64(RBX, 0xFFC, RAX);
    }

    private static void change(Assembler a) {
        a.load64(RAX, RBX, 0).mov(Mem.absolute(GuestImage.WINDOW_TABLE), 0);
    }

    private static void changeAndInvalidate(Assembler a) {
        change(a);
        a.invlpg(Mem.at(RBX)).load64(RAX, RBX, 0);
    }

    private static void changeAndLoad(Assembler a) {
        change(a);
        a.movFromCr(RAX, 3).movToCr(3, RAX).load64(RCX, RBX, 0);
    }

    private static void invpcid(Assembler a, int type) {
        a.movImm(RAX, type).db(0x66, 0x0F, 0x38, 0x82, 0x06);
    }
}
