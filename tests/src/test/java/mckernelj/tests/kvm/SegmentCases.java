// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.kvm;

import static mckernelj.emulator.hw.asm.Reg.RAX;
import static mckernelj.emulator.hw.asm.Reg.RBX;
import static mckernelj.emulator.hw.asm.Reg.RCX;
import static mckernelj.emulator.hw.asm.Reg.RDX;
import static mckernelj.emulator.hw.asm.Reg.RSI;
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
import mckernelj.emulator.hw.asm.Sreg;

/** Segment registers, descriptor tables, far transfers and returns (SDM vol. 3, chapters 3 and 5). */
final class SegmentCases {
    private static final int FREE = GuestImage.FREE_SELECTOR;
    private static final int CODE64 = 0xA09B;
    private static final int USER_CODE64 = 0xA0FB;
    private static final int NOT_PRESENT = 0x80;
    private static final int DATA = 0xC093;
    private static final int USER_DATA = 0xC0F3;
    private static final String LENIENT = "KVM's software checks less here";
    private static final String NO_DATA_SEGMENTS = "KVM's software does not keep DS and ES of user code";
    private static final String NO_GATES = "KVM's software does not know call gates";

    private SegmentCases() {}

    static List<SystemCase> all() {
        List<SystemCase> cases = new ArrayList<>();
        loads(cases);
        stackSegment(cases);
        tables(cases);
        questions(cases);
        farTransfers(cases);
        returns(cases);
        callGates(cases);
        limits(cases);
        return cases;
    }

    private static SystemCase load(
            String name, boolean inUser, Sreg segment, int selector, long limit, int attributes) {
        Consumer<Assembler> body = a -> a.movImm(RAX, selector).mov(segment, RAX);
        String text = "MOV " + segment + ", " + name;
        return (inUser ? user(text, body) : kernel(text, body))
                .memory(m -> m.descriptor(selector, 0x12345678, limit, attributes));
    }

    private static void loads(List<SystemCase> cases) {
        cases.add(load("data", true, Sreg.DS, FREE | 3, 0xFFFFF, USER_DATA).expect("done"));
        cases.add(load("data, not accessed", true, Sreg.ES, FREE | 3, 0xFFFFF, USER_DATA & ~1)
                .expect("done"));
        cases.add(load("data with a base", true, Sreg.FS, FREE | 3, 0xFFFFF, USER_DATA)
                .expect("done"));
        cases.add(load("data with a base", false, Sreg.GS, FREE, 0xFFFFF, DATA).expect("done"));
        cases.add(load("not present", true, Sreg.DS, FREE | 3, 0xFFFFF, USER_DATA & ~NOT_PRESENT)
                .expect("#NP(80)"));
        cases.add(load("supervisor's data", true, Sreg.DS, FREE | 3, 0xFFFFF, DATA)
                .expect("#GP(80)"));
        cases.add(load("user's data for the supervisor", false, Sreg.DS, FREE, 0xFFFFF, USER_DATA)
                .expect("done"));
        cases.add(load("RPL above DPL", false, Sreg.DS, FREE | 3, 0xFFFFF, DATA).expect("#GP(80)"));
        cases.add(load("readable code", true, Sreg.DS, FREE | 3, 0xFFFFF, USER_CODE64)
                .expect("done"));
        cases.add(load("unreadable code", true, Sreg.DS, FREE | 3, 0xFFFFF, 0xA0F9)
                .expect("#GP(80)"));
        cases.add(load("conforming code of the supervisor", true, Sreg.DS, FREE | 3, 0xFFFFF, 0xA09F)
                .expect("done"));
        cases.add(load("a system descriptor", true, Sreg.DS, FREE | 3, 0xFFFFF, 0x82)
                .expect("#GP(80)"));
        cases.add(user("MOV DS, null", a -> a.movImm(RAX, 0).mov(Sreg.DS, RAX))
                .hardwareOnly(NO_DATA_SEGMENTS)
                .expect("done"));
        cases.add(user("MOV DS, 3", a -> a.movImm(RAX, 3).mov(Sreg.DS, RAX))
                .hardwareOnly(NO_DATA_SEGMENTS)
                .expect("done"));
        cases.add(user("MOV DS behind the table", a -> a.movImm(RAX, 0x1003).mov(Sreg.DS, RAX))
                .expect("#GP(1000)"));
        cases.add(user("MOV DS from the LDT without one", a -> a.movImm(RAX, 7).mov(Sreg.DS, RAX))
                .expect("#GP(4)"));
        cases.add(user("MOV DS from the LDT", a -> a.movImm(RAX, 0x0F).mov(Sreg.DS, RAX))
                .first(a -> a.movImm(RAX, GuestImage.LDT_SELECTOR).lldt(RAX))
                .memory(m -> m.descriptor(0x0F, 0, 0xFFFFF, USER_DATA & ~1))
                .expect("done"));
        cases.add(user("MOV CS", a -> a.movImm(RAX, 0x2B).db(0x8E, 0xC8)).expect("#UD"));
        cases.add(user("MOV segment 6", a -> a.db(0x8E, 0xF0)).expect("#UD"));
        cases.add(user("LFS", a -> a.mov(Mem.at(RSI), 7)
                        .w16()
                        .mov(Mem.at(RSI, 4), 0x23)
                        .db(0x0F, 0xB4, 0x0E))
                .expect("done"));
        cases.add(user("POP GS", a -> a.pushImm(0x23).db(0x0F, 0xA9)).expect("done"));
    }

    private static void stackSegment(List<SystemCase> cases) {
        cases.add(
                load("user's data", true, Sreg.SS, FREE | 3, 0xFFFFF, USER_DATA).expect("done"));
        cases.add(load("not present", true, Sreg.SS, FREE | 3, 0xFFFFF, USER_DATA & ~NOT_PRESENT)
                .expect("#SS(80)"));
        cases.add(
                load("read-only data", true, Sreg.SS, FREE | 3, 0xFFFFF, 0xC0F1).expect("#GP(80)"));
        cases.add(load("RPL 0", true, Sreg.SS, FREE, 0xFFFFF, USER_DATA).expect("#GP(80)"));
        cases.add(load("DPL 0", true, Sreg.SS, FREE | 3, 0xFFFFF, DATA).expect("#GP(80)"));
        cases.add(load("supervisor's data", false, Sreg.SS, FREE, 0xFFFFF, DATA).expect("done"));
        cases.add(user("MOV SS, null", a -> a.movImm(RAX, 0).mov(Sreg.SS, RAX)).expect("#GP(0)"));
        cases.add(
                kernel("MOV SS, null", a -> a.movImm(RAX, 0).mov(Sreg.SS, RAX)).expect("done"));
        cases.add(kernel32("MOV SS, null", a -> a.movImm(RAX, 0).mov(Sreg.SS, RAX))
                .expect("#GP(0)"));
    }

    private static void tables(List<SystemCase> cases) {
        cases.add(kernel("LLDT, null", a -> a.movImm(RAX, 0).lldt(RAX)).expect("done"));
        cases.add(kernel("LLDT", a -> a.movImm(RAX, GuestImage.LDT_SELECTOR).lldt(RAX))
                .expect("done"));
        cases.add(kernel("LLDT of a TSS", a -> a.movImm(RAX, GuestImage.TSS_SELECTOR)
                        .lldt(RAX))
                .expect("#GP(30)"));
        cases.add(
                kernel("LLDT of data", a -> a.movImm(RAX, GuestImage.KERNEL_SS).lldt(RAX))
                        .expect("#GP(18)"));
        cases.add(kernel("LLDT, not present", a -> a.movImm(RAX, GuestImage.LDT_SELECTOR)
                        .lldt(RAX))
                .memory(m -> m.descriptor(GuestImage.LDT_SELECTOR, GuestImage.LDT, 0xFFF, 0x02))
                .expect("#NP(58)"));
        cases.add(
                kernel("LLDT from the LDT", a -> a.movImm(RAX, 0x0C).lldt(RAX)).expect("#GP(c)"));
        cases.add(kernel("LTR of a busy TSS", a -> a.movImm(RAX, GuestImage.TSS_SELECTOR)
                        .ltr(RAX))
                .expect("#GP(30)"));
        cases.add(kernel("LTR, null", a -> a.movImm(RAX, 0).ltr(RAX)).expect("#GP(0)"));
        cases.add(kernel("LTR of an LDT", a -> a.movImm(RAX, GuestImage.LDT_SELECTOR)
                        .ltr(RAX))
                .expect("#GP(58)"));
        cases.add(kernel("LTR", a -> a.movImm(RAX, FREE).ltr(RAX))
                .memory(m -> m.descriptor(FREE, GuestImage.TSS, 0x67, 0x89))
                .expect("done"));
        cases.add(kernel("LTR, not present", a -> a.movImm(RAX, FREE).ltr(RAX))
                .memory(m -> m.descriptor(FREE, GuestImage.TSS, 0x67, 0x09))
                .expect("#NP(80)"));
        cases.add(kernel("STR, SLDT", a -> a.db(0x48, 0x0F, 0x00, 0xC8).db(0x0F, 0x00, 0xC1))
                .expect("done"));
        cases.add(kernel(
                        "LGDT, non-canonical base",
                        a -> a.movImm(RAX, 1L << 47).store64(RSI, 2, RAX).db(0x0F, 0x01, 0x16))
                .hardwareOnly(LENIENT)
                .expect("#GP(0)"));
        cases.add(kernel(
                        "LIDT, non-canonical base",
                        a -> a.movImm(RAX, 1L << 47).store64(RSI, 2, RAX).db(0x0F, 0x01, 0x1E))
                .hardwareOnly(LENIENT)
                .expect("#GP(0)"));
    }

    private static void questions(List<SystemCase> cases) {
        int[] attributes = {
            USER_DATA,
            DATA,
            USER_CODE64,
            CODE64,
            0xA0F9,
            0xA09F,
            0xC0F1,
            0x0082,
            0x0089,
            0x008B,
            0x008C,
            0x0085,
            0x008E,
            0x0081,
            USER_DATA & ~NOT_PRESENT
        };
        for (int attribute : attributes) {
            String name = Integer.toHexString(attribute);
            cases.add(user("LAR, LSL, VERR, VERW of " + name, SegmentCases::ask)
                    .memory(m -> m.descriptor(FREE, 0, 0x12345, attribute))
                    .hardwareOnly("the processor asks the table of the machine below"));
            cases.add(kernel("LAR, LSL, VERR, VERW of " + name, SegmentCases::ask)
                    .memory(m -> m.descriptor(FREE, 0, 0x12345, attribute))
                    .hardwareOnly("KVM's software does not know LAR and LSL"));
        }
    }

    private static void ask(Assembler a) {
        a.movImm(RAX, FREE | 3);
        a.db(0x0F, 0x02, 0xC8)
                .pushf()
                .db(0x0F, 0x03, 0xD0)
                .pushf()
                .db(0x0F, 0x00, 0xE0)
                .pushf()
                .db(0x0F, 0x00, 0xE8)
                .pushf();
    }

    private static Consumer<Assembler> farJump(int selector, long offset) {
        return a -> a.movImm(RAX, offset)
                .store32(RSI, 0, RAX)
                .movImm(RAX, selector)
                .store16(RSI, 4, RAX)
                .jmpFar(Mem.at(RSI));
    }

    private static void farTransfers(List<SystemCase> cases) {
        long target = GuestImage.KERNEL_CODE + 0x800;
        cases.add(kernel("far JMP to 64-bit code", farJump(FREE, target))
                .memory(m -> m.descriptor(FREE, 0, 0xFFFFF, CODE64))
                .memory(m -> m.code((int) target, 64, a -> a.jmp(Mem.absolute(GuestImage.DONE_POINTER))))
                .expect("done"));
        cases.add(
                kernel("far JMP to data", farJump(GuestImage.KERNEL_SS, target)).expect("#GP(18)"));
        cases.add(kernel("far JMP to null", farJump(0, target)).expect("#GP(0)"));
        cases.add(kernel("far JMP to user code", farJump(GuestImage.USER_CS, target))
                .expect("#GP(28)"));
        cases.add(kernel("far JMP to code that is not present", farJump(FREE, target))
                .memory(m -> m.descriptor(FREE, 0, 0xFFFFF, CODE64 & ~NOT_PRESENT))
                .expect("#NP(80)"));
        cases.add(kernel("far JMP to code with D and L", farJump(FREE, target))
                .memory(m -> m.descriptor(FREE, 0, 0xFFFFF, 0xE09B))
                .expect("#GP(80)"));
        cases.add(kernel("far JMP behind the limit", farJump(FREE, 0x10000))
                .memory(m -> m.descriptor(FREE, 0, 0xFFF, 0x409B))
                .hardwareOnly(LENIENT)
                .expect("#GP(0)"));
        cases.add(kernel("far JMP behind the table", farJump(0x2000, target)).expect("#GP(2000)"));
    }

    private static Consumer<Assembler> iret(long ss, long rsp, long flags, long cs, long rip) {
        return a -> {
            for (long word : new long[] {ss, rsp, flags, cs, rip}) {
                a.movImm(RAX, word).push(RAX);
            }
            a.iretq();
        };
    }

    private static void returns(List<SystemCase> cases) {
        int user = GuestImage.USER_CODE;
        int stack = GuestImage.USER_STACK;
        int cs = GuestImage.USER_CS;
        int ss = GuestImage.USER_SS;
        Consumer<GuestImage> ud2 = m -> m.code(user, 64, Assembler::ud2);
        cases.add(kernel("IRETQ to user code", iret(ss, stack, 0x202, cs, user))
                .memory(ud2)
                .expect("#UD"));
        cases.add(kernel("IRETQ, CS null", iret(ss, stack, 2, 0, user)).expect("#GP(0)"));
        cases.add(kernel("IRETQ, CS data", iret(ss, stack, 2, ss, user))
                .hardwareOnly(LENIENT)
                .expect("#GP(20)"));
        cases.add(kernel("IRETQ, CS behind the table", iret(ss, stack, 2, 0x1003, user))
                .expect("#GP(1000)"));
        cases.add(kernel("IRETQ, CS not present", iret(ss, stack, 2, FREE | 3, user))
                .memory(m -> m.descriptor(FREE, 0, 0xFFFFF, USER_CODE64 & ~NOT_PRESENT))
                .expect("#NP(80)"));
        cases.add(kernel("IRETQ, DPL of CS not RPL", iret(ss, stack, 2, GuestImage.KERNEL_CS | 3, user))
                .expect("#GP(10)"));
        cases.add(kernel("IRETQ, SS null to user code", iret(0, stack, 2, cs, user))
                .expect("#GP(0)"));
        cases.add(kernel("IRETQ, SS of the supervisor", iret(GuestImage.KERNEL_SS, stack, 2, cs, user))
                .expect("#GP(18)"));
        cases.add(kernel("IRETQ, SS not present", iret(FREE | 3, stack, 2, cs, user))
                .memory(m -> m.descriptor(FREE, 0, 0xFFFFF, USER_DATA & ~NOT_PRESENT))
                .expect("#SS(80)"));
        cases.add(kernel("IRETQ, RIP not canonical", iret(ss, stack, 2, cs, 1L << 47))
                .hardwareOnly(LENIENT)
                .expect("#GP(0)"));
        cases.add(
                kernel("IRETQ, NT", iret(ss, stack, 2, cs, user)).flags(1 << 14).expect("#GP(0)"));
        cases.add(kernel(
                        "IRETQ to the supervisor, SS null",
                        iret(
                                0,
                                GuestImage.KERNEL_STACK - 0x800,
                                2,
                                GuestImage.KERNEL_CS,
                                GuestImage.KERNEL_CODE + 0x800))
                .memory(m ->
                        m.code(GuestImage.KERNEL_CODE + 0x800, 64, a -> a.jmp(Mem.absolute(GuestImage.DONE_POINTER))))
                .expect("done"));
        cases.add(kernel(
                        "IRETQ with all flags",
                        iret(ss, stack, 0x3F7FD7 & ~(1 << 17 | 1 << 8 | 1 << 19 | 1 << 20), cs, user))
                .memory(ud2)
                .hardwareOnly(LENIENT)
                .expect("#UD"));
        cases.add(kernel("IRETQ makes segments of the supervisor null", a -> {
                    a.movImm(RAX, GuestImage.KERNEL_SS).mov(Sreg.DS, RAX).mov(Sreg.GS, RAX);
                    iret(ss, stack, 2, cs, user).accept(a);
                })
                .memory(ud2)
                .hardwareOnly(LENIENT)
                .expect("#UD"));
        cases.add(user("IRETQ to the supervisor", iret(GuestImage.KERNEL_SS, stack, 2, GuestImage.KERNEL_CS, user))
                .expect("#GP(10)"));
        cases.add(user("IRETQ to user code", iret(ss, stack, 2, cs, user + 0x800))
                .memory(m -> m.code(user + 0x800, 64, Assembler::int3))
                .expect("#BP"));
        cases.add(kernel("RETFQ to user code", a -> {
                    for (long word : new long[] {ss, stack, cs, user}) {
                        a.movImm(RAX, word).push(RAX);
                    }
                    a.db(0x48, 0xCB);
                })
                .memory(ud2)
                .hardwareOnly("KVM's software does not return to user code by RETF")
                .expect("#UD"));
        cases.add(user(
                        "RETFQ to the supervisor",
                        a -> a.pushImm(GuestImage.KERNEL_CS).pushImm(user).db(0x48, 0xCB))
                .expect("#GP(10)"));
        cases.add(user32(
                        "RETF to 64-bit code",
                        a -> a.pushImm(cs).pushImm(user + 0x800).db(0xCB))
                .memory(m -> m.code(
                        user + 0x800, 64, a -> a.w64().movImm(RAX, 1L << 40).int3()))
                .expect("#BP"));
        cases.add(user("RETF to 32-bit code", a -> a.pushImm(GuestImage.USER_CS32)
                        .pushImm(user + 0x800)
                        .db(0x48, 0xCB))
                .memory(m -> m.code(user + 0x800, 32, a -> a.db(0x40, 0xCC)))
                .hardwareOnly("KVM's software does not know INT3 of 32-bit code")
                .expect("#BP"));
    }

    private static SystemCase gate(SystemCase c, int selector, long target, int attributes) {
        return c.memory(m -> {
            m.put(
                    GuestImage.GDT + FREE,
                    target & 0xFFFF | (long) selector << 16 | (long) attributes << 40 | (target & 0xFFFF0000L) << 32);
            m.put(GuestImage.GDT + FREE + 8, target >>> 32);
        });
    }

    private static void callGates(List<SystemCase> cases) {
        int target = GuestImage.KERNEL_CODE + 0x800;
        Consumer<GuestImage> code =
                m -> m.code(target, 64, a -> a.movImm(RDX, 7).jmp(Mem.absolute(GuestImage.DONE_POINTER)));
        Consumer<Assembler> call =
                a -> a.mov(Mem.at(RSI), 0).w16().mov(Mem.at(RSI, 4), FREE | 3).db(0xFF, 0x1E); // call far [rsi]
        Consumer<Assembler> jump =
                a -> a.mov(Mem.at(RSI), 0).w16().mov(Mem.at(RSI, 4), FREE | 3).db(0xFF, 0x2E);
        cases.add(gate(user("CALL through a gate", call), GuestImage.KERNEL_CS, target, 0xEC)
                .memory(code)
                .hardwareOnly(NO_GATES)
                .expect("done"));
        cases.add(gate(kernel("CALL through a gate", call), GuestImage.KERNEL_CS, target, 0xEC)
                .memory(code)
                .hardwareOnly(NO_GATES)
                .expect("done"));
        cases.add(gate(kernel("JMP through a gate", jump), GuestImage.KERNEL_CS, target, 0xEC)
                .memory(code)
                .hardwareOnly(NO_GATES)
                .expect("done"));
        cases.add(gate(user("JMP through a gate to the supervisor", jump), GuestImage.KERNEL_CS, target, 0xEC)
                .hardwareOnly(NO_GATES)
                .expect("#GP(10)"));
        cases.add(gate(user("CALL through a gate of the supervisor", call), GuestImage.KERNEL_CS, target, 0x8C)
                .hardwareOnly(NO_GATES)
                .expect("#GP(80)"));
        cases.add(gate(user("CALL through a gate that is not present", call), GuestImage.KERNEL_CS, target, 0x6C)
                .hardwareOnly(NO_GATES)
                .expect("#NP(80)"));
        cases.add(gate(user("CALL through a gate to data", call), GuestImage.KERNEL_SS, target, 0xEC)
                .hardwareOnly(NO_GATES)
                .expect("#GP(18)"));
        cases.add(gate(user("CALL through a gate to 32-bit code", call), GuestImage.KERNEL_CS32, target, 0xEC)
                .hardwareOnly(NO_GATES)
                .expect("#GP(40)"));
        cases.add(gate(user("CALL through a gate, target not canonical", call), GuestImage.KERNEL_CS, 1L << 47, 0xEC)
                .hardwareOnly(NO_GATES)
                .expect("#GP(0)"));
        cases.add(gate(
                        user("CALL through a gate and RETF", a -> {
                            call.accept(a);
                            a.movImm(RBX, 9);
                        }),
                        GuestImage.KERNEL_CS,
                        target,
                        0xEC)
                .memory(m -> m.code(target, 64, a -> a.movImm(RCX, 8).db(0x48, 0xCB)))
                .hardwareOnly(NO_GATES)
                .expect("done"));
    }

    private static SystemCase limited(String name, int limit, int attributes, Consumer<Assembler> body) {
        Consumer<Assembler> load = a -> a.movImm(RAX, FREE).mov(Sreg.ES, RAX);
        return kernel32(name, load.andThen(body))
                .memory(m -> m.descriptor(FREE, GuestImage.USER_DATA, limit, attributes));
    }

    /** In 32-bit code. */
    private static void limits(List<SystemCase> cases) {
        Consumer<Assembler> read =
                a -> a.movImm(RBX, 0x7C).load32(RAX, Mem.at(RBX).in(Sreg.ES));
        Consumer<Assembler> readBehind =
                a -> a.movImm(RBX, 0x7D).load32(RAX, Mem.at(RBX).in(Sreg.ES));
        Consumer<Assembler> write = a -> a.movImm(RBX, 0x7C).store32(Mem.at(RBX).in(Sreg.ES), RAX);
        cases.add(limited("load at the limit", 0x7F, 0x4093, read).expect("done"));
        cases.add(limited("load across the limit", 0x7F, 0x4093, readBehind).expect("#GP(0)"));
        cases.add(limited("store at the limit", 0x7F, 0x4093, write).expect("done"));
        cases.add(limited("store to read-only data", 0x7F, 0x4091, write).expect("#GP(0)"));
        cases.add(limited("load from read-only data", 0x7F, 0x4091, read).expect("done"));
        cases.add(limited("load below an expand-down limit", 0x7F, 0x4097, read).expect("#GP(0)"));
        cases.add(limited("load above an expand-down limit", 0x7B, 0x4097, read).expect("done"));
        cases.add(limited("store to code", 0x7F, 0x409B, write).expect("#GP(0)"));
        cases.add(limited("load from code", 0x7F, 0x409B, read).expect("done"));
        cases.add(limited("load from a segment with a base", 0xFFFFF, 0xC093, read)
                .expect("done"));
        cases.add(kernel32("load from a null segment", a -> a.movImm(RAX, 0)
                        .mov(Sreg.ES, RAX)
                        .load32(RAX, Mem.at(RSI).in(Sreg.ES)))
                .expect("#GP(0)"));
        cases.add(limited("STOSB behind the limit", 0x7F, 0x4093, a -> a.movImm(Reg.RDI, 0x80)
                        .db(0xAA))
                .expect("#GP(0)"));
        cases.add(limited("push behind the limit", 0x7F, 0x4093, a -> a.mov(Sreg.SS, RAX)
                        .movImm(Reg.RSP, 0x84)
                        .push(RAX))
                .hardwareOnly("KVM's software needs the stack for the exception")
                .expect("#SS(0)"));
        cases.add(limited("a base outlives 64-bit code", 0x7F, 0x4093, read.andThen(a -> a.mov(RCX, RAX)
                        .pushImm(2)
                        .popf()))
                .memory(m -> m.putInt(GuestImage.USER_DATA + 0x7C, 0x4321))
                .flags(1 << 8)
                .resume(1));
        int target = GuestImage.KERNEL_CODE + 0x900;
        cases.add(kernel("near JMP behind the limit of 32-bit code", farJump(FREE, target))
                .memory(m -> m.descriptor(FREE, 0, target + 0xFF, 0x409B))
                .memory(m -> m.code(target, 32, a -> a.db(0xE9).dd(0x200)))
                .hardwareOnly(LENIENT)
                .expect("#GP(0)")
                .with(0, "rip", target + 0x205));
    }
}
