// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.ptrace;

import mckernelj.lwk.proc.Process;
import mckernelj.lwk.proc.Thread;

/** A traced thread, from its side. Guarded by {@link Tracing}'s monitor; volatile what the thread itself looks at. */
public final class Tracee {
    /** How the tracer let it go on. */
    enum Resume {
        CONTINUE,
        SYSCALL,
        STEP
    }

    final Thread thread;
    final Process tracer;
    final boolean seized;
    volatile int options;
    volatile Resume resume = Resume.CONTINUE;

    /** Null while it runs. */
    volatile TraceStop stop;

    /** The signal that it goes on with. */
    int injected;

    /** It has to stop, without a signal: the signal number for that stop; 0: it has not. */
    volatile int trap;

    /** Its process was stopped by this signal and it has not stopped for that yet; 0. */
    volatile int groupStop;

    /** After PTRACE_LISTEN: stopped, and no request but INTERRUPT finds it so. */
    volatile boolean listening;

    /** RFLAGS.TF is the kernel's, not the program's. Only the thread itself. */
    boolean forcedTrapFlag;

    Tracee(Thread thread, Process tracer, boolean seized, int options) {
        this.thread = thread;
        this.tracer = tracer;
        this.seized = seized;
        this.options = options;
    }

    /** Pid of who traces it. */
    public int tracerPid() {
        return tracer.pid();
    }

    public boolean isStopped() {
        return stop != null;
    }

    boolean has(int option) {
        return (options & option) != 0;
    }

    /** It has to stop as soon as it can: interruptible sleeps end. */
    public boolean mustStop() {
        return trap != 0 || groupStop != 0;
    }

    public boolean groupStopDue() {
        return groupStop != 0;
    }

    /** SIGCONT has come while the process was stopped. True: the thread is to be woken. */
    public boolean processContinued(int trapSignal) {
        groupStop = 0;
        if (!seized) {
            return false;
        }
        trap = trapSignal;
        return endListening();
    }

    /** A listening thread looks for its next stop. */
    boolean endListening() {
        if (!listening) {
            return false;
        }
        listening = false;
        stop = null;
        return true;
    }
}
