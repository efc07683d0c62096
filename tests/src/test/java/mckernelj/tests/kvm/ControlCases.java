// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.kvm;

import static mckernelj.emulator.hw.asm.Reg.RAX;
import static mckernelj.emulator.hw.asm.Reg.RBX;
import static mckernelj.emulator.hw.asm.Reg.RCX;
import static mckernelj.emulator.hw.asm.Reg.RDX;
import static mckernelj.tests.kvm.SystemCase.kernel;
import static mckernelj.tests.kvm.SystemCase.user;

import java.util.ArrayList;
import java.util.List;
import mckernelj.emulator.hw.asm.Assembler;

/** Writes of control registers and MSRs, legal and not (SDM vol. 3, 2.5; vol. 4). */
final class ControlCases {
    private static final long EFER = 0xC0000080L;
    private static final String LENIENT = "KVM's software checks less here";
    private static final String NO_PCID = "KVM offers no PCID here";
    private static final String OTHER_PROCESSOR = "KVM's processor has features that ours has not";

    private ControlCases() {}

    static List<SystemCase> all() {
        List<SystemCase> cases = new ArrayList<>();
        controlRegisters(cases);
        modelSpecific(cases);
        return cases;
    }

    private static SystemCase change(int register, long set, long clear) {
        return kernel(
                "CR" + register + " | " + Long.toHexString(set) + " & ~" + Long.toHexString(clear),
                a -> a.movFromCr(RAX, register)
                        .movImm(RCX, set)
                        .or(RAX, RCX)
                        .movImm(RCX, ~clear)
                        .and(RAX, RCX)
                        .movToCr(register, RAX));
    }

    private static SystemCase write(int register, long value) {
        return kernel("CR" + register + " = " + Long.toHexString(value), a -> a.movImm(RAX, value)
                .movToCr(register, RAX));
    }

    private static void controlRegisters(List<SystemCase> cases) {
        cases.add(change(0, 0, 1).expect("#GP(0)")); // PG without PE
        cases.add(change(0, 0, 1L << 31).expect("#GP(0)")); // PG in 64-bit mode
        cases.add(change(0, 1L << 32, 0).hardwareOnly(LENIENT).expect("#GP(0)"));
        cases.add(change(0, 1 << 29, 0).expect("#GP(0)")); // NW without CD
        cases.add(change(0, 1 << 30, 0).expect("done"));
        cases.add(change(0, 1 << 6 | 1 << 17 | 1 << 28, 0).expect("done")); // reserved, ignored
        cases.add(change(4, 0, 1 << 5).expect("#GP(0)")); // PAE
        cases.add(change(4, 1L << 32, 0).hardwareOnly(LENIENT).expect("#GP(0)"));
        cases.add(change(4, 1 << 15, 0).expect("#GP(0)"));
        cases.add(change(4, 1 << 20 | 1 << 21 | 1 << 7, 0).expect("done"));
        cases.add(change(4, 1 << 17, 0).hardwareOnly(NO_PCID).expect("done")); // PCIDE
        cases.add(kernel("CR4.PCIDE with an identifier", a -> a.movImm(RAX, GuestImage.PML4 | 1)
                        .movToCr(3, RAX)
                        .movFromCr(RAX, 4)
                        .or(RAX, 1 << 17)
                        .movToCr(4, RAX))
                .expect("#GP(0)"));
        cases.add(kernel("CR3 with an identifier and bit 63", a -> a.movImm(RAX, 1L << 63 | GuestImage.PML4 | 5)
                        .movToCr(3, RAX)
                        .movFromCr(RCX, 3))
                .set(4, 1 << 17)
                .hardwareOnly(NO_PCID)
                .expect("done"));
        cases.add(write(3, 1L << 63 | GuestImage.PML4).expect("#GP(0)"));
        cases.add(write(3, 1L << 60 | GuestImage.PML4).expect("#GP(0)"));
        cases.add(write(3, GuestImage.PML4 | 0x18).expect("done"));
        cases.add(write(2, -1).expect("done"));
        cases.add(write(8, 15).expect("done"));
        cases.add(write(8, 16).expect("#GP(0)"));
        for (int register : new int[] {1, 5, 6, 7, 9, 15}) {
            cases.add(kernel("read CR" + register, a -> a.movFromCr(RAX, register))
                    .expect("#UD"));
            cases.add(user("read CR" + register, a -> a.movFromCr(RAX, register))
                    .hardwareOnly("KVM's software says #GP")
                    .expect("#UD"));
        }
        cases.add(kernel(
                        "LMSW cannot clear PE",
                        a -> a.movImm(RAX, 0).db(0x0F, 0x01, 0xF0).movFromCr(RCX, 0))
                .expect("done"));
        cases.add(kernel("CLTS", a -> a.db(0x0F, 0x06).movFromCr(RCX, 0))
                .set(0, 8)
                .expect("done"));
    }

    private static SystemCase wrmsr(long number, long value) {
        return kernel("WRMSR " + Long.toHexString(number) + " = " + Long.toHexString(value), a -> {
            a.movImm(RCX, number)
                    .movImm(RAX, value & 0xFFFFFFFFL)
                    .movImm(RDX, value >>> 32)
                    .wrmsr();
            a.movImm(RAX, 0).movImm(RDX, 0).rdmsr();
        });
    }

    private static SystemCase rdmsr(long number) {
        return kernel(
                "RDMSR " + Long.toHexString(number), a -> a.movImm(RCX, number).rdmsr());
    }

    private static void modelSpecific(List<SystemCase> cases) {
        cases.add(rdmsr(0x12345).expect("#GP(0)"));
        cases.add(wrmsr(0x12345, 0).expect("#GP(0)"));
        cases.add(rdmsr(EFER).expect("done"));
        cases.add(rdmsr(0x1B).expect("done"));
        cases.add(rdmsr(0x277).expect("done"));
        cases.add(wrmsr(EFER, 0x500).expect("done"));
        cases.add(wrmsr(EFER, 0xD01 & ~0x100).expect("#GP(0)")); // LME while paging
        cases.add(wrmsr(EFER, 0xD01 | 1 << 9).expect("#GP(0)"));
        cases.add(wrmsr(EFER, 0xD01 | 1L << 32).expect("#GP(0)"));
        for (long number : new long[] {0xC0000082L, 0xC0000083L, 0xC0000100L, 0xC0000101L, 0xC0000102L, 0x175, 0x176}) {
            cases.add(wrmsr(number, 1L << 47).hardwareOnly(LENIENT).expect("#GP(0)"));
            cases.add(wrmsr(number, -1L << 47).expect("done"));
        }
        cases.add(wrmsr(0xC0000081L, -1).expect("done"));
        cases.add(wrmsr(0xC0000084L, 0xFFFFFFFFL).expect("done"));
        cases.add(wrmsr(0xC0000084L, -1)
                .hardwareOnly("KVM's software takes 64 bits")
                .expect("#GP(0)"));
        cases.add(wrmsr(0xC0000103L, 0xFFFFFFFFL).hardwareOnly(OTHER_PROCESSOR).expect("done"));
        cases.add(wrmsr(0xC0000103L, 1L << 32).hardwareOnly(OTHER_PROCESSOR).expect("#GP(0)"));
        cases.add(wrmsr(0x277, 0x0007010600070106L).expect("done"));
        cases.add(wrmsr(0x277, 0x0007010600070102L).hardwareOnly(LENIENT).expect("#GP(0)"));
        cases.add(wrmsr(0x277, 0x0807010600070106L).hardwareOnly(LENIENT).expect("#GP(0)"));
        cases.add(wrmsr(0x2FF, 0xC06).expect("done"));
        cases.add(wrmsr(0x2FF, 0xC02).expect("#GP(0)"));
        cases.add(wrmsr(0x2FF, 1 << 8).expect("#GP(0)"));
        cases.add(wrmsr(0x200, 6).expect("done"));
        cases.add(wrmsr(0x200, 7).expect("#GP(0)"));
        cases.add(wrmsr(0x201, 0xFF000800L).expect("done"));
        cases.add(wrmsr(0x201, 0xFF000400L).expect("#GP(0)"));
        cases.add(wrmsr(0x250, 0x0606060606060606L).expect("done"));
        cases.add(wrmsr(0x250, 0x0606060606060602L).expect("#GP(0)"));
        cases.add(wrmsr(0x26F, 0x0505050505050505L).expect("done"));
        cases.add(wrmsr(0xFE, 0).expect("#GP(0)"));
        cases.add(wrmsr(0x3B, 0x1000).expect("done"));
        cases.add(kernel("the TSC moves by what IA32_TSC_ADJUST says", a -> {
                    a.rdtsc().mov(RBX, RDX);
                    a.movImm(RCX, 0x3B).movImm(RAX, 0).movImm(RDX, 0x100).wrmsr();
                    a.rdtsc().sub(RDX, RBX).movImm(RAX, 0).movImm(RBX, 0);
                })
                .hardwareOnly("KVM's software reads the TSC of the machine below")
                .expect("done"));
        cases.add(kernel("the TSC is 0 when it was set to 0", a -> {
                    a.movImm(RCX, 0x10).movImm(RAX, 0).movImm(RDX, 0).wrmsr();
                    a.rdtsc().movImm(RAX, 0);
                })
                .hardwareOnly("KVM's software reads the TSC of the machine below")
                .expect("done"));
        cases.add(user("RDMSR", Assembler::rdmsr).expect("#GP(0)"));
        cases.add(rdmsr(0x802).expect("#GP(0)"));
        cases.add(wrmsr(0x1B, 0xFEE00C00L | 0x100).expect("done"));
        cases.add(wrmsr(0x1B, 0xFEE00500L).expect("#GP(0)")); // x2APIC without the APIC
        cases.add(wrmsr(0x1B, 0xFEE00900L | 1).expect("#GP(0)"));
    }
}
