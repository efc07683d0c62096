// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.kvm;

import static mckernelj.emulator.hw.asm.Reg.RAX;
import static mckernelj.emulator.hw.asm.Reg.RBX;
import static mckernelj.emulator.hw.asm.Reg.RCX;
import static mckernelj.emulator.hw.asm.Reg.RDX;
import static mckernelj.tests.kvm.SystemCase.kernel;
import static mckernelj.tests.kvm.SystemCase.kernel32;
import static mckernelj.tests.kvm.SystemCase.user;
import static mckernelj.tests.kvm.SystemCase.user32;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import mckernelj.emulator.hw.asm.Assembler;
import mckernelj.emulator.hw.asm.Mem;
import mckernelj.emulator.hw.asm.Reg;

/** SYSCALL, SYSRET, SYSENTER, SYSEXIT, SWAPGS and the FS and GS bases (SDM vol. 3, 5.8.7, 5.8.8). */
final class FastCallCases {
    private static final int STAR = 0xC0000081;
    private static final int LSTAR = 0xC0000082;
    private static final int FMASK = 0xC0000084;
    private static final int EFER = 0xC0000080;
    private static final int KERNEL_GS_BASE = 0xC0000102;
    private static final int SYSENTER_CS = 0x174;
    private static final int SYSENTER_ESP = 0x175;
    private static final int SYSENTER_EIP = 0x176;
    private static final long SELECTORS = 0x001B_0010L << 32;
    private static final long FSGSBASE = 1 << 16;
    private static final int TARGET = GuestImage.KERNEL_CODE + 0x800;
    private static final int[] SYSENTER = {0x0F, 0x34};
    private static final int[] SYSEXIT = {0x0F, 0x35};
    private static final int[] SYSEXITQ = {0x48, 0x0F, 0x35};
    private static final int[] SYSRET = {0x0F, 0x07};
    private static final String UNKNOWN = "KVM's software does not know these instructions";

    private FastCallCases() {}

    private static SystemCase prepared(SystemCase c) {
        return c.msr(STAR, SELECTORS)
                .msr(LSTAR, TARGET)
                .msr(FMASK, 0x500)
                .msr(SYSENTER_CS, GuestImage.KERNEL_CS)
                .msr(SYSENTER_ESP, GuestImage.KERNEL_STACK - 0x100)
                .msr(SYSENTER_EIP, TARGET)
                .memory(m -> m.code(TARGET, 64, a -> a.jmp(Mem.absolute(GuestImage.DONE_POINTER))))
                .hardwareOnly(UNKNOWN);
    }

    private static Consumer<Assembler> withTarget(Reg register, long target, int... code) {
        return a -> a.movImm(register, target).db(code);
    }

    static List<SystemCase> all() {
        List<SystemCase> cases = new ArrayList<>();
        calls(cases);
        returns(cases);
        bases(cases);
        return cases;
    }

    private static void calls(List<SystemCase> cases) {
        cases.add(prepared(user("SYSCALL", Assembler::syscall))
                .flags(1 << 10 | 1 << 16)
                .expect("done")
                .with(0, "RCX", GuestImage.USER_CODE + 2)
                .with(0, "R11", 0x402)
                .with(0, "CS in the handler", GuestImage.KERNEL_CS)
                .with(0, "SS in the handler", GuestImage.KERNEL_SS)
                .with(0, "rsp in the handler", GuestImage.USER_STACK));
        cases.add(prepared(user("SYSCALL, EFER.SCE off", Assembler::syscall))
                .msr(EFER, 0xD00)
                .expect("#UD"));
        cases.add(prepared(user32("SYSCALL", a -> a.db(0x0F, 0x05))).expect("#UD"));
        cases.add(prepared(kernel("SYSCALL", Assembler::syscall)).expect("done"));
        cases.add(prepared(user("SYSENTER", a -> a.db(SYSENTER)))
                .expect("done")
                .with(0, "rsp in the handler", GuestImage.KERNEL_STACK - 0x100)
                .with(0, "SS in the handler", GuestImage.KERNEL_SS));
        cases.add(prepared(user32("SYSENTER", a -> a.db(SYSENTER))).expect("done"));
        cases.add(prepared(user("SYSENTER, no selector", a -> a.db(SYSENTER)))
                .msr(SYSENTER_CS, 0)
                .expect("#GP(0)"));
        cases.add(prepared(user("SYSENTER, selector 3", a -> a.db(SYSENTER)))
                .msr(SYSENTER_CS, 3)
                .expect("#GP(0)"));
    }

    private static void returns(List<SystemCase> cases) {
        int target = GuestImage.USER_CODE;
        Consumer<GuestImage> ud2 = m -> m.code(target, 64, Assembler::ud2);
        Consumer<Assembler> sysret =
                a -> a.movImm(RCX, target).movImm(Reg.R11, 0x202).sysretq();
        cases.add(prepared(kernel("SYSRETQ", sysret))
                .memory(ud2)
                .expect("#UD")
                .with(0, "rip", target)
                .with(0, "cs", GuestImage.USER_CS)
                .with(0, "ss", GuestImage.USER_SS)
                .with(0, "rflags", 0x10202));
        cases.add(prepared(kernel(
                        "SYSRET to 32-bit code",
                        a -> a.movImm(RCX, target).movImm(Reg.R11, 2).db(SYSRET)))
                .memory(m -> m.code(target, 32, a -> a.db(0x40).ud2()))
                .expect("#UD"));
        cases.add(prepared(kernel("SYSRETQ, not canonical", withTarget(RCX, 1L << 47, 0x48, 0x0F, 0x07)))
                .expect("#GP(0)"));
        cases.add(prepared(kernel("SYSRETQ, EFER.SCE off", sysret))
                .msr(EFER, 0xD00)
                .expect("#UD"));
        cases.add(prepared(kernel32("SYSRET", a -> a.db(SYSRET))).expect("#UD"));
        cases.add(prepared(user("SYSRETQ", Assembler::sysretq)).expect("#GP(0)"));
        cases.add(prepared(kernel("SYSRETQ with odd flags", a -> a.movImm(RCX, target)
                        .movImm(Reg.R11, 0x237FD5 & ~0x100)
                        .sysretq()))
                .memory(ud2)
                .expect("#UD"));
        Consumer<Assembler> sysexit =
                a -> a.movImm(RDX, target).movImm(RCX, GuestImage.USER_STACK).db(SYSEXITQ);
        cases.add(prepared(kernel("SYSEXITQ", sysexit)).memory(ud2).expect("#UD"));
        cases.add(prepared(kernel("SYSEXIT to 32-bit code", a -> a.movImm(RDX, target)
                        .movImm(RCX, GuestImage.USER_STACK)
                        .db(SYSEXIT)))
                .memory(m -> m.code(target, 32, a -> a.db(0x40).ud2()))
                .expect("#UD"));
        cases.add(prepared(kernel("SYSEXITQ, RIP not canonical", withTarget(RDX, 1L << 47, SYSEXITQ)))
                .expect("#GP(0)"));
        cases.add(prepared(kernel("SYSEXITQ, RSP not canonical", withTarget(RCX, 1L << 47, SYSEXITQ)))
                .expect("#GP(0)"));
        cases.add(prepared(kernel("SYSEXITQ, no selector", sysexit))
                .msr(SYSENTER_CS, 0)
                .expect("#GP(0)"));
        cases.add(prepared(user("SYSEXIT", a -> a.db(SYSEXIT))).expect("#GP(0)"));
    }

    private static void bases(List<SystemCase> cases) {
        cases.add(kernel("SWAPGS", Assembler::swapgs)
                .msr(KERNEL_GS_BASE, 0x123456)
                .hardwareOnly(UNKNOWN)
                .expect("done")
                .with(0, "gs base", 0x123456));
        cases.add(user32("SWAPGS", a -> a.db(0x0F, 0x01, 0xF8))
                .hardwareOnly(UNKNOWN)
                .expect("#UD"));
        cases.add(user("RDFSBASE without CR4.FSGSBASE", a -> a.db(0xF3, 0x48, 0x0F, 0xAE, 0xC0))
                .hardwareOnly("the processor executes it with the setting of the machine below")
                .expect("#UD"));
        cases.add(user("WRFSBASE and RDFSBASE", a -> a.movImm(RAX, 0x1234_5678_9ABCL)
                        .db(0xF3, 0x48, 0x0F, 0xAE, 0xD0)
                        .db(0xF3, 0x48, 0x0F, 0xAE, 0xC3)) // rdfsbase rbx
                .set(4, FSGSBASE));
        cases.add(user("WRGSBASE of 32 bits", a -> a.movImm(RAX, -1).db(0xF3, 0x0F, 0xAE, 0xD8))
                .set(4, FSGSBASE));
        cases.add(user("WRFSBASE, not canonical", a -> a.movImm(RAX, 1L << 62).db(0xF3, 0x48, 0x0F, 0xAE, 0xD0))
                .set(4, FSGSBASE)
                .expect("#GP(0)"));
        cases.add(user32("RDFSBASE", a -> a.db(0xF3, 0x0F, 0xAE, 0xC0))
                .set(4, FSGSBASE)
                .expect("#UD"));
        cases.add(user("MOV FS, null clears the base", a -> a.movImm(RAX, 0x7000)
                        .db(0xF3, 0x48, 0x0F, 0xAE, 0xD0)
                        .movImm(RBX, 0)
                        .db(0x8E, 0xE3)
                        .db(0xF3, 0x48, 0x0F, 0xAE, 0xC1))
                .set(4, FSGSBASE));
    }
}
