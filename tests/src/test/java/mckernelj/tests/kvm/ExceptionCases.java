// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.kvm;

import static mckernelj.emulator.hw.asm.Reg.RAX;
import static mckernelj.emulator.hw.asm.Reg.RBP;
import static mckernelj.emulator.hw.asm.Reg.RBX;
import static mckernelj.emulator.hw.asm.Reg.RCX;
import static mckernelj.emulator.hw.asm.Reg.RDX;
import static mckernelj.emulator.hw.asm.Reg.RSP;
import static mckernelj.tests.kvm.SystemCase.kernel;
import static mckernelj.tests.kvm.SystemCase.user;
import static mckernelj.tests.kvm.SystemCase.user32;

import java.util.List;
import mckernelj.emulator.hw.asm.Assembler;

/** Exceptions, software interrupts and their delivery (SDM vol. 3, chapter 6). */
final class ExceptionCases {
    private static final int TF = 1 << 8;
    private static final String NO_INT = "KVM's software does not know INT";
    private static final String NO_SYSCALL = "KVM's software does not know SYSCALL";
    private static final String NO_DELIVERY = "KVM's software makes #DF of every fault in the delivery of an exception";

    private ExceptionCases() {}

    static List<SystemCase> all() {
        return List.of(
                user("nothing", a -> {}).expect("done"),
                kernel("nothing", a -> {}).expect("done"),
                user32("nothing", a -> {}).expect("done"),
                user("divide by zero", a -> a.xor(RCX, RCX).div(RCX)).expect("#DE"),
                user("undefined instruction", Assembler::ud2).expect("#UD"),
                user("breakpoint", Assembler::int3).expect("#BP"),
                kernel("breakpoint", Assembler::int3).hardwareOnly(NO_INT).expect("#BP"),
                user("breakpoint, and on", Assembler::int3).resume(3).expect("#BP done"),
                user("breakpoint as INT 3", a -> a.db(0xCD, 3)).expect("#BP"),
                user("breakpoint through a kernel gate", Assembler::int3)
                        .memory(m -> m.gate(3, 0x8E, 0))
                        .hardwareOnly(NO_INT)
                        .expect("#GP(1a)"),
                user32("overflow", a -> a.movImm(RAX, 0x7FFFFFFF).add(RAX, 1).db(0xCE))
                        .hardwareOnly(NO_INT)
                        .expect("#OF"),
                user32("no overflow", a -> a.xor(RAX, RAX).db(0xCE)).expect("done"),
                user("INT1", a -> a.db(0xF1)).expect("#DB"),
                user("software interrupt through a kernel gate", a -> a.interrupt(0x80))
                        .hardwareOnly(NO_INT)
                        .expect("#GP(402)"),
                user("software interrupt through a gate that is not present", a -> a.interrupt(0x41))
                        .hardwareOnly(NO_INT)
                        .memory(m -> m.gate(0x41, 0x6E, 0))
                        .expect("#NP(20a)"),
                user("software interrupt through a gate of a wrong type", a -> a.interrupt(0x41))
                        .hardwareOnly(NO_INT)
                        .memory(m -> m.gate(0x41, 0xE5, 0))
                        .expect("#GP(20a)"),
                user("software interrupt through a trap gate", a -> a.interrupt(0x41))
                        .hardwareOnly(NO_INT)
                        .memory(m -> m.gate(0x41, 0xEF, 0))
                        .flags(1 << 9)
                        .expect("65"),
                user("software interrupt on a stack of the table", a -> a.interrupt(0x41))
                        .hardwareOnly(NO_INT)
                        .memory(m -> m.gate(0x41, 0xEE, 1))
                        .expect("65"),
                user("privileged instruction", Assembler::hlt).expect("#GP(0)"),
                user("non-canonical load", a -> a.movImm(RBX, 1L << 63).load64(RAX, RBX, 0))
                        .expect("#GP(0)"),
                user("non-canonical load from the stack", a -> a.movImm(RBP, 1L << 63)
                                .load64(RAX, RBP, 0))
                        .expect("#SS(0)"),
                user("non-canonical push", a -> a.movImm(RSP, 1L << 63).push(RAX))
                        .expect("#SS(0)"),
                user("non-canonical jump", a -> a.movImm(RAX, 1L << 63).jmp(RAX))
                        .expect("#GP(0)"),
                user("load from address 0", a -> a.movImm(RBX, 0).load64(RAX, RBX, 0))
                        .expect("#PF(5)"),
                user("single step", a -> a.nop().nop()).flags(TF).resume(1).expect("#DB #DB done"),
                user("single step over a fault", a -> a.nop().ud2())
                        .flags(TF)
                        .resume(1)
                        .expect("#DB #UD"),
                user(
                                "single step over POPF that clears TF",
                                a -> a.pushImm(2).popf().nop())
                        .flags(TF)
                        .resume(1)
                        .expect("#DB #DB done"),
                user("POPF that sets TF", a -> a.pushImm(2 | TF).popf().nop().nop())
                        .resume(1)
                        .expect("#DB #DB done"),
                kernel("single step over MOV SS", a -> a.movImm(RAX, 0x18)
                                .db(0x8E, 0xD0)
                                .nop()
                                .pushImm(2)
                                .popf())
                        .flags(TF)
                        .resume(1)
                        .hardwareOnly("KVM's software steps into the instruction after MOV SS")
                        .expect("#DB #DB #DB #DB done"),
                user("single step over REP MOVSB", a -> a.db(0xF3, 0xA4))
                        .flags(TF)
                        .resume(1)
                        .expect("#DB #DB #DB done"),
                user("single step over SYSCALL, TF masked", a -> a.syscall())
                        .msr(0xC0000081, 0x001B_0010L << 32)
                        .msr(0xC0000082, GuestImage.KERNEL_CODE)
                        .msr(0xC0000084, TF)
                        .memory(m -> m.code(GuestImage.KERNEL_CODE, 64, a -> a.interrupt(0x42)))
                        .flags(TF)
                        .resume(1)
                        .hardwareOnly(NO_SYSCALL)
                        .expect("66"),
                user("single step over SYSCALL, TF not masked", a -> a.syscall())
                        .msr(0xC0000081, 0x001B_0010L << 32)
                        .msr(0xC0000082, GuestImage.KERNEL_CODE)
                        .memory(m ->
                                m.code(GuestImage.KERNEL_CODE, 64, a -> a.nop().interrupt(0x42)))
                        .flags(TF)
                        .resume(1)
                        .hardwareOnly(NO_SYSCALL)
                        .expect("#DB #DB 66"),
                user("double fault: page fault, gate not present", a -> a.movImm(RBX, 0)
                                .load64(RAX, RBX, 0))
                        .memory(m -> m.gate(14, 0x0E, 0))
                        .expect("#DF(0)"),
                user("double fault: #GP, gate not present", Assembler::hlt)
                        .memory(m -> m.gate(13, 0x0E, 0))
                        .expect("#DF(0)"),
                user("no double fault: #UD, gate not present", Assembler::ud2)
                        .memory(m -> m.gate(6, 0x0E, 0))
                        .hardwareOnly(NO_DELIVERY)
                        .expect("#NP(33)"),
                user("no double fault: #UD, stack not present", Assembler::ud2)
                        .memory(m -> m.putInt(GuestImage.TSS + 4, 0x50000000))
                        .hardwareOnly(NO_DELIVERY)
                        .expect("#DF(0)"),
                user("triple fault", Assembler::hlt)
                        .memory(m -> {
                            m.gate(13, 0x0E, 0);
                            m.gate(8, 0x0E, 0);
                        })
                        .expect("shutdown"),
                user("division overflow", a -> a.movImm(RDX, 5).movImm(RCX, 2).div(RCX))
                        .expect("#DE"));
    }
}
