// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Process;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.proc.Usage;
import mckernelj.lwk.ptrace.TraceWait;
import mckernelj.lwk.ptrace.Tracees;
import mckernelj.lwk.sched.KernelThread;
import mckernelj.lwk.signal.Restart;
import mckernelj.lwk.signal.SigInfo;
import mckernelj.lwk.signal.SignalNumber;

/** wait4 and waitid of a process that traces others: asks Linux without waiting, and waits for news itself. */
final class TracedWait {
    private static final int WNOHANG = 1;
    private static final int WEXITED = 4;
    private static final int WNOWAIT = 0x01000000;
    private static final int SI_PID = 16;
    private static final int SIGINFO_FIELDS = 28;
    private static final int P_ALL = 0;
    private static final int P_PID = 1;
    private static final int P_PGID = 2;

    private final Kernel kernel;
    private final TraceWait waits;

    TracedWait(Kernel kernel) {
        this.kernel = kernel;
        this.waits = new TraceWait(kernel.tracing());
    }

    long wait(Thread self, SyscallArguments args) {
        boolean byPid = args.number() == SystemCallNumber.WAIT4;
        int options = args.intAt(byPid ? 2 : 3);
        int pid = byPid ? args.intAt(0) : pid(args);
        boolean ends = byPid || (options & WEXITED) != 0;
        Tracees tracees = self.process().tracees();
        while (true) {
            int news = tracees.news();
            TraceWait.Report report = waits.poll(self, pid, ends, !byPid && (options & WNOWAIT) != 0);
            if (report != null) {
                return byPid ? tell(self, args, report) : tellById(self, args, report);
            }
            long result = askLinux(self, args);
            boolean noChild = result == -Errno.ECHILD && waits.anyMeant(self, pid);
            if (found(self, args, result) || result < 0 && !noChild || (options & WNOHANG) != 0) {
                return noChild ? 0 : result;
            }
            if (kernel.signals().isPending(self)) {
                return -Restart.ERESTARTSYS;
            }
            kernel.scheduler()
                    .sleep(
                            self,
                            KernelThread.INTERRUPTIBLE,
                            () -> tracees.news() != news || kernel.signals().isPending(self));
        }
    }

    private static int pid(SyscallArguments args) {
        return switch (args.intAt(0)) {
            case P_ALL -> -1;
            case P_PID -> args.intAt(1);
            case P_PGID -> -args.intAt(1);
            default -> Integer.MIN_VALUE;
        };
    }

    /** What Linux would answer at once. */
    long askLinux(Thread self, SyscallArguments args) {
        long[] again = args.all();
        again[args.number() == SystemCallNumber.WAIT4 ? 2 : 3] |= WNOHANG;
        return self.delegate(args.number(), again);
    }

    /** True if that answer names a child. */
    boolean found(Thread self, SyscallArguments args, long result) {
        if (args.number() == SystemCallNumber.WAIT4) {
            return result > 0;
        }
        return result == 0 && args.at(2) != 0 && self.user().readInt(args.at(2) + SI_PID) > 0;
    }

    private long tell(Thread self, SyscallArguments args, TraceWait.Report report) {
        if (args.at(1) != 0 && !self.user().writeInt(args.at(1), report.status())) {
            return -Errno.EFAULT;
        }
        return writeUsage(self, args.at(3), report.process()) ? report.tid() : -Errno.EFAULT;
    }

    private long tellById(Thread self, SyscallArguments args, TraceWait.Report report) {
        byte[] info = SigInfo.child(
                        SignalNumber.SIGCHLD, report.code(), report.tid(), report.uid(), report.plainStatus(), 0, 0)
                .bytes();
        boolean written =
                args.at(2) == 0 || self.user().write(args.at(2), java.util.Arrays.copyOf(info, SIGINFO_FIELDS));
        return written && writeUsage(self, args.at(4), report.process()) ? 0 : -Errno.EFAULT;
    }

    private boolean writeUsage(Thread self, long pointer, Process process) {
        if (pointer == 0) {
            return true;
        }
        return ResourceUsage.write(kernel, self, pointer, process == null ? Usage.NONE : process.usage());
    }
}
