// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.proc;

import static mckernelj.lwk.signal.SignalNumber.SIGBUS;
import static mckernelj.lwk.signal.SignalNumber.SIGFPE;
import static mckernelj.lwk.signal.SignalNumber.SIGILL;
import static mckernelj.lwk.signal.SignalNumber.SIGSEGV;
import static mckernelj.lwk.signal.SignalNumber.SIGTRAP;

import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.lwk.cpu.PtRegs;
import mckernelj.lwk.mm.FaultResult;
import mckernelj.lwk.mm.VmRange;
import mckernelj.lwk.signal.SigInfo;
import mckernelj.lwk.signal.SignalNumber;

/**
 * Exceptions of user code: page faults are resolved if possible, the rest becomes a signal with Linux's si_code and
 * si_addr.
 */
final class ExceptionSignals {
    private static final int DIVIDE_ERROR = 0;
    private static final int DEBUG = 1;
    private static final int BREAKPOINT = 3;
    private static final int OVERFLOW = 4;
    private static final int BOUND_RANGE = 5;
    private static final int INVALID_OPCODE = 6;
    private static final int SEGMENT_NOT_PRESENT = 11;
    private static final int STACK_SEGMENT = 12;
    private static final int GENERAL_PROTECTION = 13;
    private static final int PAGE_FAULT = 14;
    private static final int X87_ERROR = 16;
    private static final int ALIGNMENT_CHECK = 17;
    private static final int SIMD_ERROR = 19;

    private static final int FPE_INTDIV = 1;
    private static final int FPE_FLTDIV = 3;
    private static final int FPE_FLTOVF = 4;
    private static final int FPE_FLTUND = 5;
    private static final int FPE_FLTRES = 6;
    private static final int FPE_FLTINV = 7;
    private static final int ILL_ILLOPN = 2;
    private static final int TRAP_BRKPT = 1;
    private static final int TRAP_TRACE = 2;
    private static final int TRAP_HWBKPT = 4;
    private static final int SEGV_MAPERR = 1;
    private static final int SEGV_ACCERR = 2;
    private static final int BUS_ADRALN = 1;
    private static final int BUS_ADRERR = 2;

    /** RFLAGS.TF: without it a #DB comes from INT1. */
    private static final long TRAP_FLAG = 0x100;

    private static final long RESUME_FLAG = 0x10000;
    private static final long DR6_BS = 1 << 14;

    private static final int ERROR_PRESENT = 1;
    private static final int ERROR_WRITE = 2;
    private static final int ERROR_FETCH = 16;

    private final Kernel kernel;
    private final PageFaultReport report;

    ExceptionSignals(Kernel kernel) {
        this.kernel = kernel;
        this.report = new PageFaultReport(kernel);
    }

    void handle(Thread self, PtRegs regs, int vector, int errorCode, long cr2) {
        if (vector == PAGE_FAULT) {
            pageFault(self, regs, errorCode, cr2);
            return;
        }
        self.setFault(vector, errorCode, self.faultAddress());
        SigInfo info = info(self, regs, vector);
        if (self.tracee() == null || info.signal() != SIGTRAP) {
            report(self, regs, vector, errorCode, info);
        }
        kernel.signals().force(self, info);
    }

    private void report(Thread self, PtRegs regs, int vector, int errorCode, SigInfo info) {
        kernel.log()
                .kprintf(
                        self.cpu(),
                        "%d: exception %d, error 0x%x, rip 0x%x, rsp 0x%x: signal %d",
                        self.tid(),
                        vector,
                        errorCode,
                        regs.rip(),
                        regs.rsp(),
                        info.signal());
    }

    private SigInfo info(Thread self, PtRegs regs, int vector) {
        return switch (vector) {
            case DIVIDE_ERROR -> SigInfo.fault(SIGFPE, FPE_INTDIV, regs.rip());
            case DEBUG -> SigInfo.fault(SIGTRAP, debugCode(self, regs), regs.rip());
            case BREAKPOINT -> SigInfo.kernel(SIGTRAP);
            case INVALID_OPCODE -> SigInfo.fault(SIGILL, ILL_ILLOPN, regs.rip());
            case OVERFLOW, BOUND_RANGE, GENERAL_PROTECTION -> SigInfo.kernel(SIGSEGV);
            case SEGMENT_NOT_PRESENT, STACK_SEGMENT -> SigInfo.kernel(SIGBUS);
            case ALIGNMENT_CHECK -> SigInfo.fault(SIGBUS, BUS_ADRALN, 0);
            case X87_ERROR -> SigInfo.fault(SIGFPE, floatingPointCode(self, false), regs.rip());
            case SIMD_ERROR -> SigInfo.fault(SIGFPE, floatingPointCode(self, true), regs.rip());
            default -> SigInfo.kernel(SIGSEGV);
        };
    }

    /** Why there was a #DB; the program's own DR6 remembers, the processor's is cleared. */
    private static int debugCode(Thread self, PtRegs regs) {
        LogicalCpu hw = self.cpu().hw();
        long status = hw.debugRegister(6) & (DR6_BS | 0xF);
        hw.setDebugRegister(6, 0);
        long[] debug = self.debugRegisters();
        if (debug == null) {
            return (regs.rflags() & TRAP_FLAG) != 0 ? TRAP_TRACE : TRAP_BRKPT;
        }
        self.setDebugRegister(6, status);
        for (int i = 0; i < 4; i++) {
            boolean execution = (debug[7] >>> 16 + 4 * i & 3) == 0;
            if ((status >>> i & 1) != 0 && execution) {
                regs.setRflags(regs.rflags() | RESUME_FLAG);
            }
        }
        return (status & DR6_BS) != 0 ? TRAP_TRACE : status != 0 ? TRAP_HWBKPT : TRAP_BRKPT;
    }

    /** The first unmasked exception in the x87 status word or in MXCSR. */
    private int floatingPointCode(Thread self, boolean simd) {
        LogicalCpu hw = self.cpu().hw();
        long area = self.extendedStatePhysical();
        hw.saveExtendedState(area);
        int flags;
        if (simd) {
            int mxcsr = kernel.memory().getInt(area + 24);
            flags = mxcsr & ~(mxcsr >> 7);
        } else {
            int control = kernel.memory().getShort(area);
            flags = kernel.memory().getShort(area + 2) & ~control;
        }
        if ((flags & 1) != 0) {
            return FPE_FLTINV;
        }
        if ((flags & 4) != 0) {
            return FPE_FLTDIV;
        }
        if ((flags & 8) != 0) {
            return FPE_FLTOVF;
        }
        return (flags & 0x12) != 0 ? FPE_FLTUND : FPE_FLTRES;
    }

    private void pageFault(Thread self, PtRegs regs, int errorCode, long linear) {
        int access = (errorCode & ERROR_WRITE) != 0
                ? VmRange.PROT_WRITE
                : (errorCode & ERROR_FETCH) != 0 ? VmRange.PROT_EXEC : VmRange.PROT_READ;
        FaultResult result = self.process().vm().fault(self, linear, access);
        if (result == FaultResult.RESOLVED || self.mustExit()) {
            return;
        }
        // As Linux: whether a kernel address is mapped is nobody's business.
        self.setFault(PAGE_FAULT, linear < 0 ? errorCode | ERROR_PRESENT : errorCode, linear);
        report.print(self, regs, errorCode, linear);
        switch (result) {
            case NOT_MAPPED -> kernel.signals().force(self, SigInfo.fault(SIGSEGV, SEGV_MAPERR, linear));
            case FORBIDDEN -> kernel.signals().force(self, SigInfo.fault(SIGSEGV, SEGV_ACCERR, linear));
            case NO_PAGE -> kernel.signals().force(self, SigInfo.fault(SIGBUS, BUS_ADRERR, linear));
            default -> {
                kernel.log().kprintf(self.cpu(), "%d: out of memory, killed", self.tid());
                kernel.signals().send(self, self.process(), SigInfo.kernel(SignalNumber.SIGKILL));
            }
        }
    }
}
