// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.lwk;

import java.util.function.Consumer;
import mckernelj.emulator.hw.PhysicalMemory;
import mckernelj.emulator.hw.asm.Assembler;
import mckernelj.ihk.layout.PageTableEntry;
import mckernelj.lwk.boot.LwkKernel;
import mckernelj.lwk.cpu.PtRegs;
import mckernelj.lwk.image.AddressLayout;
import mckernelj.lwk.sched.KernelThread;

/** A thread with an address space of one 2 MiB page at {@link #CODE}: program at its start, stack at its end. */
final class UserThread extends KernelThread {
    static final long CODE = 0x40_0000;
    static final long PAGE = 2 << 20;
    private static final long RFLAGS_IF = 0x202;

    private final int tid;
    private final LwkKernel kernel;
    private final long root;
    private final long page;

    UserThread(LwkKernel kernel, int tid, Consumer<Assembler> program) {
        super(kernel.scheduler(), "user " + tid);
        this.tid = tid;
        this.kernel = kernel;
        root = kernel.pages().allocate(3, 1, 0);
        page = kernel.pages().allocate(512, 512, 0);
        kernel.pageTables().copyKernelHalf(root);
        PhysicalMemory memory = kernel.memory();
        long link = PageTableEntry.PRESENT | PageTableEntry.WRITABLE | PageTableEntry.USER;
        memory.putLong(root, root + 4096 | link);
        memory.putLong(root + 4096, root + 8192 | link);
        memory.putLong(root + 8192 + (CODE >> 21) * 8, page | link | PageTableEntry.LARGE);
        Assembler asm = new Assembler(CODE);
        program.accept(asm);
        byte[] code = asm.assemble();
        memory.write(page, code, 0, code.length);
        PtRegs regs = trapFrame();
        regs.clear();
        regs.setRip(CODE);
        regs.setRsp(CODE + PAGE);
        regs.setRflags(RFLAGS_IF);
        regs.set(PtRegs.CS, AddressLayout.USER_CS);
        regs.set(PtRegs.SS, AddressLayout.USER_DS);
        regs.setOrigRax(-1);
    }

    /** Physical address behind an address of the program. */
    long physical(long linear) {
        return page + linear - CODE;
    }

    @Override
    public int tid() {
        return tid;
    }

    @Override
    public long addressSpace() {
        return root;
    }

    @Override
    protected void released() {
        kernel.pages().free(root, 3);
        kernel.pages().free(page, 512);
    }
}
