// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.boot;

import static mckernelj.emulator.hw.asm.Reg.RAX;
import static mckernelj.emulator.hw.asm.Reg.RBP;
import static mckernelj.emulator.hw.asm.Reg.RDX;
import static mckernelj.emulator.hw.asm.Reg.RSI;
import static mckernelj.emulator.hw.asm.Reg.RSP;

import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.emulator.hw.asm.Assembler;
import mckernelj.emulator.hw.asm.Label;
import mckernelj.emulator.hw.asm.Mem;
import mckernelj.ihk.layout.KernelSpace;

/**
 * The code between the trampoline and the kernel's ELF entry, on the bootstrap processor: loads the boot page table and
 * the stack, then calls the entry with (RDI boot parameters, RSI kernel image, RDX trampoline page), all physical. It
 * lies in the LWK's memory at {@link #address}.
 */
public final class StartupStub {
    private StartupStub() {}

    /** End of the bootstrap chunk, aligned down to 2 MiB, less 4 MiB. */
    public static long address(long bootstrapMemoryEnd) {
        return (bootstrapMemoryEnd & -KernelSpace.LARGE_PAGE_SIZE) - 2 * KernelSpace.LARGE_PAGE_SIZE;
    }

    /** Initial stack pointer: the last page of the bootstrap chunk is left alone. */
    public static long stack(long bootstrapMemoryEnd) {
        return bootstrapMemoryEnd - KernelSpace.PAGE_SIZE;
    }

    /** Writes the stub; the trampoline enters it at its address with RDI = boot parameters. */
    public static void install(
            PhysicalMemory memory, long bootstrapMemoryEnd, long bootTable, long kernel, long trampoline, long entry) {
        long address = address(bootstrapMemoryEnd);
        Assembler asm = new Assembler(address);
        Label parameters = asm.label();
        asm.load64(RAX, Mem.at(parameters)).movToCr(3, RAX);
        asm.load64(RSP, Mem.at(parameters, 8)).xor(RBP, RBP);
        asm.load64(RSI, Mem.at(parameters, 16)).load64(RDX, Mem.at(parameters, 24));
        asm.call(Mem.at(parameters, 32));
        asm.cli().hlt();
        asm.align(8).bind(parameters);
        asm.dq(bootTable)
                .dq(stack(bootstrapMemoryEnd))
                .dq(kernel)
                .dq(trampoline)
                .dq(entry);
        byte[] code = asm.assemble();
        memory.write(address, code, 0, code.length);
        memory.written(address, code.length);
    }
}
