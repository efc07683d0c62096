// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.trap;

import mckernelj.lwk.cpu.CpuLocal;
import mckernelj.lwk.cpu.PtRegs;

/**
 * What the kernel does with traps; implemented by {@code lwk.proc}. Called on the kernel stack of the interrupted thread. A handler
 * may sleep, after which its {@code cpu} may be stale: ask the thread for its processor again.
 */
public interface TrapHandlers {
    /** SYSCALL from user mode. The number is {@code regs.origRax()}; the result goes to {@code regs.setRax}. */
    void systemCall(CpuLocal cpu, PtRegs regs);

    /**
     * Exception 0..31 from user mode, or a page fault of kernel machine code. {@code errorCode} is 0 where the processor pushes
     * none; {@code cr2} is valid for page faults.
     */
    void exception(CpuLocal cpu, PtRegs regs, int vector, int errorCode, long cr2);

    /**
     * Last step before user mode, after every system call, exception and interrupt: pending signals, exit of a killed thread. The
     * gate has called the scheduler before if a reschedule was due, and repeats both if one is due afterwards.
     */
    void beforeReturnToUser(CpuLocal cpu, PtRegs regs);
}
