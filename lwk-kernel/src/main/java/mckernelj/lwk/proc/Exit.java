// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.proc;

import mckernelj.ihk.ikc.IkcMessage;
import mckernelj.ihk.ikc.IkcPacket;
import mckernelj.ihk.ikc.InKernelRequest;
import mckernelj.lwk.cpu.PtRegs;
import mckernelj.lwk.mm.ProcessVm;
import mckernelj.lwk.ptrace.CoreDump;
import mckernelj.lwk.sched.KernelThread;
import mckernelj.lwk.signal.SigInfo;
import mckernelj.lwk.signal.SignalNumber;

/**
 * The end of threads and processes. The last thread frees the address space, then lets the servant end with the same
 * status.
 */
public final class Exit {
    private static final int CORE_DUMPED = 0x80;

    private final Kernel kernel;
    private final CoreDump dump;

    Exit(Kernel kernel) {
        this.kernel = kernel;
        this.dump = new CoreDump(kernel);
    }

    /** exit_group: the status is decided, all threads end on their way to user mode, the caller among them. */
    public void endProcess(KernelThread self, Process process, int waitStatus) {
        if (process.beginEnd(waitStatus)) {
            for (Thread thread : process.threads()) {
                kernel.signals().wake(self, thread);
            }
        }
    }

    /** The process is killed while its servant is stopped and cannot end by itself. */
    void endStopped(Thread self) {
        endProcess(self, self.process(), SignalNumber.SIGKILL);
        self.delegate(InKernelRequest.EXIT_GROUP, self.process().endStatus());
    }

    /** A signal's default action. */
    public void terminateBySignal(Thread self, PtRegs regs, SigInfo info) {
        int signal = info.signal();
        boolean dumped = SignalNumber.dumpsCore(signal) && dump.write(self, info);
        if (SignalNumber.dumpsCore(signal) && !dumped) {
            kernel.log().kprintf(self.cpu(), "do_signal: INFO: coredump not performed, try ulimit -c <non-zero>");
        }
        kernel.log().kprintf(self.cpu(), "%d: terminated by signal %d, rip 0x%x", self.tid(), signal, regs.rip());
        endProcess(self, self.process(), dumped ? signal | CORE_DUMPED : signal);
    }

    /** A thread on its way to user mode while another one dumps the process. */
    public void standStillForDump(Thread self) {
        if (self.process().dumpedThreads() != null) {
            dump.standStill(self);
        }
    }

    /**
     * Ends the calling thread; if it is the last one, the process with {@code code}, unless its end was decided. Does
     * not return.
     */
    public void endThread(Thread self, int code) {
        Process process = self.process();
        int status = process.statusOf((code & 0xFF) << 8);
        kernel.tracing().exiting(self, status);
        releaseUserState(self);
        boolean last = process.beginThreadEnd(self);
        self.detach();
        if (!last) {
            self.delegate(InKernelRequest.EXIT);
            kernel.table().remove(self);
            kernel.tracing().threadEnded(self, status);
            process.threadDetached();
            wakeWaitersForThreads(self, process);
        } else {
            kernel.scheduler().sleep(self, KernelThread.UNINTERRUPTIBLE, () -> process.attachedThreads() == 1);
            process.beginEnd((code & 0xFF) << 8);
            endProcessObject(self, process);
            kernel.table().remove(self);
        }
        kernel.scheduler().exitCurrent(self);
    }

    /** Ends the calling thread of a process whose end was decided. Does not return. */
    public void endThread(Thread self) {
        endThread(self, 0);
    }

    private void wakeWaitersForThreads(Thread self, Process process) {
        // Who waits for the others (the last thread, execve) looks again.
        for (Thread other : kernel.table().threadsOf(process)) {
            kernel.signals().wake(self, other);
        }
    }

    /** A parent that has got the child's status from Linux waits until the child is gone here, too. */
    private void wakeWaitingParent(Thread self, Process process) {
        Process parent = process.parent();
        if (parent != null) {
            parent.threads().forEach(thread -> kernel.signals().wake(self, thread));
        }
    }

    /** What the program asked to be done when the thread ends or executes another one: robust futexes, the cleared tid. */
    void releaseUserState(Thread self) {
        kernel.futexes().releaseOwned(self);
        long clear = self.clearChildTid();
        if (clear != 0 && self.process().vm() != null) {
            self.user().writeInt(clear, 0);
            kernel.futexes().wake(self, clear, 1);
        }
    }

    private void endProcessObject(Thread self, Process process) {
        process.cancelTimers();
        process.signals().leaveActions();
        ProcessVm vm = process.vm();
        process.setVm(null);
        vm.release(self);
        kernel.cloning().releaseVfork(self, process);
        kernel.tracing().tracerEnds(self, process);
        kernel.tracing().processEnded(self, process.endStatus());
        self.delegate(InKernelRequest.EXIT_GROUP, process.endStatus());
        for (Process other : kernel.table().processes()) {
            if (other.parent() == process) {
                other.setParent(null);
            }
        }
        kernel.endedChildren().record(process, vm.peakResidentPages());
        int status = process.endStatus();
        int signal = status & 0x7F;
        int code = signal == 0 ? SigInfo.CLD_EXITED : (status & 0x80) != 0 ? SigInfo.CLD_DUMPED : SigInfo.CLD_KILLED;
        process.notifyParent(self, code, signal == 0 ? status >> 8 & 0xFF : signal);
        IkcPacket request = process.setGone();
        kernel.table().remove(process);
        wakeWaitingParent(self, process);
        if (request != null) {
            kernel.base().ikc().reply(self.cpu(), request, IkcMessage.CLEANUP_PROCESS_RESP, 0);
        }
    }
}
