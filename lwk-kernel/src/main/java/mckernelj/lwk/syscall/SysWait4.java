// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Process;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.sched.KernelThread;
import mckernelj.lwk.signal.Restart;

/** wait4(2), waitid(2): children are Linux' own, so Linux waits; the resource usage is the LWK's. */
final class SysWait4 implements Syscall {
    private static final int P_PID = 1;
    private static final int WNOHANG = 1;
    private static final int WEXITED = 4;
    private static final int WNOWAIT = 0x01000000;
    private static final int SI_PID = 16;
    private static final int SI_CODE = 8;
    private static final int CLD_DUMPED = 3;
    private static final int CORE_DUMPED = 0x80;

    private final Kernel kernel;
    private final TracedWait traced;

    SysWait4(Kernel kernel) {
        this.kernel = kernel;
        this.traced = new TracedWait(kernel);
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        long result = wait(self, args);
        if (args.number() == SystemCallNumber.WAIT4) {
            if (result > 0 && ended(self, args.at(1))) {
                account(self, (int) result, args.at(3), true, true, args.at(1));
            }
        } else if (result == 0 && args.at(2) != 0) {
            waitedById(self, args);
        } else if (result == 0 && args.intAt(0) == P_PID && (args.intAt(3) & (WEXITED | WNOHANG)) == WEXITED) {
            account(self, args.intAt(1), args.at(4), (args.intAt(3) & WNOWAIT) == 0, false, args.at(2));
        }
        return result;
    }

    /** Linux waits, unless the caller traces somebody: of that Linux knows nothing. */
    private long wait(Thread self, SyscallArguments args) {
        while (true) {
            if (self.process().tracees().exist()) {
                return traced.wait(self, args);
            }
            self.setWaitingForChildren(true);
            long result = SyscallDispatch.delegate(kernel, self, args.number(), args.all());
            self.setWaitingForChildren(false);
            if (!Restart.isRestart(result)) {
                return result;
            }
            // As Linux: a child that is ready wins over the signal that told of it.
            long ready = traced.askLinux(self, args);
            if (traced.found(self, args, ready)) {
                return ready;
            }
            if (!self.process().tracees().exist()) {
                return result;
            }
        }
    }

    /** From the wait status: neither stopped (0x7F) nor continued (0xFFFF). Unknown without a status word. */
    private static boolean ended(Thread self, long statusPointer) {
        if (statusPointer == 0) {
            return true;
        }
        long status = self.user().readInt(statusPointer);
        return (status & 0xFF) != 0x7F && status != 0xFFFF;
    }

    private void waitedById(Thread self, SyscallArguments args) {
        byte[] info = self.user().read(args.at(2), 32);
        if (info == null) {
            return;
        }
        ByteBuffer siginfo = ByteBuffer.wrap(info).order(ByteOrder.LITTLE_ENDIAN);
        int pid = siginfo.getInt(SI_PID);
        int code = siginfo.getInt(SI_CODE);
        if (pid > 0 && code <= CLD_DUMPED) {
            account(self, pid, args.at(4), (args.intAt(3) & WNOWAIT) == 0, false, args.at(2));
        }
    }

    private void account(Thread self, int pid, long usagePointer, boolean reaped, boolean byPid, long statusPointer) {
        // Linux knows of the end first; SIGCHLD and the usage must be there before the program sees the status.
        Process child = kernel.table().process(pid);
        if (child != null && child.parent() == self.process()) {
            kernel.scheduler().sleep(self, KernelThread.UNINTERRUPTIBLE, () -> child.isGone() || !child.hasEnded());
        }
        var ended = reaped
                ? kernel.endedChildren().take(pid)
                : kernel.endedChildren().peek(pid);
        if (ended == null) {
            return;
        }
        if (ended.coreDumped()) {
            tellCoreDumped(self, byPid, statusPointer);
        }
        if (reaped) {
            self.process().addChildUsage(ended.usage());
        }
        if (usagePointer != 0) {
            ResourceUsage.write(kernel, self, usagePointer, ended.usage());
        }
    }

    /** Linux knows of no core file: the servant wrote none. */
    private static void tellCoreDumped(Thread self, boolean byPid, long statusPointer) {
        if (statusPointer != 0) {
            long at = byPid ? statusPointer : statusPointer + SI_CODE;
            self.user().writeInt(at, byPid ? (int) self.user().readInt(at) | CORE_DUMPED : CLD_DUMPED);
        }
    }
}
