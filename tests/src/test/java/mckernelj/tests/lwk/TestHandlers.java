// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.lwk;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import mckernelj.lwk.boot.LwkKernel;
import mckernelj.lwk.cpu.CpuLocal;
import mckernelj.lwk.cpu.PtRegs;
import mckernelj.lwk.sched.KernelThread;
import mckernelj.lwk.trap.TrapHandlers;

/**
 * An upper half for tests: system calls go to the test; 60 ends the thread, and so does any exception. What happened is noted in
 * {@link #events}.
 */
class TestHandlers implements TrapHandlers {
    static final int EXIT = 60;

    /** A system call of the test's. */
    interface Call {
        long run(KernelThread thread, CpuLocal cpu, PtRegs regs);
    }

    final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    LwkKernel kernel;
    Call call = (thread, cpu, regs) -> 0;

    @Override
    public void systemCall(CpuLocal cpu, PtRegs regs) {
        KernelThread thread = kernel.scheduler().current(cpu);
        if (regs.origRax() == EXIT) {
            events.add("exit " + thread.tid() + " " + regs.argument(0));
            kernel.scheduler().exitCurrent(thread);
        }
        regs.setRax(call.run(thread, cpu, regs));
    }

    @Override
    public void exception(CpuLocal cpu, PtRegs regs, int vector, int errorCode, long cr2) {
        KernelThread thread = kernel.scheduler().current(cpu);
        events.add("exception " + vector + " error " + errorCode + " cr2 " + Long.toHexString(cr2));
        kernel.scheduler().exitCurrent(thread);
    }

    @Override
    public void beforeReturnToUser(CpuLocal cpu, PtRegs regs) {}

    /** The next event, or null after some seconds without one. */
    String next() {
        try {
            return events.poll(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
