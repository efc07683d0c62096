// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.seccomp.SeccompFilter;
import mckernelj.lwk.signal.SigInfo;
import mckernelj.lwk.signal.SignalNumber;

/** Executes what a thread's seccomp filter decides about a call. */
final class SeccompGate {
    /** The call may be executed; no result of a system call. */
    static final long ALLOWED = Long.MIN_VALUE;

    private static final int MAX_ERRNO = 4095;
    private static final int DATA = 0xFFFF;

    private final Kernel kernel;

    SeccompGate(Kernel kernel) {
        this.kernel = kernel;
    }

    /** {@link #ALLOWED}, or the result of a call that is not executed. */
    long check(Thread self, SyscallArguments args) {
        SeccompFilter filter = self.seccomp();
        if (filter.isStrict()) {
            return isAllowedStrictly(args.number()) ? ALLOWED : kill(self, args, SigInfo.kernel(SignalNumber.SIGKILL));
        }
        int result = filter.evaluate(args.number(), args.regs().rip(), args.all());
        int data = result & DATA;
        return switch (result & SeccompFilter.ACTION) {
            case SeccompFilter.ALLOW, SeccompFilter.LOG -> ALLOWED;
            case SeccompFilter.ERRNO -> -Math.min(data, MAX_ERRNO);
            case SeccompFilter.TRAP -> {
                kernel.signals().force(self, signal(args, data));
                yield args.number();
            }
            case SeccompFilter.KILL_THREAD -> killThread(self, args);
            case SeccompFilter.TRACE -> -Errno.ENOSYS; // nobody is asked
            default -> kill(self, args, signal(args, data));
        };
    }

    private static boolean isAllowedStrictly(int number) {
        return switch (number) {
            case SystemCallNumber.READ, SystemCallNumber.WRITE, SystemCallNumber.EXIT, SystemCallNumber.RT_SIGRETURN ->
                true;
            default -> false;
        };
    }

    private static SigInfo signal(SyscallArguments args, int data) {
        return SigInfo.seccomp(args.regs().rip(), args.number(), SeccompFilter.ARCHITECTURE, data);
    }

    private long kill(Thread self, SyscallArguments args, SigInfo info) {
        kernel.exit().terminateBySignal(self, args.regs(), info);
        return args.number();
    }

    private long killThread(Thread self, SyscallArguments args) {
        if (self.process().threadCount() > 1) {
            kernel.exit().endThread(self);
        }
        return kill(self, args, signal(args, 0));
    }
}
