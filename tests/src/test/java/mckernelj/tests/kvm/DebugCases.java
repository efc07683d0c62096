// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.kvm;

import static mckernelj.emulator.hw.asm.Reg.RAX;
import static mckernelj.emulator.hw.asm.Reg.RBX;
import static mckernelj.emulator.hw.asm.Reg.RCX;
import static mckernelj.emulator.hw.asm.Reg.RDX;
import static mckernelj.emulator.hw.asm.Reg.RSI;
import static mckernelj.tests.kvm.SystemCase.kernel;
import static mckernelj.tests.kvm.SystemCase.user;

import java.util.List;
import mckernelj.emulator.hw.asm.Assembler;
import mckernelj.emulator.hw.asm.Cond;
import mckernelj.emulator.hw.asm.Label;
import mckernelj.emulator.hw.asm.Mem;

/** Hardware breakpoints, single step and the debug registers (SDM vol. 3, chapter 18). */
final class DebugCases {
    private static final int TF = 1 << 8;
    private static final int RF = 1 << 16;
    private static final int DATA = GuestImage.USER_DATA;

    /** DR7 for breakpoint 0: enabled, with condition and length. */
    private static final int EXECUTE = 1;

    private static final int WRITE1 = 1 | 1 << 16;
    private static final int WRITE4 = 1 | 1 << 16 | 3 << 18;
    private static final int WRITE8 = 1 | 1 << 16 | 2 << 18;
    private static final int ACCESS4 = 1 | 3 << 16 | 3 << 18;
    private static final int GUARD = 1 << 13;

    private static final String NO_KERNEL = "KVM's software has no breakpoints in supervisor code";

    private static final String NO_USER =
            "KVM's software does not load breakpoints for user code; ptrace shows the same on the processor";

    private DebugCases() {}

    private static SystemCase breakpoint(SystemCase c, long address, int dr7) {
        return c.first(a -> {
            a.movImm(RAX, address).db(0x0F, 0x23, 0xC0); // mov dr0, rax
            a.movImm(RAX, dr7).db(0x0F, 0x23, 0xF8); // mov dr7, rax
        });
    }

    private static SystemCase userBreakpoint(SystemCase c, long address, int dr7) {
        return breakpoint(c, address, dr7).hardwareOnly(NO_USER);
    }

    static List<SystemCase> all() {
        return List.of(
                userBreakpoint(
                                user("execution breakpoint", a -> a.nop().nop().nop()),
                                GuestImage.USER_CODE + 1,
                                EXECUTE)
                        .expect("#DB")
                        .with(0, "rip", GuestImage.USER_CODE + 1)
                        .with(0, "rflags", 2),
                userBreakpoint(
                                user(
                                        "execution breakpoint, resumed with RF",
                                        a -> a.nop().nop().nop()),
                                GuestImage.USER_CODE + 1,
                                EXECUTE)
                        .on(1, GuestImage.RESUME_WITH_RF)
                        .expect("#DB done"),
                userBreakpoint(
                                user("execution breakpoint on the first instruction with RF", a -> a.nop()
                                        .nop()),
                                GuestImage.USER_CODE,
                                EXECUTE)
                        .flags(RF)
                        .expect("done"),
                userBreakpoint(user("execution breakpoint that is not enabled", a -> a.nop()), GuestImage.USER_CODE, 0)
                        .expect("done"),
                userBreakpoint(
                                user("execution breakpoint in the middle of an instruction", a -> a.movImm(RAX, 5)),
                                GuestImage.USER_CODE + 1,
                                EXECUTE)
                        .expect("done"),
                userBreakpoint(
                                user(
                                        "execution breakpoint and single step",
                                        a -> a.nop().nop().nop()),
                                GuestImage.USER_CODE + 1,
                                EXECUTE)
                        .flags(TF)
                        .on(1, GuestImage.RESUME_WITH_RF)
                        .expect("#DB #DB #DB done"),
                userBreakpoint(
                                user("execution breakpoint on UD2", a -> a.nop().ud2()),
                                GuestImage.USER_CODE + 1,
                                EXECUTE)
                        .on(1, GuestImage.RESUME_WITH_RF)
                        .expect("#DB #UD"),
                userBreakpoint(
                                user(
                                        "write breakpoint",
                                        a -> a.nop().store32(RSI, 0, RAX).nop()),
                                DATA,
                                WRITE4)
                        .resume(1)
                        .expect("#DB done"),
                userBreakpoint(user("write breakpoint, a byte of it", a -> a.store8(RSI, 3, RAX)), DATA, WRITE4)
                        .resume(1)
                        .expect("#DB done"),
                userBreakpoint(user("write breakpoint, the byte behind", a -> a.store8(RSI, 4, RAX)), DATA, WRITE4)
                        .resume(1)
                        .expect("done"),
                userBreakpoint(user("write breakpoint, a wider store", a -> a.store64(RSI, 0, RAX)), DATA + 5, WRITE1)
                        .resume(1)
                        .expect("#DB done"),
                userBreakpoint(user("write breakpoint of 8 bytes", a -> a.store8(RSI, 7, RAX)), DATA, WRITE8)
                        .resume(1)
                        .expect("#DB done"),
                userBreakpoint(user("write breakpoint, a load", a -> a.load32(RAX, RSI, 0)), DATA, WRITE4)
                        .resume(1)
                        .expect("done"),
                userBreakpoint(user("access breakpoint, a load", a -> a.load32(RAX, RSI, 0)), DATA, ACCESS4)
                        .resume(1)
                        .expect("#DB done"),
                userBreakpoint(user("access breakpoint, a store", a -> a.store32(RSI, 0, RAX)), DATA, ACCESS4)
                        .resume(1)
                        .expect("#DB done"),
                userBreakpoint(user("access breakpoint, ADD to memory", a -> a.add(Mem.at(RSI), RAX)), DATA, ACCESS4)
                        .resume(1)
                        .expect("#DB done"),
                userBreakpoint(user("write breakpoint, a push", a -> a.push(RAX)), GuestImage.USER_STACK - 8, WRITE8)
                        .resume(1)
                        .expect("#DB done"),
                userBreakpoint(user("write breakpoint in REP STOSB", a -> a.db(0xF3, 0xAA)), DATA + 0x801, WRITE1)
                        .resume(1)
                        .expect("#DB done")
                        .with(0, "RCX", 1)
                        .with(0, "rip", GuestImage.USER_CODE)
                        .with(0, "rflags", 0x10002)
                        .with(0, "dr6", 0xFFFF0FF1L),
                userBreakpoint(
                                user("write breakpoint and single step", a -> a.store32(RSI, 0, RAX)
                                        .nop()),
                                DATA,
                                WRITE4)
                        .flags(TF)
                        .resume(1)
                        .expect("#DB #DB done")
                        .with(0, "dr6", 0xFFFF4FF1L),
                userBreakpoint(
                                user("write breakpoint, the store faults", a -> a.store32(RBX, 0, RAX)),
                                GuestImage.WINDOW,
                                WRITE4)
                        .page(0, 5)
                        .resume(1)
                        .expect("#PF(7)"),
                breakpoint(
                                kernel(
                                        "execution breakpoint",
                                        a -> a.nop().nop().nop()),
                                GuestImage.KERNEL_CODE + 1,
                                EXECUTE)
                        .on(1, GuestImage.RESUME_WITH_RF)
                        .hardwareOnly(NO_KERNEL)
                        .expect("#DB done"),
                breakpoint(
                                kernel("write breakpoint", a -> a.store32(RSI, 0, RAX)
                                        .nop()),
                                DATA,
                                WRITE4)
                        .resume(1)
                        .hardwareOnly(NO_KERNEL)
                        .expect("#DB done"),
                breakpoint(
                                kernel("write breakpoint after MOV SS", a -> a.movImm(RAX, 0x18)
                                        .db(0x36, 0x66, 0x8E, 0x16) // mov ss, [rsi]
                                        .nop()
                                        .nop()),
                                DATA,
                                ACCESS4)
                        .memory(m -> m.put(DATA, 0x18))
                        .resume(1)
                        .hardwareOnly(NO_KERNEL)
                        .expect("#DB done"),
                breakpoint(kernel("I/O breakpoint", a -> a.out(0x80).nop()), 0x80, 1 | 2 << 16)
                        .set(4, 8)
                        .resume(1)
                        .hardwareOnly(NO_KERNEL)
                        .expect("#DB done"),
                breakpoint(
                                kernel("I/O breakpoint without CR4.DE", a -> a.out(0x80)
                                        .nop()),
                                0x80,
                                1 | 2 << 16)
                        .resume(1)
                        .hardwareOnly(NO_KERNEL)
                        .expect("done"),
                breakpoint(kernel("general detect", a -> a.nop().db(0x0F, 0x21, 0xC1)), 0, GUARD)
                        .hardwareOnly("KVM's software raises it as a trap")
                        .expect("#DB")
                        .with(0, "rip", GuestImage.KERNEL_CODE + 1)
                        .with(0, "dr6", 0xFFFF2FF0L)
                        .with(0, "dr7", 0x400),
                kernel("DR4 is DR6", a -> a.db(0x0F, 0x21, 0xE0)).expect("done"),
                kernel("DR4 with CR4.DE", a -> a.db(0x0F, 0x21, 0xE0)).set(4, 8).expect("#UD"),
                kernel("DR7 above 32 bits", a -> a.movImm(RAX, 1L << 32).db(0x0F, 0x23, 0xF8))
                        .expect("#GP(0)"),
                kernel("DR6 above 32 bits", a -> a.movImm(RAX, 1L << 32).db(0x0F, 0x23, 0xF0))
                        .expect("#GP(0)"),
                kernel("DR6 and DR7 after writing ones", a -> a.movImm(RAX, 0xFFFFFFFFL)
                        .db(0x0F, 0x23, 0xF0)
                        .db(0x0F, 0x21, 0xF1) // mov rcx, dr6
                        .movImm(RAX, 0xFFFFD800L)
                        .db(0x0F, 0x23, 0xF8)
                        .db(0x0F, 0x21, 0xFA)), // mov rdx, dr7
                user("MOV from a debug register", a -> a.db(0x0F, 0x21, 0xC0)).expect("#GP(0)"),
                user("single step over PUSHF", a -> a.pushf().pop(RCX))
                        .flags(TF | 1 << 9)
                        .resume(1)
                        .expect("#DB #DB done"),
                user("single step over a branch", DebugCases::branch).flags(TF).resume(1),
                user("single step over CPUID", a -> a.xor(RAX, RAX)
                                .cpuid()
                                .movImm(RAX, 0)
                                .movImm(RBX, 0)
                                .movImm(RCX, 0)
                                .movImm(RDX, 0))
                        .on(1, GuestImage.RESUME));
    }

    private static void branch(Assembler a) {
        Label over = a.label();
        a.xor(RAX, RAX).j(Cond.E, over).nop().bind(over).nop();
    }
}
