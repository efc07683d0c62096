// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import mckernelj.ihk.Errno;
import mckernelj.ihk.ikc.InKernelRequest;
import mckernelj.ihk.launch.MailboxLayout;
import mckernelj.lwk.cpu.PtRegs;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.signal.Restart;
import mckernelj.lwk.signal.SignalNumber;

/** From a number to its fate: a handler of the LWK, Linux, or ENOSYS. */
public final class SyscallDispatch {
    /** mcctrl's answer when it does not know the process: its servant is dead. */
    private static final long NO_SERVANT = -512;

    private static final long NOT_BEGUN = MailboxLayout.NOT_BEGUN;

    private final Kernel kernel;
    private final CallTrace trace;
    private final SeccompGate seccomp;
    private final Syscall[] handlers = new Syscall[SyscallTable.SIZE];

    /** Numbers that were reported already: once each. */
    private final Set<Integer> reported = ConcurrentHashMap.newKeySet();

    public SyscallDispatch(Kernel kernel) {
        this.kernel = kernel;
        this.trace = new CallTrace(kernel);
        this.seccomp = new SeccompGate(kernel);
        for (SyscallTable.Entry entry : SyscallTable.entries()) {
            handlers[entry.number()] = handler(entry);
        }
    }

    private Syscall handler(SyscallTable.Entry entry) {
        return switch (entry.fate()) {
            case HANDLED -> entry.constructor().apply(kernel);
            case DELEGATED -> this::delegate;
            case SILENT -> (self, args) -> -Errno.ENOSYS;
            case ABSENT -> this::absent;
        };
    }

    /** Executes the call that {@code regs} describe; returns its result. */
    public long call(Thread self, PtRegs regs) {
        if (self.seccomp() != null) {
            long result = seccomp.check(self, new SyscallArguments(regs));
            if (result != SeccompGate.ALLOWED) {
                return result;
            }
        }
        return self.process().tracesCalls() ? trace.call(self, regs, this) : execute(self, new SyscallArguments(regs));
    }

    long execute(Thread self, SyscallArguments args) {
        int number = args.number();
        Syscall handler = number >= 0 && number < handlers.length ? handlers[number] : null;
        return handler == null ? absent(self, args) : handler.call(self, args);
    }

    private long delegate(Thread self, SyscallArguments args) {
        return delegate(kernel, self, args.number(), args.all());
    }

    /** A call that Linux executes; decides what an interruption means. */
    static long delegate(Kernel kernel, Thread self, int number, long... arguments) {
        long result = self.delegateInterruptibly(number, arguments);
        if (result == NO_SERVANT) {
            kernel.exit().endProcess(self, self.process(), SignalNumber.SIGKILL);
            return -Errno.EINTR;
        }
        if (result == NOT_BEGUN) {
            return kernel.signals().isPending(self) ? Restart.beforeDelegated(number) : -Restart.ERESTARTNOINTR;
        }
        if (result == -Errno.EINTR) {
            // Without a signal for the program it was something between Linux and its servant.
            return kernel.signals().isPending(self) ? Restart.afterDelegated(number) : -Restart.ERESTARTNOINTR;
        }
        return result >= 0 && InKernelRequest.returnsDescriptor(number, arguments[1])
                ? descriptor(self, result)
                : result;
    }

    private static long descriptor(Thread self, long result) {
        int fd = (int) result;
        self.process().overlaidFiles().returned(fd, (result & InKernelRequest.OVERLAID) != 0);
        return fd;
    }

    private long absent(Thread self, SyscallArguments args) {
        if (reported.add(args.number())) {
            kernel.log()
                    .kprintf(
                            self.cpu(),
                            "system call %d (%s) is not implemented: args 0x%x 0x%x 0x%x 0x%x 0x%x 0x%x, thread %d, rip 0x%x",
                            args.number(),
                            SyscallTable.name(args.number()),
                            args.at(0),
                            args.at(1),
                            args.at(2),
                            args.at(3),
                            args.at(4),
                            args.at(5),
                            self.tid(),
                            args.regs().rip());
        }
        return -Errno.ENOSYS;
    }
}
