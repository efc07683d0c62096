// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import mckernelj.ihk.layout.KernelSpace;
import mckernelj.ihk.os.GatePorts;

/**
 * The kernel image that IHK loads: an ELF64 file with one segment, text and then the IDT, linked at {@link #TEXT}. The rest of the
 * kernel is Java behind the gate port of the OS instance. Also knows the addresses of its entries.
 */
public final class LwkImage {
    /** Link address of the first instruction. */
    public static final long TEXT = KernelSpace.MAP_KERNEL_START + 0x1000;

    private static final int PAGE = 4096;
    private static final int IDT_SIZE = 256 * 16;
    private static final int ELF_HEADER = 64;
    private static final int PROGRAM_HEADER = 56;

    private final KernelCode code;
    private final byte[] text;

    /** {@code kernelStackTop}, {@code userRsp}: offsets of these words in the per-CPU area, for the SYSCALL entry. */
    public LwkImage(int osIndex, int kernelStackTop, int userRsp) {
        code = new KernelCode(TEXT, GatePorts.lwk(osIndex), kernelStackTop, userRsp);
        text = code.assemble();
    }

    /** Where IHK enters the bootstrap processor. */
    public long archStart() {
        return code.addressOf(code.archStart);
    }

    /** Where an application processor arrives in 64-bit mode. */
    public long apStart() {
        return code.addressOf(code.apStart);
    }

    /** For IA32_LSTAR. */
    public long systemCallEntry() {
        return code.addressOf(code.systemCallEntry);
    }

    /** First instruction of a thread that will return to user mode; RSP at its frame. */
    public long returnToUser() {
        return code.addressOf(code.returnToUser);
    }

    /** Stub: lets pending interrupts in, then leaves. */
    public long interruptWindow() {
        return code.addressOf(code.interruptWindow);
    }

    /** Stub: RDI, RSI = operands of LGDT and LIDT; loads them, segment registers and TR, then leaves. */
    public long loadTables() {
        return code.addressOf(code.loadTables);
    }

    /** Stub: CPUID of EAX, ECX; results in R8, RBX, RCX, R9. Needs no stack. */
    public long cpuid() {
        return code.addressOf(code.cpuid);
    }

    /** Stub: XSETBV of XCR0 from EDX:EAX. Needs no stack. */
    public long setXcr0() {
        return code.addressOf(code.setXcr0);
    }

    /** Page for the vsyscall address. */
    public long vsyscall() {
        return code.addressOf(code.vsyscall);
    }

    /** Halts for ever. */
    public long halt() {
        return code.addressOf(code.halt);
    }

    public long idt() {
        return TEXT + textPages() * PAGE;
    }

    /** Bytes of memory the image takes from {@link #TEXT}. */
    public long sizeBytes() {
        return textPages() * PAGE + IDT_SIZE;
    }

    private long textPages() {
        return (text.length + PAGE - 1L) / PAGE;
    }

    /** The file. */
    public byte[] elf() {
        int size = (int) sizeBytes();
        ByteBuffer file = ByteBuffer.allocate(PAGE + size).order(ByteOrder.LITTLE_ENDIAN);
        putHeader(file);
        putProgramHeader(file, size);
        file.position(PAGE).put(text);
        file.position(PAGE + size - IDT_SIZE);
        for (int vector = 0; vector < 256; vector++) {
            putGate(file, vector, code.addressOf(code.interruptEntries[vector]));
        }
        return file.array();
    }

    private void putHeader(ByteBuffer file) {
        file.putInt(0x464C457F).put((byte) 2).put((byte) 1).put((byte) 1).position(16);
        file.putShort((short) 2).putShort((short) 62).putInt(1); // ET_EXEC, EM_X86_64
        file.putLong(archStart()).putLong(ELF_HEADER).putLong(0).putInt(0);
        file.putShort((short) ELF_HEADER)
                .putShort((short) PROGRAM_HEADER)
                .putShort((short) 1)
                .position(ELF_HEADER);
    }

    private static void putProgramHeader(ByteBuffer file, int size) {
        file.putInt(1).putInt(7); // PT_LOAD, rwx
        file.putLong(PAGE)
                .putLong(TEXT)
                .putLong(TEXT)
                .putLong(size)
                .putLong(size)
                .putLong(PAGE);
    }

    /** An interrupt gate (SDM vol. 3, 6.14.1); user mode may use INT3 and INTO. */
    private static void putGate(ByteBuffer file, int vector, long entry) {
        int privilege = vector == 3 || vector == 4 ? 3 : 0;
        int stack = vector == 8 || vector == 18 ? 1 : vector == 2 ? 2 : 0;
        file.putShort((short) entry).putShort((short) AddressLayout.KERNEL_CS);
        file.put((byte) stack).put((byte) (0x8E | privilege << 5));
        file.putShort((short) (entry >>> 16)).putInt((int) (entry >>> 32)).putInt(0);
    }
}
