// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.kvm;

import static mckernelj.emulator.hw.asm.Reg.RAX;
import static mckernelj.emulator.hw.asm.Reg.RSP;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import mckernelj.emulator.hw.asm.Assembler;
import mckernelj.emulator.hw.asm.Cond;
import mckernelj.emulator.hw.asm.Label;
import mckernelj.emulator.hw.asm.Mem;
import mckernelj.emulator.hw.asm.Reg;
import mckernelj.emulator.hw.asm.Sreg;

/**
 * The memory of a guest: page tables, GDT, IDT, TSS, recording handlers, and the program of one case. It starts in
 * 64-bit mode at {@link #START} and ends with an OUT to {@link #EXIT_PORT}. Linear = physical below 4 MiB; the pages of
 * {@link #WINDOW} are for cases about paging.
 */
final class GuestImage {
    static final int SIZE = 4 << 20;
    static final int EXIT_PORT = 0xF4;

    static final int PML4 = 0x1000;
    static final int PDPT = 0x2000;
    static final int DIRECTORY = 0x3000;
    static final int KERNEL_TABLE = 0x4000;
    static final int USER_TABLE = 0x5000;
    static final int WINDOW_DIRECTORY = 0x6000;
    static final int WINDOW_TABLE = 0x7000;
    static final int APIC_DIRECTORY = 0x8000;
    static final int GDT = 0x9000;
    static final int IDT = 0xA000;
    static final int TSS = 0xB000;
    static final int LDT = 0xE000;
    static final int VARIABLES = 0xF000;
    static final int START = 0x10000;
    static final int STUBS = 0x14000;
    static final int RECORDS = 0x20000;
    static final int KERNEL_STACK = 0x40000;
    static final int IST1_STACK = 0x48000;
    static final int IST2_STACK = 0x50000;
    static final int START_STACK = 0x58000;
    static final int KERNEL_CODE = 0x60000;
    static final int KERNEL_DATA = 0x70000;
    static final int USER_CODE = 0x200000;
    static final int USER_STACK = 0x220000;
    static final int USER_DATA = 0x230000;

    /** Linear address of pages whose entries in {@link #WINDOW_TABLE} a case sets; frames from {@link #WINDOW_FRAMES}. */
    static final int WINDOW = 0x40000000;

    static final int WINDOW_FRAMES = 0x300000;
    static final int WINDOW_PAGES = 16;

    static final int KERNEL_CS = 0x10;
    static final int KERNEL_SS = 0x18;
    static final int USER_SS = 0x20 | 3;
    static final int USER_CS = 0x28 | 3;
    static final int TSS_SELECTOR = 0x30;
    static final int KERNEL_CS32 = 0x40;
    static final int USER_CS32 = 0x48 | 3;
    static final int KERNEL_CS16 = 0x50;
    static final int LDT_SELECTOR = 0x58;

    /** First GDT selector that is free for cases. */
    static final int FREE_SELECTOR = 0x80;

    /** What a handler does after recording: {@link #policy}. */
    static final int STOP = 0;

    static final int RESUME = 1;
    static final int CONTINUE_ELSEWHERE = 2;
    static final int END_INTERRUPT = 3;
    static final int RESUME_WITH_RF = 4;

    /** The vector under which the end of a case is recorded; user code may raise it. */
    static final int DONE = 0x40;

    /** Where the linear address of that vector's stub is. */
    static final int DONE_POINTER = VARIABLES + 0x140;

    /** Where the address of the case's last instruction is. */
    static final int END = VARIABLES + 0x148;

    private static final int NEXT_RECORD = VARIABLES;
    private static final int SAVED_RAX = VARIABLES + 8;
    private static final int SAVED_RBX = VARIABLES + 16;
    private static final int SAVED_RSP = VARIABLES + 24;
    private static final int ELSEWHERE = VARIABLES + 32;
    private static final int PRIVATE_STACK = VARIABLES + 0x400;
    private static final int POLICIES = VARIABLES + 0x800;
    private static final int HAS_ERROR_CODE = VARIABLES + 0x900;
    private static final int MOST_RECORDS = 40;
    private static final int STUB_BYTES = 32;
    private static final int IA32_FS_BASE = 0xC0000100;
    private static final int IA32_GS_BASE = 0xC0000101;
    private static final long USED = 0x60; // accessed and dirty: so that nothing sets them when it likes

    private final ByteBuffer memory = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);

    GuestImage() {
        pageTables();
        segments();
        put(DONE_POINTER, STUBS + STUB_BYTES * DONE);
        putInt(TSS + 4, KERNEL_STACK);
        putInt(TSS + 0x24, IST1_STACK);
        putInt(TSS + 0x2C, IST2_STACK);
        memory.putShort(TSS + 0x66, (short) 0x68);
        handlers();
    }

    // ---- memory ----------------------------------------------------------------------------------------------------

    byte[] bytes() {
        return memory.array();
    }

    void put(int at, long value) {
        memory.putLong(at, value);
    }

    void putInt(int at, int value) {
        memory.putInt(at, value);
    }

    void putByte(int at, int value) {
        memory.put(at, (byte) value);
    }

    long get(int at) {
        return memory.getLong(at);
    }

    /** Assembles {@code body} at {@code address}. */
    void code(int address, int bits, Consumer<Assembler> body) {
        Assembler a = new Assembler(address).bits(bits);
        body.accept(a);
        byte[] code = a.assemble();
        memory.put(address, code, 0, code.length);
    }

    /** The entry of window page {@code index}: {@code flags} and the page's own frame. */
    void window(int index, long flags) {
        put(WINDOW_TABLE + 8 * index, WINDOW_FRAMES + 0x1000L * index | flags);
    }

    /** An 8-byte descriptor. {@code attributes}: bits 40..55. */
    void descriptor(int selector, long base, long limit, int attributes) {
        put(
                (selector & 4) != 0 ? LDT + (selector & 0xFFF8) : GDT + (selector & 0xFFF8),
                limit & 0xFFFF
                        | (base & 0xFFFFFF) << 16
                        | (attributes & 0xFFFFL) << 40
                        | (limit & 0xF0000) << 32
                        | (base & 0xFF000000L) << 32);
    }

    /** Changes the gate of {@code vector}: type and DPL as in its attribute byte. */
    void gate(int vector, int attributes, int ist) {
        gate(vector, KERNEL_CS, STUBS + STUB_BYTES * vector, attributes, ist);
    }

    void gate(int vector, int selector, long target, int attributes, int ist) {
        put(
                IDT + 16 * vector,
                target & 0xFFFF
                        | (long) selector << 16
                        | (long) ist << 32
                        | (long) attributes << 40
                        | (target & 0xFFFF0000L) << 32);
        put(IDT + 16 * vector + 8, target >>> 32);
    }

    void policy(int vector, int policy) {
        putByte(POLICIES + vector, policy);
    }

    /** Where {@link #CONTINUE_ELSEWHERE} goes on. */
    void elsewhere(long rip) {
        put(ELSEWHERE, rip);
    }

    /** User code ends with the instruction at {@code rip}. */
    void end(int rip) {
        put(END, rip);
    }

    // ---- tables ----------------------------------------------------------------------------------------------------

    private void pageTables() {
        put(PML4, PDPT | 7 | USED);
        put(PDPT, DIRECTORY | 7 | USED);
        put(PDPT + 8, WINDOW_DIRECTORY | 7 | USED);
        put(PDPT + 24, APIC_DIRECTORY | 3 | USED);
        put(DIRECTORY, KERNEL_TABLE | 7 | USED);
        put(DIRECTORY + 8, USER_TABLE | 7 | USED);
        put(WINDOW_DIRECTORY, WINDOW_TABLE | 7 | USED);
        put(APIC_DIRECTORY + 8 * 0x1F7, 0xFEE00000L | 0x9B | USED);
        for (int i = 0; i < 512; i++) {
            put(KERNEL_TABLE + 8 * i, i * 0x1000L | 3 | USED);
            put(USER_TABLE + 8 * i, 0x200000 + i * 0x1000L | 7 | USED);
        }
        for (int i = 0; i < WINDOW_PAGES; i++) {
            window(i, 7);
            put(WINDOW_FRAMES + 0x1000 * i, 0x1010101010101010L * i);
        }
    }

    private void segments() {
        descriptor(KERNEL_CS, 0, 0xFFFFF, 0xA09B);
        descriptor(KERNEL_SS, 0, 0xFFFFF, 0xC093);
        descriptor(USER_SS, 0, 0xFFFFF, 0xC0F3);
        descriptor(USER_CS, 0, 0xFFFFF, 0xA0FB);
        descriptor(TSS_SELECTOR, TSS, 0x67, 0x89);
        descriptor(KERNEL_CS32, 0, 0xFFFFF, 0xC09B);
        descriptor(USER_CS32, 0, 0xFFFFF, 0xC0FB);
        descriptor(KERNEL_CS16, 0, 0xFFFFF, 0x809B);
        descriptor(LDT_SELECTOR, LDT, 0xFFF, 0x82);
        for (int vector = 0; vector < 256; vector++) {
            boolean forUsers = vector == 3 || vector == 4 || vector >= DONE && vector < DONE + 16;
            gate(vector, forUsers ? 0xEE : 0x8E, vector == 8 ? 2 : 0);
        }
    }

    // ---- handlers --------------------------------------------------------------------------------------------------

    private void handlers() {
        for (int vector : new int[] {8, 10, 11, 12, 13, 14, 17, 21}) {
            putByte(HAS_ERROR_CODE + vector, 8);
        }
        put(NEXT_RECORD, RECORDS);
        int common = STUBS + 256 * STUB_BYTES;
        for (int vector = 0; vector < 256; vector++) {
            int number = vector;
            int stub = STUBS + vector * STUB_BYTES;
            code(stub, 64, a -> {
                a.store64(Mem.absolute(SAVED_RAX), RAX).movImm(RAX, number);
                a.db(0xE9).dd(common - (stub + a.size() + 4));
            });
        }
        code(common, 64, GuestImage::record);
    }

    private static void record(Assembler a) {
        Reg record = Reg.RBX;
        a.store64(Mem.absolute(SAVED_RBX), record).load64(record, Mem.absolute(NEXT_RECORD));
        a.store64(record, Record.VECTOR, RAX);
        for (Reg reg : Reg.values()) {
            a.store64(record, Record.REGISTERS + 8 * reg.ordinal(), reg);
        }
        copy(a, Mem.absolute(SAVED_RAX), Record.REGISTERS);
        copy(a, Mem.absolute(SAVED_RBX), Record.REGISTERS + 8 * 3);
        for (int i = 0; i < Record.STACK_WORDS; i++) {
            copy(a, Mem.at(RSP, 8 * i), Record.STACK + 8 * i);
        }
        a.movFromCr(RAX, 2).store64(record, Record.CR2, RAX);
        Label notDebug = a.label();
        a.cmp(Mem.at(record), 1).j(Cond.NE, notDebug);
        a.db(0x0F, 0x21, 0xF0).store64(record, Record.DR6, RAX); // mov rax, dr6
        a.db(0x0F, 0x21, 0xF8).store64(record, Record.DR7, RAX);
        a.bind(notDebug);
        a.store64(Mem.absolute(SAVED_RSP), RSP)
                .movImm(RSP, PRIVATE_STACK)
                .pushf()
                .pop(RAX);
        a.load64(RSP, Mem.absolute(SAVED_RSP)).store64(record, Record.FLAGS_IN_HANDLER, RAX);
        for (Sreg segment : Sreg.values()) {
            a.mov(RAX, segment).store64(record, Record.SELECTORS + 8 * segment.ordinal(), RAX);
        }
        readMsr(a, IA32_FS_BASE, Record.FS_BASE);
        readMsr(a, IA32_GS_BASE, Record.GS_BASE);
        goOn(a, record);
    }

    private static void copy(Assembler a, Mem from, int to) {
        a.load64(RAX, from).store64(Reg.RBX, to, RAX);
    }

    private static void readMsr(Assembler a, int number, int to) {
        a.movImm(Reg.RCX, number & 0xFFFFFFFFL).rdmsr();
        a.w32().mov(Mem.at(Reg.RBX, to), RAX).w32().mov(Mem.at(Reg.RBX, to + 4), Reg.RDX);
    }

    private static void goOn(Assembler a, Reg record) {
        Label stop = a.label();
        Label resume = a.label();
        Label next = a.label();
        a.add(Mem.absolute(NEXT_RECORD), Record.BYTES);
        a.cmp(Mem.absolute(NEXT_RECORD), RECORDS + MOST_RECORDS * Record.BYTES);
        a.j(Cond.E, stop);
        a.load64(Reg.RCX, record, Record.VECTOR);
        a.db(0x0F, 0xB6, 0x91).dd(HAS_ERROR_CODE); // movzx edx, byte [rcx + HAS_ERROR_CODE]
        a.db(0x0F, 0xB6, 0x81).dd(POLICIES);
        a.test(RAX, RAX).j(Cond.E, stop).add(RSP, Reg.RDX);
        a.cmp(RAX, CONTINUE_ELSEWHERE).j(Cond.NE, next);
        a.load64(RAX, Mem.absolute(ELSEWHERE)).store64(RSP, 0, RAX).jmp(resume);
        a.bind(next);
        Label withFlag = a.label();
        a.cmp(RAX, END_INTERRUPT).j(Cond.NE, withFlag);
        a.movImm(RAX, 0xFEE000B0L).w32().mov(Mem.at(RAX), 0).jmp(resume);
        a.bind(withFlag);
        a.cmp(RAX, RESUME_WITH_RF).j(Cond.NE, resume);
        a.or(Mem.at(RSP, 16), 0x10000);
        a.bind(resume);
        a.load64(Reg.RCX, record, Record.REGISTERS + 8).load64(Reg.RDX, record, Record.REGISTERS + 16);
        a.load64(RAX, record, Record.REGISTERS)
                .load64(record, record, Record.REGISTERS + 24)
                .iretq();
        a.bind(stop);
        a.out(EXIT_PORT).hlt();
    }
}
