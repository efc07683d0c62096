// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.signal;

/** Disposition of a signal (struct kernel_sigaction). */
public record SignalAction(long handler, long flags, long restorer, long mask) {
    public static final long SIG_DFL = 0;
    public static final long SIG_IGN = 1;

    public static final long SA_NOCLDSTOP = 1;
    public static final long SA_NOCLDWAIT = 2;
    public static final long SA_SIGINFO = 4;
    public static final long SA_RESTORER = 0x04000000L;
    public static final long SA_ONSTACK = 0x08000000L;
    public static final long SA_RESTART = 0x10000000L;
    public static final long SA_NODEFER = 0x40000000L;
    public static final long SA_RESETHAND = 0x80000000L;

    static final SignalAction DEFAULT = new SignalAction(SIG_DFL, 0, 0, 0);
    static final SignalAction IGNORE = new SignalAction(SIG_IGN, 0, 0, 0);

    public boolean has(long flag) {
        return (flags & flag) != 0;
    }

    /** True if a signal with this disposition has no effect. */
    boolean ignores(int signal) {
        return handler == SIG_IGN || handler == SIG_DFL && SignalNumber.ignoredByDefault(signal);
    }
}
