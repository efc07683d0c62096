// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.machine;

import static mckernelj.emulator.hw.asm.Reg.RAX;
import static mckernelj.emulator.hw.asm.Reg.RDX;

import java.util.function.Consumer;
import mckernelj.emulator.hw.asm.Assembler;

/**
 * A machine with identity-mapped memory (1 GiB pages), a GDT and an empty IDT, for programs of a few instructions.
 * Physical map: page tables 0x1000, GDT 0x4000, IDT 0x5000, TSS 0x6000 (+ 0x100 per processor), code from 0x10000.
 */
final class BareMachine implements AutoCloseable {
    static final long PML4 = 0x1000;
    static final long GDT = 0x4000;
    static final long IDT = 0x5000;
    static final long TSS = 0x6000;
    static final long CODE = 0x10000;
    static final long STACKS = 0x80000;

    static final int KERNEL_CODE = 0x10;
    static final int KERNEL_DATA = 0x18;
    static final int USER_DATA = 0x20 | 3;
    static final int USER_CODE = 0x28 | 3;
    static final int TSS_SELECTOR = 0x30;

    final X86Machine machine;

    BareMachine(MachineConfig.Builder config) {
        machine = new X86Machine(config.build());
        writeTables();
    }

    /** Page tables, GDT, task state segments, and what LGDT and LIDT load. */
    final void writeTables() {
        put(PML4, 0x2000 | 7);
        for (int i = 0; i < 4; i++) {
            put(0x2000 + 8 * i, (long) i << 30 | 0x87);
        }
        put(GDT + KERNEL_CODE, 0x00AF9B000000FFFFL);
        put(GDT + KERNEL_DATA, 0x00CF93000000FFFFL);
        put(GDT + 0x20, 0x00CFF3000000FFFFL);
        put(GDT + 0x28, 0x00AFFB000000FFFFL);
        for (int cpu = 0; cpu < 8; cpu++) {
            long tss = TSS + 0x100 * cpu;
            put(GDT + TSS_SELECTOR + 16 * cpu, 0x0000_8900_0000_0067L | (tss & 0xFFFFFF) << 16);
            put(tss + 4, stackTop(cpu) - 0x800);
            machine.memory().putShort(tss + 0x66, (short) 0x68); // no I/O permission bitmap
        }
        writePointer(0x400, GDT, 0x3FF);
        writePointer(0x410, IDT, 0xFFF);
    }

    private void writePointer(long at, long base, int limit) {
        machine.memory().putShort(at, (short) limit);
        put(at + 2, base);
    }

    void put(long physical, long value) {
        machine.memory().putLong(physical, value);
    }

    long get(long physical) {
        return machine.memory().getLong(physical);
    }

    /** An interrupt gate to {@code handler}. */
    void gate(int vector, long handler, int dpl, int ist) {
        put(
                IDT + 16 * vector,
                handler & 0xFFFF
                        | (long) KERNEL_CODE << 16
                        | (handler & 0xFFFF0000L) << 32
                        | 0x8E00L << 32
                        | (long) dpl << 45
                        | (long) ist << 32);
        put(IDT + 16 * vector + 8, handler >>> 32);
    }

    static long stackTop(int cpu) {
        return STACKS + 0x1000 * (cpu + 1);
    }

    /** Assembles at {@code address}, after the instructions that load GDT, IDT and the task register. */
    long program(long address, int cpu, Consumer<Assembler> body) {
        return code(address, a -> {
            a.db(0x0F, 0x01, 0x14, 0x25).dd(0x400); // lgdt [0x400]
            a.db(0x0F, 0x01, 0x1C, 0x25).dd(0x410); // lidt [0x410]
            a.movImm(RAX, TSS_SELECTOR + 16 * cpu).db(0x0F, 0x00, 0xD8); // ltr ax
            a.movImm(RAX, KERNEL_DATA).db(0x8E, 0xD0); // mov ss, ax
            body.accept(a);
        });
    }

    long code(long address, Consumer<Assembler> body) {
        Assembler a = new Assembler(address);
        body.accept(a);
        byte[] bytes = a.assemble();
        machine.memory().write(address, bytes, 0, bytes.length);
        return address;
    }

    /** out port, eax with EAX already set. */
    static void out(Assembler a, int port) {
        a.movImm(RDX, port).db(0xEF);
    }

    void start(int cpu, long rip) {
        machine.cpu(cpu).startLongMode(PML4, rip, stackTop(cpu), 0);
    }

    @Override
    public void close() {
        machine.close();
    }
}
