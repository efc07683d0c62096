// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.proc;

import mckernelj.lwk.cpu.CpuLocal;
import mckernelj.lwk.cpu.PtRegs;
import mckernelj.lwk.signal.SignalDelivery;
import mckernelj.lwk.syscall.SyscallDispatch;
import mckernelj.lwk.trap.TrapHandlers;

/** What the kernel does with traps from user mode. */
final class TrapEntry implements TrapHandlers {
    private final Kernel kernel;
    private final SyscallDispatch syscalls;
    private final SignalDelivery delivery;
    private final ExceptionSignals exceptions;

    TrapEntry(Kernel kernel, SyscallDispatch syscalls, SignalDelivery delivery) {
        this.kernel = kernel;
        this.syscalls = syscalls;
        this.delivery = delivery;
        this.exceptions = new ExceptionSignals(kernel);
    }

    @Override
    public void systemCall(CpuLocal cpu, PtRegs regs) {
        Thread self = (Thread) kernel.scheduler().current(cpu);
        if (self.tracee() != null) {
            tracedCall(self, regs);
        } else {
            regs.setRax(syscalls.call(self, regs));
            kernel.tracing().leaveCall(self, regs);
        }
    }

    private void tracedCall(Thread self, PtRegs regs) {
        if (kernel.tracing().enterCall(self, regs)) {
            regs.setRax(syscalls.call(self, regs));
        }
        kernel.tracing().leaveCall(self, regs);
    }

    @Override
    public void exception(CpuLocal cpu, PtRegs regs, int vector, int errorCode, long cr2) {
        exceptions.handle((Thread) kernel.scheduler().current(cpu), regs, vector, errorCode, cr2);
    }

    @Override
    public void beforeReturnToUser(CpuLocal cpu, PtRegs regs) {
        Thread self = (Thread) kernel.scheduler().current(cpu);
        do {
            delivery.beforeReturnToUser(self, regs);
            kernel.tracing().beforeUser(self, regs);
        } while (!RestartableSequences.beforeReturnToUser(self, regs));
    }
}
