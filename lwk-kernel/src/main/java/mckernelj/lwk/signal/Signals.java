// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.signal;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import mckernelj.ihk.Errno;
import mckernelj.lwk.proc.Process;
import mckernelj.lwk.proc.Rlimits;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.ptrace.Tracee;
import mckernelj.lwk.sched.KernelThread;
import mckernelj.lwk.sched.Scheduler;

/**
 * Sending signals and changing masks. A signal that somebody ignores is dropped when sent; whoever can take it is
 * woken. Callers pass the thread they run on.
 */
public final class Signals {
    private final Scheduler scheduler;
    private final SignalFileWriter fileWriter;
    private final AtomicLong lastFileHandle = new AtomicLong();

    public Signals(Scheduler scheduler, SignalFileWriter fileWriter) {
        this.scheduler = scheduler;
        this.fileWriter = fileWriter;
    }

    /** To any thread of {@code process} that does not block it. 0, or -EAGAIN if the queue is full. */
    public long send(KernelThread self, Process process, SigInfo info) {
        ProcessSignals signals = process.signals();
        Thread target;
        synchronized (signals) {
            if (!prepare(self, process, info)) {
                return 0;
            }
            if (isDropped(process, null, info.signal())) {
                return 0;
            }
            if (!signals.shared.add(info, limit(process))) {
                return -Errno.EAGAIN;
            }
            // Only now: who begins to wait for it meanwhile either finds it or is found.
            target = choose(process, info.signal());
        }
        showInFiles(self, process);
        if (target != null) {
            wake(self, target);
        }
        return 0;
    }

    /** Whether this very signal is still pending. {@code thread} null: for the process. */
    boolean waits(Process process, Thread thread, SigInfo info) {
        synchronized (process.signals()) {
            return (thread == null ? process.signals().shared : thread.signals().pending).has(info);
        }
    }

    /** To exactly this thread. */
    public long send(KernelThread self, Thread target, SigInfo info) {
        Process process = target.process();
        synchronized (process.signals()) {
            if (!prepare(self, process, info) || isDropped(process, target, info.signal())) {
                return 0;
            }
            if (!target.signals().pending.add(info, limit(process))) {
                return -Errno.EAGAIN;
            }
        }
        showInFiles(self, process);
        wake(self, target);
        return 0;
    }

    /**
     * A signal for an instruction of {@code self}'s program: it cannot be blocked or ignored (Linux: force_sig_info).
     * If it was, the default action follows.
     */
    public void force(Thread self, SigInfo info) {
        ProcessSignals signals = self.process().signals();
        int signal = info.signal();
        synchronized (signals) {
            boolean blocked = (self.signals().blocked & SignalNumber.mask(signal)) != 0;
            if (blocked || signals.action(signal).handler() == SignalAction.SIG_IGN) {
                signals.setAction(signal, SignalAction.DEFAULT);
                self.signals().blocked &= ~SignalNumber.mask(signal);
            }
            self.signals().pending.add(info, -1);
        }
    }

    private static long limit(Process process) {
        return process.rlimits().soft(Rlimits.RLIMIT_SIGPENDING);
    }

    /** SIGCONT and stop signals cancel each other even when blocked or ignored. False: nobody is left to get it. */
    private boolean prepare(KernelThread self, Process process, SigInfo info) {
        int signal = info.signal();
        if (process.hasEnded()) {
            return false;
        }
        if (signal == SignalNumber.SIGCONT || signal == SignalNumber.SIGKILL) {
            discardEverywhere(process, SignalNumber.ALL_STOP);
            if (process.isStopped() && signal == SignalNumber.SIGCONT) {
                process.threads().stream()
                        .map(Thread::tracee)
                        .filter(Objects::nonNull)
                        .forEach(tracee -> tracee.processContinued(SignalNumber.SIGTRAP));
            }
            process.setStopped(false);
            process.threads().forEach(thread -> wake(self, thread));
        } else if (SignalNumber.stopsByDefault(signal)) {
            discardEverywhere(process, SignalNumber.mask(SignalNumber.SIGCONT));
        }
        return true;
    }

    private static void discardEverywhere(Process process, long signals) {
        process.signals().shared.discard(signals);
        process.threads().forEach(thread -> thread.signals().pending.discard(signals));
    }

    private static boolean isDropped(Process process, Thread target, int signal) {
        boolean traced = process.threads().stream().anyMatch(thread -> thread.tracee() != null);
        if (traced || !process.signals().action(signal).ignores(signal)) {
            return false;
        }
        // A blocked signal stays pending: its disposition may change before it is unblocked, or sigwait may take it.
        long mask = SignalNumber.mask(signal);
        if (target != null) {
            return ((target.signals().blocked | target.awaitedSignals()) & mask) == 0;
        }
        return process.threads().stream().allMatch(t -> ((t.signals().blocked | t.awaitedSignals()) & mask) == 0);
    }

    /** The thread that shall take a process' signal: the first, usually the main thread, that does not block it. */
    private static Thread choose(Process process, int signal) {
        for (Thread thread : process.threads()) {
            if (takes(thread, signal)) {
                return thread;
            }
        }
        return null;
    }

    private static boolean takes(Thread thread, int signal) {
        return ((thread.awaitedSignals() | ~thread.signals().blocked) & SignalNumber.mask(signal)) != 0;
    }

    /** Makes {@code target} notice: wherever it sleeps interruptibly, or on its next way back to user mode. */
    public void wake(KernelThread self, KernelThread target) {
        if (target.cpu() != null && target.state() != KernelThread.EXITED) {
            scheduler.wake(self.cpu(), target);
        }
    }

    // ---- asking

    /** True if a signal (or the process' end) waits that this thread does not block: interruptible sleeps end. */
    public boolean isPending(Thread thread) {
        Tracee tracee = thread.tracee();
        return thread.mustExit()
                || deliverable(thread) != 0
                || thread.process().dumpedThreads() != null
                || tracee != null && tracee.mustStop();
    }

    /** True if the thread has to end, or will as soon as it takes its signals. */
    public boolean isKilled(Thread thread) {
        return thread.mustExit() || (deliverable(thread) & SignalNumber.mask(SignalNumber.SIGKILL)) != 0;
    }

    /** The set of signals that would be delivered now. */
    public long deliverable(Thread thread) {
        ProcessSignals signals = thread.process().signals();
        synchronized (signals) {
            return (thread.signals().pending.bits() | signals.shared.bits()) & ~thread.signals().blocked;
        }
    }

    /** The blocked signals that are pending (sigpending). */
    public long pendingBlocked(Thread thread) {
        ProcessSignals signals = thread.process().signals();
        synchronized (signals) {
            return (thread.signals().pending.bits() | signals.shared.bits()) & thread.signals().blocked;
        }
    }

    /**
     * The signals of a thread for /proc/PID/status.
     *
     * @param queued how many are queued for it and for its process
     */
    public record Sets(long pending, long shared, long blocked, long ignored, long caught, int queued) {}

    public Sets sets(Thread thread) {
        ProcessSignals signals = thread.process().signals();
        synchronized (signals) {
            PendingSignals own = thread.signals().pending;
            long ignored = 0;
            long caught = 0;
            for (int signal = 1; signal <= SignalNumber.LAST; signal++) {
                long handler = signals.action(signal).handler();
                ignored |= handler == SignalAction.SIG_IGN ? SignalNumber.mask(signal) : 0;
                caught |= handler != SignalAction.SIG_IGN && handler != 0 ? SignalNumber.mask(signal) : 0;
            }
            return new Sets(
                    own.bits(),
                    signals.shared.bits(),
                    thread.signals().blocked,
                    ignored,
                    caught,
                    own.count() + signals.shared.count());
        }
    }

    /** Takes one pending signal of the wanted set; null: none. */
    public SigInfo take(Thread thread, long wanted) {
        SigInfo taken;
        synchronized (thread.process().signals()) {
            taken = takeLocked(thread, wanted);
        }
        if (taken != null) {
            showInFiles(thread, thread.process());
        }
        return taken;
    }

    private static SigInfo takeLocked(Thread thread, long wanted) {
        SigInfo own = thread.signals().pending.take(wanted);
        return own != null ? own : thread.process().signals().shared.take(wanted);
    }

    SigInfo takeDeliverable(Thread thread) {
        SigInfo taken;
        synchronized (thread.process().signals()) {
            taken = takeLocked(thread, ~thread.signals().blocked);
        }
        if (taken != null) {
            showInFiles(thread, thread.process());
        }
        return taken;
    }

    // ---- signalfd

    /** For a new signalfd. */
    public long newFileHandle() {
        return lastFileHandle.incrementAndGet();
    }

    /** From now on these signals can be read from this signalfd. */
    public void setFile(Thread self, long handle, long signals) {
        synchronized (self.process().signals()) {
            self.process().signals().files.set(handle, signals);
        }
        showInFiles(self, self.process());
    }

    /** True if the process may have signalfds. */
    public boolean hasFiles(Process process) {
        return process.signals().files.exist();
    }

    /** The signals that can be read there. */
    public long fileSignals(Process process, long handle) {
        synchronized (process.signals()) {
            return process.signals().files.signals(handle);
        }
    }

    /** What is pending has changed: so may have what is readable. A signal of one thread is shown to all. */
    private void showInFiles(KernelThread self, Process process) {
        ProcessSignals signals = process.signals();
        if (!signals.files.exist()) {
            return;
        }
        List<SignalFiles.Change> changes;
        synchronized (signals) {
            long pending = signals.shared.bits();
            for (Thread thread : process.threads()) {
                pending |= thread.signals().pending.bits();
            }
            changes = signals.files.update(pending);
        }
        for (SignalFiles.Change change : changes) {
            fileWriter.show(self, process.pid(), change.handle(), change.readable(), change.number());
        }
    }

    /** Nobody has the signalfd any more. */
    public void removeFile(Process process, long handle) {
        synchronized (process.signals()) {
            process.signals().files.remove(handle);
        }
    }

    // ---- masks and dispositions

    /** Sets the mask of the calling thread; other threads may now have to take what it blocks. */
    public void setMask(Thread self, long mask) {
        Process process = self.process();
        Thread other = null;
        synchronized (process.signals()) {
            self.signals().blocked = mask & ~SignalNumber.UNBLOCKABLE;
            long orphaned = process.signals().shared.bits() & self.signals().blocked;
            if (orphaned != 0) {
                other = choose(process, Long.numberOfTrailingZeros(orphaned) + 1);
            }
        }
        if (other != null && other != self) {
            wake(self, other);
        }
    }

    /**
     * A mask for the time of one call (sigsuspend, ppoll): put back after a handler was entered, or by {@link
     * #restoreMask}.
     */
    public void setTemporaryMask(Thread self, long mask) {
        synchronized (self.process().signals()) {
            self.signals().savedMask = self.signals().blocked;
            self.signals().restoreMask = true;
        }
        setMask(self, mask);
    }

    /** Undoes {@link #setTemporaryMask} if no handler did. */
    public void restoreMask(Thread self) {
        if (self.signals().restoreMask) {
            self.signals().restoreMask = false;
            setMask(self, self.signals().savedMask);
        }
    }

    /** sigaction: returns true if what the servant must imitate (default, ignored, caught) may have changed. */
    public boolean setAction(Thread self, int signal, SignalAction action) {
        Process process = self.process();
        boolean changed = setActionOf(process, signal, action);
        showInFiles(self, process);
        return changed;
    }

    private static boolean setActionOf(Process process, int signal, SignalAction action) {
        ProcessSignals signals = process.signals();
        synchronized (signals) {
            SignalAction old = signals.action(signal);
            long mask = ~SignalNumber.UNBLOCKABLE;
            signals.setAction(
                    signal,
                    new SignalAction(action.handler(), action.flags(), action.restorer(), action.mask() & mask));
            if (action.ignores(signal)) {
                discardEverywhere(process, SignalNumber.mask(signal));
            }
            return Math.min(old.handler(), 2) != Math.min(action.handler(), 2)
                    || old.flags() != action.flags() && action.handler() != SignalAction.SIG_IGN;
        }
    }
}
