// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.signal;

import mckernelj.ihk.Errno;
import mckernelj.ihk.layout.MonitorArea;
import mckernelj.lwk.cpu.CpuLocal;
import mckernelj.lwk.cpu.PtRegs;
import mckernelj.lwk.proc.Exit;
import mckernelj.lwk.proc.Process;
import mckernelj.lwk.proc.RestartableSequences;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.ptrace.Tracing;
import mckernelj.lwk.sched.KernelThread;
import mckernelj.lwk.sched.Scheduler;

/**
 * On the way back to user mode: takes pending signals one after the other and does what their dispositions say:
 * nothing, a handler's frame, stop, end of the process. Also decides how an interrupted system call goes on.
 */
public final class SignalDelivery {
    /** Length of SYSCALL: how far RIP goes back to execute it again. */
    private static final int SYSCALL_BYTES = 2;

    private static final int LOOK_AGAIN_CYCLES = 50_000;

    private final Signals signals;
    private final SignalFrame frames;
    private final Scheduler scheduler;
    private final Exit exit;
    private final Tracing tracing;

    public SignalDelivery(Signals signals, SignalFrame frames, Scheduler scheduler, Exit exit, Tracing tracing) {
        this.signals = signals;
        this.frames = frames;
        this.scheduler = scheduler;
        this.exit = exit;
        this.tracing = tracing;
    }

    /** May not return: the thread may end here. */
    public void beforeReturnToUser(Thread self, PtRegs regs) {
        while (true) {
            if (self.mustExit()) {
                exit.endThread(self);
            }
            waitWhileStopped(self);
            exit.standStillForDump(self);
            tracing.stopIfDue(self);
            SigInfo info = signals.takeDeliverable(self);
            if (info == null) {
                if (!signals.isPending(self)) {
                    break;
                }
            } else {
                deliver(self, regs, info);
            }
        }
        restartWithoutHandler(regs);
        signals.restoreMask(self);
    }

    private void deliver(Thread self, PtRegs regs, SigInfo taken) {
        SigInfo info = tracing.beforeDelivery(self, taken);
        if (info == null) {
            return;
        }
        int signal = info.signal();
        SignalAction action = self.process().signals().action(signal);
        if (action.ignores(signal)) {
            return;
        }
        if (action.handler() == SignalAction.SIG_DFL) {
            byDefault(self, regs, info);
        } else {
            restartForHandler(regs, action);
            enterHandler(self, regs, info, action);
            tracing.handlerEntered(self);
        }
    }

    private void byDefault(Thread self, PtRegs regs, SigInfo info) {
        int signal = info.signal();
        if (SignalNumber.stopsByDefault(signal)) {
            stop(self, signal);
        } else {
            exit.terminateBySignal(self, regs, info);
        }
    }

    private void enterHandler(Thread self, PtRegs regs, SigInfo info, SignalAction action) {
        ThreadSignals state = self.signals();
        int signal = info.signal();
        long returnMask = state.restoreMask ? state.savedMask : state.blocked;
        state.restoreMask = false;
        RestartableSequences.beforeHandler(self, regs);
        if (!frames.push(self, regs, info, action, returnMask)) {
            // As Linux: a SIGSEGV that cannot be handled if it was one already.
            if (signal == SignalNumber.SIGSEGV) {
                signals.setAction(self, signal, SignalAction.DEFAULT);
            }
            signals.force(self, SigInfo.kernel(SignalNumber.SIGSEGV));
            return;
        }
        if (action.has(SignalAction.SA_RESETHAND)) {
            signals.setAction(self, signal, new SignalAction(SignalAction.SIG_DFL, action.flags(), 0, action.mask()));
            self.mirrorAction(signal);
        }
        long added = action.mask() | (action.has(SignalAction.SA_NODEFER) ? 0 : SignalNumber.mask(signal));
        signals.setMask(self, state.blocked | added);
    }

    // ---- restart of system calls

    private static void restartForHandler(PtRegs regs, SignalAction action) {
        if (regs.origRax() < 0) {
            return;
        }
        switch ((int) regs.rax()) {
            case -Restart.ERESTARTNOHAND -> regs.setRax(-Errno.EINTR);
            case -Restart.ERESTARTSYS -> {
                if (action.has(SignalAction.SA_RESTART)) {
                    again(regs);
                } else {
                    regs.setRax(-Errno.EINTR);
                }
            }
            case -Restart.ERESTARTNOINTR -> again(regs);
            default -> {}
        }
        regs.setOrigRax(-1);
    }

    private static void restartWithoutHandler(PtRegs regs) {
        if (regs.origRax() >= 0 && Restart.isRestart(regs.rax())) {
            again(regs);
        }
        regs.setOrigRax(-1);
    }

    private static void again(PtRegs regs) {
        regs.setRax(regs.origRax());
        regs.setRip(regs.rip() - SYSCALL_BYTES);
    }

    // ---- stop and continue

    private void stop(Thread self, int signal) {
        Process process = self.process();
        if (tracing.stopProcess(self, signal)) {
            return;
        }
        synchronized (process.signals()) {
            if (process.isStopped() || process.hasEnded()) {
                return;
            }
            process.setStopped(true);
        }
        for (Thread other : process.threads()) {
            if (other != self) {
                signals.wake(self, other);
            }
        }
        awaitOthers(self);
        // The servant stops itself, so that a waiting parent sees it.
        self.delegateStop(signal, () -> process.notifyParent(self, SigInfo.CLD_STOPPED, signal));
        if (process.isStopped() && self.tracee() == null) {
            // Continued by a SIGCONT that the process ignores, or not stopped at all.
            process.setStopped(false);
            process.threads().forEach(other -> signals.wake(self, other));
        }
    }

    /** Nobody is told of the stop as long as a thread on another processor executes the program's instructions. */
    private void awaitOthers(Thread self) {
        Process process = self.process();
        while (process.isStopped()
                && !signals.isKilled(self)
                && process.threads().stream().anyMatch(this::isInUserMode)) {
            scheduler.sleepUntil(
                    self,
                    KernelThread.UNINTERRUPTIBLE,
                    () -> false,
                    self.cpu().hw().cycles() + LOOK_AGAIN_CYCLES);
        }
    }

    private boolean isInUserMode(Thread thread) {
        CpuLocal cpu = thread.cpu();
        return cpu != null && cpu.status() == MonitorArea.USER && scheduler.current(cpu) == thread;
    }

    private void waitWhileStopped(Thread self) {
        Process process = self.process();
        if (process.isStopped() && self.tracee() == null) {
            scheduler.sleep(
                    self,
                    KernelThread.STOPPED,
                    () -> !process.isStopped() || signals.isKilled(self) || self.tracee() != null);
        }
    }
}
