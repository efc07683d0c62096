// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.cpu;

import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.lwk.image.AddressLayout;

/**
 * A processor's own four pages ("locals"), found through GS base in kernel mode: identity, current kernel stack, scratch word of the
 * SYSCALL entry, GDT, TSS, and at the end the stacks for exceptions that must not trust RSP.
 */
public final class PerCpuArea {
    public static final int SIZE = 4 * 4096;

    /** Offsets from GS base, used by the kernel image. */
    public static final int PROCESSOR_ID = 0x00;

    public static final int APIC_ID = 0x04;
    public static final int KERNEL_STACK_TOP = 0x08;
    public static final int USER_RSP = 0x10;
    public static final int GDT = 0x100;
    public static final int GDT_ENTRIES = 16;
    public static final int TSS = 0x200;
    public static final int TSS_SIZE = 104;

    /** Operands of LGDT and LIDT (10 bytes each). */
    private static final int GDTR = 0x300;

    private static final int IDTR = 0x310;

    /** Tops of the stacks that the TSS names in IST1 (double fault, machine check) and IST2 (NMI). */
    private static final int[] IST_TOPS = {0x2000, 0x3000};

    private static final int TSS_RSP0 = TSS + 4;
    private static final int TSS_IST1 = TSS + 36;
    private static final int TSS_IO_MAP_BASE = TSS + 102;

    private final PhysicalMemory memory;
    private final long physical;

    public PerCpuArea(PhysicalMemory memory, long physical) {
        this.memory = memory;
        this.physical = physical;
    }

    public long physical() {
        return physical;
    }

    /** What GS base holds in kernel mode. */
    public long linear() {
        return AddressLayout.linear(physical);
    }

    /** Fills identity, GDT, TSS and the descriptor table registers' operands. */
    public void initialise(int processorId, int apicId, int numaNode, long idtLinear) {
        memory.clear(physical, SIZE);
        memory.putInt(physical + PROCESSOR_ID, processorId);
        memory.putInt(physical + APIC_ID, apicId);
        writeGdt(processorId, numaNode);
        for (int i = 0; i < IST_TOPS.length; i++) {
            memory.putLong(physical + TSS_IST1 + 8L * i, linear() + IST_TOPS[i]);
        }
        memory.putShort(physical + TSS_IO_MAP_BASE, (short) TSS_SIZE);
        memory.putShort(physical + GDTR, (short) (GDT_ENTRIES * 8 - 1));
        memory.putLong(physical + GDTR + 2, linear() + GDT);
        memory.putShort(physical + IDTR, (short) (256 * 16 - 1));
        memory.putLong(physical + IDTR + 2, idtLinear);
    }

    private void writeGdt(int processorId, int numaNode) {
        putDescriptor(AddressLayout.KERNEL_CS, 0x00AF_9B00_0000_FFFFL);
        putDescriptor(AddressLayout.KERNEL_DS, 0x00CF_9300_0000_FFFFL);
        putDescriptor(AddressLayout.USER_DS, 0x00CF_F300_0000_FFFFL);
        putDescriptor(AddressLayout.USER_CS, 0x00AF_FB00_0000_FFFFL);
        long tss = linear() + TSS;
        putDescriptor(
                AddressLayout.TSS_SELECTOR,
                TSS_SIZE - 1 | (tss & 0xFF_FFFF) << 16 | 0x89L << 40 | (tss >>> 24 & 0xFF) << 56);
        putDescriptor(AddressLayout.TSS_SELECTOR + 8, tss >>> 32);
        // The limit of this data segment is what LSL returns to user mode: cpu | node << 12.
        long limit = processorId | numaNode << 12;
        putDescriptor(
                AddressLayout.GETCPU_SELECTOR, 0x0040_F500_0000_0000L | limit & 0xFFFF | (limit >>> 16 & 0xF) << 48);
    }

    private void putDescriptor(int selector, long value) {
        memory.putLong(physical + GDT + (selector & ~7), value);
    }

    /** Linear address of the operand of LGDT. */
    public long gdtr() {
        return linear() + GDTR;
    }

    public long idtr() {
        return linear() + IDTR;
    }

    /** Top of a page that can be a stack until the processor has its own. */
    public long bootStackTop() {
        return linear() + SIZE;
    }

    /** Sets the stack for the next entry from user mode, by SYSCALL or by interrupt. */
    public void setKernelStackTop(long linear) {
        memory.putLong(physical + KERNEL_STACK_TOP, linear);
        memory.putLong(physical + TSS_RSP0, linear);
    }
}
