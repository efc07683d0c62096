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
import java.util.function.Consumer;
import mckernelj.emulator.hw.asm.Assembler;
import mckernelj.emulator.hw.asm.Mem;

/** Interrupts and the local APIC (SDM vol. 3, chapter 11; 6.8). One processor: its interrupts are its own. */
final class ApicCases {
    private static final long PAGE = 0xFEE00000L;
    private static final long BASE = PAGE | 0x900;
    private static final int TPR = 0x80;
    private static final int SVR = 0xF0;
    private static final int ICR = 0x300;
    private static final int SELF = 1 << 18 | 1 << 14;
    private static final int LVT_TIMER = 0x320;
    private static final int TIMER_INITIAL = 0x380;
    private static final int TIMER_DIVIDE = 0x3E0;
    private static final int IF = 1 << 9;
    private static final int RESULTS = GuestImage.KERNEL_DATA;
    private static final String LATE = "KVM's software runs many instructions before it looks for interrupts";
    private static final String LENIENT = "KVM's APIC checks less";

    private ApicCases() {}

    private static Assembler write(Assembler a, int offset, int value) {
        return a.movImm(RAX, PAGE + offset).w32().mov(Mem.at(RAX), value);
    }

    private static void read(Assembler a, int offset, int slot) {
        a.movImm(RAX, PAGE + offset).load32(RAX, RAX, 0).store64(Mem.absolute(RESULTS + 8 * slot), RAX);
    }

    /** With the APIC on; the handlers of the vectors end their interrupts. */
    private static SystemCase enabled(String name, Consumer<Assembler> body, int... vectors) {
        SystemCase c = vectors.length == 0 ? on(name, body) : on(name, body).hardwareOnly(LATE);
        for (int vector : vectors) {
            c.on(vector, GuestImage.END_INTERRUPT);
        }
        return c;
    }

    private static SystemCase on(String name, Consumer<Assembler> body) {
        return kernel(name, body).first(a -> write(a, SVR, 0x1FF));
    }

    private static void wrmsr(Assembler a, int number, long value) {
        a.movImm(RCX, number)
                .movImm(RAX, value & 0xFFFFFFFFL)
                .movImm(RDX, value >>> 32)
                .wrmsr();
    }

    static List<SystemCase> all() {
        List<SystemCase> cases = new ArrayList<>();
        interrupts(cases);
        registers(cases);
        timer(cases);
        x2apic(cases);
        return cases;
    }

    private static void interrupts(List<SystemCase> cases) {
        cases.add(enabled(
                        "an interrupt to itself",
                        a -> write(a, ICR, SELF | 0x50).sti().nop().nop().cli(),
                        0x50)
                .expect("80 done"));
        cases.add(enabled(
                        "STI and CLI: no interrupt between",
                        a -> write(a, ICR, SELF | 0x50).sti().cli().nop(),
                        0x50)
                .expect("done"));
        cases.add(enabled(
                        "STI, MOV SS and CLI",
                        a -> write(a, ICR, SELF | 0x50)
                                .movImm(RCX, 0x18)
                                .sti()
                                .db(0x8E, 0xD1)
                                .nop()
                                .cli()
                                .nop(),
                        0x50)
                .expect("80 done"));
        cases.add(enabled(
                        "POPF has no shadow",
                        a -> write(a, ICR, SELF | 0x50)
                                .pushImm(IF | 2)
                                .popf()
                                .cli()
                                .nop(),
                        0x50)
                .expect("80 done"));
        cases.add(enabled(
                        "the higher vector first",
                        a -> {
                            write(a, ICR, SELF | 0x51);
                            write(a, ICR, SELF | 0x61).sti().nop().nop().cli();
                        },
                        0x51,
                        0x61)
                .expect("97 81 done"));
        cases.add(enabled(
                        "two of the same class",
                        a -> {
                            write(a, ICR, SELF | 0x51);
                            write(a, ICR, SELF | 0x52).sti().nop().nop().cli();
                        },
                        0x51,
                        0x52)
                .expect("82 81 done"));
        cases.add(enabled("without an end of interrupt no second of the class", a -> {
                    write(a, ICR, SELF | 0x52).sti().nop().nop();
                    write(a, ICR, SELF | 0x51).nop().nop().cli();
                    read(a, 0x120, 0);
                    read(a, 0x220, 1);
                    read(a, 0xA0, 2);
                })
                .resume(0x51, 0x52)
                .hardwareOnly(LATE)
                .expect("82 done"));
        cases.add(enabled(
                        "the task priority holds back",
                        a -> {
                            write(a, TPR, 0x50);
                            write(a, ICR, SELF | 0x5F).sti().nop().nop().cli();
                            read(a, 0x220, 0);
                            read(a, 0xA0, 1);
                        },
                        0x5F)
                .expect("done"));
        cases.add(enabled(
                        "the task priority lets go",
                        a -> {
                            write(a, TPR, 0x50);
                            write(a, ICR, SELF | 0x5F).sti().nop();
                            write(a, TPR, 0x40).nop().nop().cli();
                        },
                        0x5F)
                .expect("95 done"));
        cases.add(enabled(
                        "CR8 lets go",
                        a -> {
                            a.movImm(RAX, 5).movToCr(8, RAX);
                            write(a, ICR, SELF | 0x5F).sti().nop();
                            a.movImm(RAX, 4).movToCr(8, RAX).nop().nop().cli();
                            read(a, TPR, 0);
                        },
                        0x5F)
                .expect("95 done"));
        cases.add(kernel("an interrupt while the APIC is off", a -> {
                    write(a, SVR, 0xFF);
                    write(a, ICR, SELF | 0x50);
                    write(a, SVR, 0x1FF).sti().nop().nop().cli();
                })
                .on(0x50, GuestImage.END_INTERRUPT)
                .hardwareOnly(LATE)
                .expect("done"));
        cases.add(enabled(
                        "a vector below 16",
                        a -> write(a, ICR, SELF | 5).sti().nop().cli())
                .expect("done"));
        cases.add(enabled("NMI to itself", a -> write(a, ICR, 0x4400).nop().nop())
                .resume(2)
                .hardwareOnly(LATE)
                .expect("NMI done"));
        cases.add(enabled(
                        "HLT and an interrupt",
                        a -> write(a, ICR, SELF | 0x50).sti().hlt(),
                        0x50)
                .expect("80 done"));
        cases.add(user("an interrupt of user code", a -> a.nop().nop().nop())
                .first(a -> write(a, SVR, 0x1FF))
                .first(a -> write(a, ICR, SELF | 0x50))
                .flags(IF)
                .on(0x50, GuestImage.END_INTERRUPT)
                .expect("80 done"));
        cases.add(user("an interrupt and single step", a -> a.nop().nop())
                .first(a -> write(a, SVR, 0x1FF))
                .first(a -> write(a, ICR, SELF | 0x50))
                .flags(IF | 1 << 8)
                .resume(1)
                .on(0x50, GuestImage.END_INTERRUPT)
                .expect("80 #DB #DB done"));
        cases.add(user("an interrupt after RF was set", a -> a.nop().nop())
                .first(a -> write(a, SVR, 0x1FF))
                .first(a -> write(a, ICR, SELF | 0x50))
                .flags(IF | 1 << 16)
                .on(0x50, GuestImage.END_INTERRUPT));
    }

    private static void registers(List<SystemCase> cases) {
        int[] atReset = {
            0x20,
            TPR,
            0xA0,
            0xD0,
            0xE0,
            SVR,
            0x100,
            0x180,
            0x200,
            0x280,
            ICR,
            0x310,
            LVT_TIMER,
            0x330,
            0x340,
            0x350,
            0x360,
            0x370,
            TIMER_INITIAL,
            0x390,
            TIMER_DIVIDE
        };
        cases.add(kernel("registers after reset", a -> {
                    for (int i = 0; i < atReset.length; i++) {
                        read(a, atReset[i], i);
                    }
                })
                .hardwareOnly("KVM starts with LINT0 in ExtINT mode")
                .expect("done"));
        int[] writable = {TPR, 0xD0, 0xE0, SVR, 0x310, LVT_TIMER, 0x330, 0x340, 0x350, 0x360, 0x370, TIMER_DIVIDE};
        cases.add(enabled("what the registers keep of ones", a -> {
                    for (int i = 0; i < writable.length; i++) {
                        write(a, writable[i], -1);
                        read(a, writable[i], i);
                    }
                })
                .hardwareOnly("KVM keeps the read-only delivery status")
                .expect("done"));
        cases.add(enabled("a switched-off APIC masks its entries", a -> {
                    write(a, LVT_TIMER, 0x50);
                    write(a, 0x350, 0x700);
                    write(a, SVR, 0xFF);
                    read(a, LVT_TIMER, 0);
                    read(a, 0x350, 1);
                    write(a, LVT_TIMER, 0x50);
                    read(a, LVT_TIMER, 2);
                })
                .expect("done"));
        cases.add(enabled("the command register", a -> {
                    write(a, 0x310, 0x05000000);
                    write(a, ICR, 0x4051);
                    read(a, ICR, 0);
                    read(a, 0x310, 1);
                })
                .expect("done"));
        cases.add(enabled(
                        "logical destinations",
                        a -> {
                            write(a, 0xD0, 0x04000000);
                            write(a, 0x310, 0x06000000);
                            write(a, ICR, 0x4850).sti().nop().cli();
                            write(a, 0x310, 0x03000000);
                            write(a, ICR, 0x4851).sti().nop().cli();
                            write(a, 0xE0, 0x0FFFFFFF);
                            write(a, 0xD0, 0x14000000);
                            write(a, 0x310, 0x1C000000);
                            write(a, ICR, 0x4852).sti().nop().cli();
                            write(a, 0x310, 0x2C000000);
                            write(a, ICR, 0x4853).sti().nop().cli();
                        },
                        0x50,
                        0x51,
                        0x52,
                        0x53)
                .expect("80 82 done"));
        cases.add(enabled("arithmetic with carry in a register", a -> {
                    write(a, TPR, 0x20);
                    a.movImm(RAX, PAGE + TPR).db(0xF9).db(0x83, 0x10, 0x01); // stc; adc dword [rax], 1
                    a.db(0x83, 0x10, 0x01);
                    read(a, TPR, 0);
                    write(a, TPR, 0);
                })
                .expect("done"));
        cases.add(enabled("the error register", a -> {
                    write(a, ICR, SELF | 5);
                    read(a, 0x280, 0);
                    write(a, 0x280, 0);
                    read(a, 0x280, 1);
                    write(a, 0x280, 0);
                    read(a, 0x280, 2);
                })
                .hardwareOnly("KVM has no error register")
                .expect("done"));
        cases.add(enabled(
                        "the error interrupt",
                        a -> {
                            write(a, 0x370, 0x66);
                            write(a, ICR, SELF | 5).sti().nop().nop().cli();
                        },
                        0x66)
                .hardwareOnly("KVM has no error register")
                .expect("102 done"));
    }

    private static void timer(List<SystemCase> cases) {
        cases.add(enabled(
                        "one-shot timer",
                        a -> {
                            write(a, TIMER_DIVIDE, 0xB);
                            write(a, LVT_TIMER, 0x50);
                            write(a, TIMER_INITIAL, 1000).sti().hlt().cli();
                            read(a, 0x390, 0);
                        },
                        0x50)
                .expect("80 done"));
        cases.add(enabled(
                        "periodic timer",
                        a -> {
                            write(a, TIMER_DIVIDE, 0xB);
                            write(a, LVT_TIMER, 0x20050);
                            write(a, TIMER_INITIAL, 3_000_000).sti().hlt().hlt().cli();
                            write(a, LVT_TIMER, 0x10050);
                        },
                        0x50)
                .expect("80 80 done"));
        cases.add(enabled(
                        "TSC deadline that has passed",
                        a -> {
                            write(a, LVT_TIMER, 0x40050);
                            wrmsr(a, 0x6E0, 1);
                            a.sti().hlt().cli().movImm(RCX, 0x6E0).rdmsr();
                        },
                        0x50)
                .expect("80 done"));
        cases.add(enabled("TSC deadline, disarmed by 0", a -> {
                    write(a, LVT_TIMER, 0x40050);
                    wrmsr(a, 0x6E0, 1L << 60);
                    a.rdmsr().mov(RBX, RDX);
                    wrmsr(a, 0x6E0, 0);
                    a.rdmsr();
                })
                .expect("done"));
        cases.add(enabled(
                        "TSC deadline in another mode",
                        a -> {
                            write(a, LVT_TIMER, 0x50);
                            wrmsr(a, 0x6E0, 1);
                            a.sti().nop().nop().cli().movImm(RCX, 0x6E0).rdmsr();
                        },
                        0x50)
                .expect("done"));
        cases.add(enabled(
                        "a masked timer counts without an interrupt",
                        a -> {
                            write(a, TIMER_DIVIDE, 0xB);
                            write(a, LVT_TIMER, 0x10050);
                            write(a, TIMER_INITIAL, 1);
                            for (int i = 0; i < 20; i++) {
                                a.nop();
                            }
                            write(a, LVT_TIMER, 0x50).sti().nop().nop().cli();
                            read(a, 0x390, 0);
                        },
                        0x50)
                .expect("done"));
    }

    private static SystemCase extended(String name, Consumer<Assembler> body, int... vectors) {
        return enabled(name, body, vectors).msr(0x1B, BASE | 0x400);
    }

    private static void rdmsr(Assembler a, int number) {
        a.movImm(RAX, 0).movImm(RDX, 0).movImm(RCX, number).rdmsr();
    }

    private static void x2apic(List<SystemCase> cases) {
        for (int number :
                new int[] {0x802, 0x803, 0x808, 0x80A, 0x80D, 0x80F, 0x810, 0x828, 0x830, 0x832, 0x838, 0x839, 0x83E}) {
            cases.add(extended("RDMSR " + Integer.toHexString(number), a -> {
                        rdmsr(a, number);
                        if (number == 0x803) {
                            a.movImm(RAX, 0);
                        }
                    })
                    .expect("done"));
        }
        for (int number : new int[] {0x800, 0x809, 0x80B, 0x80C, 0x80E, 0x829, 0x831, 0x83F, 0x83A}) {
            cases.add(extended("RDMSR " + Integer.toHexString(number), a -> rdmsr(a, number))
                    .expect("#GP(0)"));
        }
        for (int number : new int[] {0x802, 0x803, 0x80A, 0x80D, 0x80E, 0x810, 0x839, 0x831}) {
            cases.add(extended("WRMSR " + Integer.toHexString(number), a -> wrmsr(a, number, 0))
                    .expect("#GP(0)"));
        }
        cases.add(extended("end of interrupt with 1", a -> wrmsr(a, 0x80B, 1))
                .hardwareOnly(LENIENT)
                .expect("#GP(0)"));
        cases.add(extended("error register with 1", a -> wrmsr(a, 0x828, 1))
                .hardwareOnly(LENIENT)
                .expect("#GP(0)"));
        cases.add(extended("task priority above 8 bits", a -> wrmsr(a, 0x808, 0x100))
                .hardwareOnly(LENIENT)
                .expect("#GP(0)"));
        cases.add(extended("task priority above 32 bits", a -> wrmsr(a, 0x808, 1L << 32))
                .hardwareOnly(LENIENT)
                .expect("#GP(0)"));
        cases.add(extended("self IPI", a -> {
                    wrmsr(a, 0x83F, 0x50);
                    a.sti().nop().nop().cli();
                })
                .resume(0x50)
                .hardwareOnly(LATE)
                .expect("80 done"));
        cases.add(extended("the command register", a -> {
                    wrmsr(a, 0x830, 0x4051L);
                    a.sti().nop().nop().cli();
                    rdmsr(a, 0x830);
                })
                .resume(0x51)
                .hardwareOnly(LATE)
                .expect("81 done"));
        cases.add(extended("logical destination", a -> {
                    wrmsr(a, 0x830, 1L << 32 | 0x4851);
                    a.sti().nop().nop().cli();
                    wrmsr(a, 0x830, 1L << 48 | 1L << 32 | 0x4861);
                    a.sti().nop().nop().cli();
                })
                .resume(0x51, 0x61)
                .hardwareOnly(LATE)
                .expect("81 done"));
        cases.add(extended("back to xAPIC mode at once", a -> wrmsr(a, 0x1B, BASE))
                .expect("#GP(0)"));
        cases.add(extended("back to xAPIC mode through the disabled one", a -> {
                    wrmsr(a, 0x1B, PAGE | 0x100);
                    wrmsr(a, 0x1B, BASE);
                    a.rdmsr();
                })
                .expect("done"));
        cases.add(kernel("x2APIC register in xAPIC mode", a -> rdmsr(a, 0x80F)).expect("#GP(0)"));
    }
}
