// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.kvm;

import static mckernelj.emulator.hw.asm.Reg.RAX;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import mckernelj.emulator.hw.asm.Assembler;
import mckernelj.emulator.hw.asm.Mem;
import mckernelj.emulator.hw.asm.Reg;
import mckernelj.emulator.hw.asm.Sreg;

/**
 * One line of a table of cases: a few instructions that run at some privilege, and what is special about the machine
 * before. When they begin RBX is {@link GuestImage#WINDOW}, RSI and RDI are addresses of user data, RAX, RCX and RDX
 * are small numbers.
 */
final class SystemCase {
    private final String name;
    private final int bits;
    private final int cs;
    private final int ss;
    private final Consumer<Assembler> body;
    private final List<Consumer<Assembler>> setup = new ArrayList<>();
    private final List<Consumer<GuestImage>> memory = new ArrayList<>();
    private final List<Field> fields = new ArrayList<>();
    private long flags = 2;
    private int stack;
    private String hardwareOnly;
    private String expected;

    /** An expected value: see {@link #with}. */
    record Field(int event, String name, long value) {}

    private SystemCase(String name, int bits, int cs, int ss, Consumer<Assembler> body) {
        this.name = name;
        this.bits = bits;
        this.cs = cs;
        this.ss = ss;
        this.body = body;
        stack = isUser() ? GuestImage.USER_STACK : GuestImage.KERNEL_STACK - 0x1000;
    }

    static SystemCase user(String name, Consumer<Assembler> body) {
        return new SystemCase(name + " (user)", 64, GuestImage.USER_CS, GuestImage.USER_SS, body);
    }

    static SystemCase kernel(String name, Consumer<Assembler> body) {
        return new SystemCase(name + " (kernel)", 64, GuestImage.KERNEL_CS, GuestImage.KERNEL_SS, body);
    }

    static SystemCase user32(String name, Consumer<Assembler> body) {
        return new SystemCase(name + " (32-bit user)", 32, GuestImage.USER_CS32, GuestImage.USER_SS, body);
    }

    static SystemCase kernel32(String name, Consumer<Assembler> body) {
        return new SystemCase(name + " (32-bit kernel)", 32, GuestImage.KERNEL_CS32, GuestImage.KERNEL_SS, body);
    }

    static SystemCase kernel16(String name, Consumer<Assembler> body) {
        return new SystemCase(name + " (16-bit kernel)", 16, GuestImage.KERNEL_CS16, GuestImage.KERNEL_SS, body);
    }

    // ---- what is special
    // ---------------------------------------------------------------------------------------------

    /** RFLAGS bits that are set at the start. */
    SystemCase flags(long bits) {
        flags |= bits;
        return this;
    }

    SystemCase stack(int top) {
        stack = top;
        return this;
    }

    /** Changes the memory before the start. */
    SystemCase memory(Consumer<GuestImage> change) {
        memory.add(change);
        return this;
    }

    /** Kernel code that runs before. */
    SystemCase first(Consumer<Assembler> code) {
        setup.add(code);
        return this;
    }

    /** Entry of window page {@code index}. */
    SystemCase page(int index, long entryFlags) {
        return memory(m -> m.window(index, entryFlags));
    }

    SystemCase msr(int number, long value) {
        return first(a -> a.movImm(Reg.RCX, number & 0xFFFFFFFFL)
                .movImm(RAX, value & 0xFFFFFFFFL)
                .movImm(Reg.RDX, value >>> 32)
                .wrmsr());
    }

    /** Sets bits of a control register. */
    SystemCase set(int register, long bits) {
        return first(a -> a.movFromCr(RAX, register)
                .movImm(Reg.RCX, bits)
                .or(RAX, Reg.RCX)
                .movToCr(register, RAX));
    }

    SystemCase clear(int register, long bits) {
        return first(a -> a.movFromCr(RAX, register)
                .movImm(Reg.RCX, ~bits)
                .and(RAX, Reg.RCX)
                .movToCr(register, RAX));
    }

    /** What the handler of {@code vector} does after recording. */
    SystemCase on(int vector, int policy) {
        return memory(m -> m.policy(vector, policy));
    }

    /** {@link GuestImage#DONE} may be reached although these vectors are raised before. */
    SystemCase resume(int... vectors) {
        for (int vector : vectors) {
            on(vector, GuestImage.RESUME);
        }
        return this;
    }

    /**
     * The case needs a /dev/kvm that runs supervisor code on the processor; where KVM interprets it (its software
     * differs from the SDM here), {@link #expect} alone judges.
     */
    SystemCase hardwareOnly(String why) {
        hardwareOnly = why;
        return this;
    }

    /** What the SDM says, in the words of {@link Outcome#summary}; checked against the emulated machine always. */
    SystemCase expect(String summary) {
        expected = summary;
        return this;
    }

    /** And what a field of {@link Record} is at one of the events, counted from 0. */
    SystemCase with(int event, String field, long value) {
        fields.add(new Field(event, field, value));
        return this;
    }

    // ---- for the test
    // -------------------------------------------------------------------------------------------------

    String name() {
        return name;
    }

    String hardwareOnly() {
        return hardwareOnly;
    }

    String expected() {
        return expected;
    }

    List<Field> fields() {
        return fields;
    }

    private boolean isUser() {
        return (cs & 3) == 3;
    }

    GuestImage image() {
        GuestImage image = new GuestImage();
        int address = isUser() ? GuestImage.USER_CODE : GuestImage.KERNEL_CODE;
        image.code(address, bits, a -> {
            body.accept(a);
            end(a, image);
        });
        memory.forEach(change -> change.accept(image));
        image.code(GuestImage.START, 64, a -> start(a, image, address));
        return image;
    }

    /** User code ends with UD2, kernel code by a jump: KVM's software knows neither INT nor UD2 at CPL 0. */
    private void end(Assembler a, GuestImage image) {
        image.end((isUser() ? GuestImage.USER_CODE : GuestImage.KERNEL_CODE) + a.size());
        if (isUser()) {
            a.ud2();
        } else if (bits == 64) {
            a.db(0xFF, 0x24, 0x25).dd(GuestImage.DONE_POINTER); // jmp [pointer]
        } else {
            a.db(bits == 16 ? new int[] {0x66, 0xEA} : new int[] {0xEA})
                    .dd(GuestImage.STUBS + 32 * GuestImage.DONE)
                    .dw(GuestImage.KERNEL_CS);
        }
    }

    private void start(Assembler a, GuestImage image, int address) {
        int pointers = GuestImage.VARIABLES + 0x100;
        image.put(pointers, 0xFFFL | (long) GuestImage.GDT << 16);
        image.put(pointers + 16, 0xFFFL | (long) GuestImage.IDT << 16);
        a.lgdt(Mem.absolute(pointers));
        a.lidt(Mem.absolute(pointers + 16));
        a.movImm(RAX, GuestImage.TSS_SELECTOR).ltr(RAX);
        a.movImm(RAX, GuestImage.KERNEL_SS);
        a.xor(Reg.RCX, Reg.RCX).mov(Sreg.FS, Reg.RCX).mov(Sreg.GS, Reg.RCX);
        for (Sreg segment : List.of(Sreg.SS, Sreg.DS, Sreg.ES)) {
            a.mov(segment, RAX);
        }
        a.movImm(RAX, GuestImage.USER_SS);
        a.mov(Sreg.DS, RAX).mov(Sreg.ES, RAX);
        setup.forEach(code -> code.accept(a));
        a.pushImm(ss).pushImm(stack).pushImm((int) flags).pushImm(cs).pushImm(address);
        for (Reg reg : Reg.values()) {
            if (reg != Reg.RSP) {
                a.movImm(reg, initial(reg));
            }
        }
        a.iretq();
    }

    private long initial(Reg reg) {
        switch (reg) {
            case RAX:
                return 0x1234;
            case RCX:
                return 3;
            case RDX:
                return 0x55;
            case RBX:
                return GuestImage.WINDOW;
            case RBP:
                return stack - 0x100;
            case RSI:
                return GuestImage.USER_DATA;
            case RDI:
                return GuestImage.USER_DATA + 0x800;
            default:
                return 0x0101010101010101L * reg.ordinal();
        }
    }
}
