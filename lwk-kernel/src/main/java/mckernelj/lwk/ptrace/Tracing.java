// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.ptrace;

import mckernelj.ihk.Errno;
import mckernelj.lwk.cpu.PtRegs;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Process;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.sched.KernelThread;
import mckernelj.lwk.signal.SigInfo;
import mckernelj.lwk.signal.SignalAction;
import mckernelj.lwk.signal.SignalNumber;

/**
 * Who traces whom, and the stops of traced threads (Linux: kernel/ptrace.c, ptrace(2)). A thread stops by sleeping in
 * its own kernel code; its monitor guards the relation and the stops. The tracer is a process, not one of its threads.
 */
public final class Tracing {
    static final int O_SYSGOOD = 1;
    static final int O_FORK = 2;
    static final int O_VFORK = 4;
    static final int O_CLONE = 8;
    static final int O_EXEC = 0x10;
    static final int O_VFORK_DONE = 0x20;
    static final int O_EXIT = 0x40;
    static final int O_EXITKILL = 0x100000;

    /** All options that Linux knows but PTRACE_O_SUSPEND_SECCOMP. */
    static final int O_ALL = 0xFF | O_EXITKILL;

    private static final int EVENT_FORK = 1;
    private static final int EVENT_VFORK = 2;
    private static final int EVENT_CLONE = 3;
    private static final int EVENT_EXEC = 4;
    private static final int EVENT_VFORK_DONE = 5;
    private static final int EVENT_EXIT = 6;
    private static final int EVENT_STOP = 128;

    private static final long TRAP_FLAG = 0x100;
    private static final int TRAP_BRKPT = 1;

    private final Kernel kernel;

    public Tracing(Kernel kernel) {
        this.kernel = kernel;
    }

    // ---- the relation

    /** PTRACE_TRACEME. */
    long traceMe(Thread self) {
        Process parent = self.process().parent();
        if (self.tracee() != null || parent == null || parent.hasEnded()) {
            return -Errno.EPERM;
        }
        trace(self, parent, false, 0);
        return 0;
    }

    private synchronized Tracee trace(Thread thread, Process tracer, boolean seized, int options) {
        Tracee tracee = new Tracee(thread, tracer, seized, options);
        tracer.tracees().all.add(tracee);
        thread.setTracee(tracee);
        return tracee;
    }

    /** PTRACE_ATTACH, PTRACE_SEIZE. */
    long attach(Thread self, int tid, boolean seize, int options) {
        Thread target = kernel.table().thread(tid);
        if (target == null || target.mustExit()) {
            return -Errno.ESRCH;
        }
        Process process = target.process();
        boolean foreign =
                process.uid() != self.process().uid() && self.process().uid() != 0;
        if (process == self.process() || target.tracee() != null || foreign) {
            return -Errno.EPERM;
        }
        Tracee tracee = trace(target, self.process(), seize, options);
        if (!seize) {
            kernel.signals().send(self, target, SigInfo.user(SignalNumber.SIGSTOP, SigInfo.SI_USER, 0, 0));
        }
        if (process.isStopped()) {
            // Its stop becomes one that the tracer knows; Linux' part of it ends.
            tracee.groupStop = SignalNumber.SIGSTOP;
            self.continueServant(process);
        }
        kernel.signals().wake(self, target);
        return 0;
    }

    /** Ends the relation; a stopped thread goes on with {@code signal}. */
    void detach(KernelThread self, Tracee tracee, int signal) {
        synchronized (this) {
            tracee.tracer.tracees().all.remove(tracee);
            tracee.thread.setTracee(null);
            tracee.injected = signal;
            tracee.listening = false;
            tracee.stop = null;
        }
        kernel.signals().wake(self, tracee.thread);
    }

    /** All threads that an ending process traces go on alone, or end with it. */
    public void tracerEnds(KernelThread self, Process tracer) {
        for (Tracee tracee : tracer.tracees().all) {
            if (tracee.has(O_EXITKILL)) {
                kernel.signals().send(self, tracee.thread.process(), SigInfo.kernel(SignalNumber.SIGKILL));
            }
            detach(self, tracee, 0);
        }
    }

    /** A stopped thread goes on. */
    void resume(KernelThread self, Tracee tracee, Tracee.Resume how, int signal) {
        synchronized (this) {
            tracee.resume = how;
            tracee.injected = signal;
            tracee.stop = null;
        }
        kernel.signals().wake(self, tracee.thread);
    }

    /** PTRACE_INTERRUPT. */
    void interrupt(KernelThread self, Tracee tracee) {
        tracee.trap = SignalNumber.SIGTRAP;
        tracee.endListening();
        kernel.signals().wake(self, tracee.thread);
    }

    // ---- stops, on the traced thread itself

    /** Sleeps until the tracer, or a SIGKILL, lets it go on; returns the signal that it is to get. */
    private int stop(Thread self, TraceStop stop) {
        Tracee tracee = self.tracee();
        boolean ending = stop.kind == TraceStop.Kind.EXIT;
        if (tracee == null
                || self.process().noHost()
                || !ending && kernel.signals().isKilled(self)) {
            return stop.kind == TraceStop.Kind.SIGNAL ? stop.code : 0;
        }
        hideTrapFlag(self, tracee);
        stop.save(self);
        synchronized (this) {
            if (self.tracee() != tracee) {
                return 0;
            }
            tracee.injected = 0;
            tracee.stop = stop;
        }
        tellTracer(self, self, tracee.tracer, SigInfo.CLD_TRAPPED, stop.code & 0x7F);
        kernel.scheduler()
                .sleep(
                        self,
                        KernelThread.TRACED,
                        () -> tracee.stop != stop || !ending && kernel.signals().isKilled(self));
        synchronized (this) {
            tracee.stop = null;
            tracee.listening = false;
        }
        stop.load(self);
        return tracee.injected;
    }

    /** SIGCHLD about {@code subject}, by the thread {@code self}, and whoever waits in the tracer looks again. */
    private void tellTracer(Thread subject, Thread self, Process tracer, int code, int status) {
        tracer.tracees().addNews();
        boolean unwanted = code == SigInfo.CLD_TRAPPED
                && tracer.signals().action(SignalNumber.SIGCHLD).has(SignalAction.SA_NOCLDSTOP);
        if (!unwanted) {
            int uid = subject.process().uid();
            kernel.signals()
                    .send(self, tracer, SigInfo.child(SignalNumber.SIGCHLD, code, subject.tid(), uid, status, 0, 0));
        }
        tracer.threads().forEach(thread -> kernel.signals().wake(self, thread));
    }

    private SigInfo trapInfo(Thread self, int code) {
        return SigInfo.user(
                SignalNumber.SIGTRAP, code, self.tid(), self.process().uid());
    }

    private int stopForEvent(Thread self, TraceStop.Kind kind, int event, long message) {
        int code = event << 8 | SignalNumber.SIGTRAP;
        return stop(self, new TraceStop(kind, code, trapInfo(self, code), message));
    }

    /** A signal is about to be delivered. Returns what is to be delivered instead, or null. */
    public SigInfo beforeDelivery(Thread self, SigInfo info) {
        Tracee tracee = self.tracee();
        if (tracee == null || info.signal() == SignalNumber.SIGKILL) {
            return info;
        }
        TraceStop stop = new TraceStop(TraceStop.Kind.SIGNAL, info.signal(), info, 0);
        int signal = stop(self, stop);
        if (signal == 0) {
            return null;
        }
        SigInfo next = signal == stop.info.signal()
                ? stop.info
                : SigInfo.user(signal, SigInfo.SI_USER, tracee.tracer.pid(), tracee.tracer.uid());
        if (signal != info.signal() && (self.signals().blocked() & SignalNumber.mask(signal)) != 0) {
            kernel.signals().send(self, self, next);
            return null;
        }
        return next;
    }

    /** Stops that are due whatever signals are pending: PTRACE_INTERRUPT, a stop of the process. */
    public void stopIfDue(Thread self) {
        Tracee tracee = self.tracee();
        while (tracee != null && tracee.mustStop() && !kernel.signals().isKilled(self)) {
            int signal = tracee.groupStop;
            if (signal != 0) {
                tracee.groupStop = 0;
                stopWithProcess(self, tracee, signal);
            } else {
                tracee.trap = 0;
                stopForEvent(self, TraceStop.Kind.EVENT, EVENT_STOP, 0);
            }
            tracee = self.tracee();
        }
    }

    private void stopWithProcess(Thread self, Tracee tracee, int signal) {
        int code = tracee.seized ? EVENT_STOP << 8 | signal : signal;
        stop(self, new TraceStop(TraceStop.Kind.GROUP, code, tracee.seized ? trapInfo(self, code) : null, 0));
    }

    /** A stop signal's default action: true if a thread of the process is traced, so that no servant stops. */
    public boolean stopProcess(Thread self, int signal) {
        Process process = self.process();
        if (process.threads().stream().noneMatch(thread -> thread.tracee() != null)) {
            return false;
        }
        process.setStopped(true);
        for (Thread thread : process.threads()) {
            Tracee tracee = thread.tracee();
            if (tracee != null) {
                tracee.groupStop = signal;
            }
            if (thread != self) {
                kernel.signals().wake(self, thread);
            }
        }
        return true;
    }

    // ---- system calls

    /** Before a system call of a traced thread; the tracer may change it. False: it must not be executed. */
    public boolean enterCall(Thread self, PtRegs regs) {
        Tracee tracee = self.tracee();
        hideTrapFlag(self, tracee);
        if (tracee.resume != Tracee.Resume.SYSCALL) {
            return true;
        }
        regs.setRax(-Errno.ENOSYS);
        stopAtCall(self, tracee, TraceStop.Kind.SYSCALL_ENTRY, 1);
        return regs.origRax() >= 0 && !kernel.signals().isKilled(self);
    }

    /** After a system call. */
    public void leaveCall(Thread self, PtRegs regs) {
        Tracee tracee = self.tracee();
        if (tracee == null) {
            return;
        }
        if (tracee.resume == Tracee.Resume.SYSCALL) {
            stopAtCall(self, tracee, TraceStop.Kind.SYSCALL_EXIT, 2);
        } else if (tracee.resume == Tracee.Resume.STEP) {
            kernel.signals().force(self, SigInfo.fault(SignalNumber.SIGTRAP, TRAP_BRKPT, regs.rip()));
        }
    }

    private void stopAtCall(Thread self, Tracee tracee, TraceStop.Kind kind, long message) {
        int code = SignalNumber.SIGTRAP | (tracee.has(O_SYSGOOD) ? 0x80 : 0);
        int signal = stop(self, new TraceStop(kind, code, trapInfo(self, code), message));
        if (signal != 0) {
            kernel.signals().send(self, self, SigInfo.user(signal, SigInfo.SI_USER, tracee.tracer.pid(), 0));
        }
    }

    // ---- single steps

    private static void hideTrapFlag(Thread self, Tracee tracee) {
        if (tracee.forcedTrapFlag) {
            tracee.forcedTrapFlag = false;
            PtRegs regs = self.trapFrame();
            regs.setRflags(regs.rflags() & ~TRAP_FLAG);
        }
    }

    /** Last thing before user mode. */
    public void beforeUser(Thread self, PtRegs regs) {
        Tracee tracee = self.tracee();
        if (tracee == null || tracee.resume != Tracee.Resume.STEP) {
            if (tracee != null) {
                hideTrapFlag(self, tracee);
            }
            return;
        }
        if ((regs.rflags() & TRAP_FLAG) == 0) {
            tracee.forcedTrapFlag = true;
            regs.setRflags(regs.rflags() | TRAP_FLAG);
        }
    }

    /** A handler was entered: for a tracer that steps that is a step. */
    public void handlerEntered(Thread self) {
        Tracee tracee = self.tracee();
        if (tracee != null && tracee.resume == Tracee.Resume.STEP) {
            stop(
                    self,
                    new TraceStop(TraceStop.Kind.EVENT, SignalNumber.SIGTRAP, trapInfo(self, SignalNumber.SIGTRAP), 0));
        }
    }

    // ---- processes and threads come and go

    /** The event that a clone is for the tracer; 0: none. */
    public int cloneEvent(Thread self, boolean vfork, boolean child, boolean untraced) {
        Tracee tracee = self.tracee();
        if (tracee == null || untraced) {
            return 0;
        }
        if (vfork) {
            return tracee.has(O_VFORK) ? EVENT_VFORK : 0;
        }
        if (child) {
            return tracee.has(O_FORK) ? EVENT_FORK : 0;
        }
        return tracee.has(O_CLONE) ? EVENT_CLONE : 0;
    }

    /** Before the new thread runs: it is traced as its maker is. */
    public void inherit(Thread self, Thread child, int event) {
        Tracee tracee = self.tracee();
        if (event == 0 || tracee == null) {
            return;
        }
        Tracee own = trace(child, tracee.tracer, tracee.seized, tracee.options);
        if (tracee.seized) {
            own.trap = SignalNumber.SIGTRAP;
        } else {
            kernel.signals().send(self, child, SigInfo.user(SignalNumber.SIGSTOP, SigInfo.SI_USER, 0, 0));
        }
    }

    /** After the new thread was started. */
    public void cloned(Thread self, int event, long tid) {
        if (event != 0) {
            stopForEvent(self, TraceStop.Kind.EVENT, event, tid);
        }
    }

    /** The child of a vfork has given the memory back. */
    public void vforkDone(Thread self, long pid) {
        Tracee tracee = self.tracee();
        if (tracee != null && tracee.has(O_VFORK_DONE)) {
            stopForEvent(self, TraceStop.Kind.EVENT, EVENT_VFORK_DONE, pid);
        }
    }

    /** A thread that executes a program takes the place of the main thread, which has ended: of that nobody is told. */
    public void replacesLeader(Thread self) {
        Process process = self.process();
        Tracee main = process.mainTracee();
        if (main != null) {
            ended(self, main, 0, false);
            process.setMainTracee(null);
        }
    }

    public void executed(Thread self, int formerTid) {
        Tracee tracee = self.tracee();
        if (tracee == null) {
            return;
        }
        if (tracee.has(O_EXEC)) {
            stopForEvent(self, TraceStop.Kind.EVENT, EVENT_EXEC, formerTid);
        } else if (!tracee.seized) {
            kernel.signals()
                    .send(
                            self,
                            self,
                            SigInfo.user(
                                    SignalNumber.SIGTRAP,
                                    SigInfo.SI_USER,
                                    self.tid(),
                                    self.process().uid()));
        }
    }

    /** The thread begins to end with this wait status. */
    public void exiting(Thread self, int waitStatus) {
        Tracee tracee = self.tracee();
        if (tracee != null && tracee.has(O_EXIT)) {
            stopForEvent(self, TraceStop.Kind.EXIT, EVENT_EXIT, waitStatus);
        }
    }

    /** A thread has ended. The main thread counts as ended when its process is, see {@link #processEnded}. */
    public void threadEnded(Thread self, int waitStatus) {
        Tracee tracee = self.tracee();
        if (tracee != null) {
            if (self.tid() == self.process().pid()) {
                self.process().setMainTracee(tracee);
            } else {
                ended(self, tracee, waitStatus, true);
            }
        }
    }

    /** The last thread of a process has ended. A tracer that is the parent waits for the process by Linux' wait. */
    public void processEnded(Thread self, int waitStatus) {
        threadEnded(self, waitStatus);
        Process process = self.process();
        Tracee main = process.mainTracee();
        if (main != null) {
            ended(self, main, waitStatus, main.tracer != process.parent());
        }
    }

    private void ended(Thread self, Tracee tracee, int waitStatus, boolean report) {
        Process process = self.process();
        synchronized (this) {
            Tracees tracees = tracee.tracer.tracees();
            if (tracee.thread.tracee() != tracee || !tracees.all.contains(tracee)) {
                return;
            }
            if (report) {
                // Before it is no tracee any more: a wait in between would find nobody to wait for.
                tracees.ended.add(new Tracees.Ended(tracee.thread.tid(), process, waitStatus));
            }
            tracees.all.remove(tracee);
            tracee.thread.setTracee(null);
        }
        if (report) {
            boolean exited = (waitStatus & 0x7F) == 0;
            tellTracer(
                    tracee.thread,
                    self,
                    tracee.tracer,
                    exited ? SigInfo.CLD_EXITED : SigInfo.CLD_KILLED,
                    exited ? waitStatus >> 8 & 0xFF : waitStatus & 0x7F);
        }
    }
}
