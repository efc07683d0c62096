// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.signal;

/** Signal numbers of x86-64 Linux and what they do by default (signal(7)). */
public final class SignalNumber {
    public static final int SIGHUP = 1;
    public static final int SIGINT = 2;
    public static final int SIGQUIT = 3;
    public static final int SIGILL = 4;
    public static final int SIGTRAP = 5;
    public static final int SIGABRT = 6;
    public static final int SIGBUS = 7;
    public static final int SIGFPE = 8;
    public static final int SIGKILL = 9;
    public static final int SIGUSR1 = 10;
    public static final int SIGSEGV = 11;
    public static final int SIGUSR2 = 12;
    public static final int SIGPIPE = 13;
    public static final int SIGALRM = 14;
    public static final int SIGTERM = 15;
    public static final int SIGCHLD = 17;
    public static final int SIGCONT = 18;
    public static final int SIGSTOP = 19;
    public static final int SIGTSTP = 20;
    public static final int SIGTTIN = 21;
    public static final int SIGTTOU = 22;
    public static final int SIGURG = 23;
    public static final int SIGXCPU = 24;
    public static final int SIGXFSZ = 25;
    public static final int SIGVTALRM = 26;
    public static final int SIGPROF = 27;
    public static final int SIGWINCH = 28;
    public static final int SIGSYS = 31;

    /** First real-time signal: these queue. */
    public static final int SIGRTMIN = 32;

    public static final int LAST = 64;

    private static final long IGNORED_BY_DEFAULT = mask(SIGCHLD) | mask(SIGURG) | mask(SIGWINCH) | mask(SIGCONT);
    private static final long STOP = mask(SIGSTOP) | mask(SIGTSTP) | mask(SIGTTIN) | mask(SIGTTOU);
    private static final long CORE = mask(SIGQUIT)
            | mask(SIGILL)
            | mask(SIGTRAP)
            | mask(SIGABRT)
            | mask(SIGBUS)
            | mask(SIGFPE)
            | mask(SIGSEGV)
            | mask(SIGXCPU)
            | mask(SIGXFSZ)
            | mask(SIGSYS);

    /** Signals of the program's own instructions: delivered before others. */
    static final long SYNCHRONOUS =
            mask(SIGSEGV) | mask(SIGBUS) | mask(SIGILL) | mask(SIGTRAP) | mask(SIGFPE) | mask(SIGSYS);

    /** Cannot be caught, blocked or ignored. */
    public static final long UNBLOCKABLE = mask(SIGKILL) | mask(SIGSTOP);

    static final long ALL_STOP = STOP;

    private SignalNumber() {}

    /** The bit of a signal in a signal set. */
    public static long mask(int signal) {
        return 1L << signal - 1;
    }

    public static boolean isValid(int signal) {
        return signal >= 1 && signal <= LAST;
    }

    static boolean ignoredByDefault(int signal) {
        return (IGNORED_BY_DEFAULT & mask(signal)) != 0;
    }

    static boolean stopsByDefault(int signal) {
        return (STOP & mask(signal)) != 0;
    }

    /** By default a core file is written. */
    public static boolean dumpsCore(int signal) {
        return (CORE & mask(signal)) != 0;
    }
}
