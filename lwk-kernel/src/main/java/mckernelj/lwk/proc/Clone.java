// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.proc;

import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.emulator.hw.Msr;
import mckernelj.ihk.CloneFlags;
import mckernelj.ihk.Errno;
import mckernelj.ihk.ikc.InKernelRequest;
import mckernelj.ihk.layout.ProgramLoadDescriptor;
import mckernelj.lwk.cpu.CpuLocal;
import mckernelj.lwk.cpu.PtRegs;
import mckernelj.lwk.mm.NumaPolicy;
import mckernelj.lwk.mm.ProcessVm;
import mckernelj.lwk.sched.KernelThread;
import mckernelj.lwk.sched.OutOfKernelMemory;
import mckernelj.lwk.signal.SignalNumber;

/** New processes and threads: from mcexec, by clone(2), fork(2) and vfork(2). */
public final class Clone {
    /** What a clone is asked for. */
    public record Request(
            long flags, long stack, long parentTidPointer, long childTidPointer, long tls, int exitSignal) {
        boolean has(long flag) {
            return (flags & flag) != 0;
        }
    }

    private final Kernel kernel;

    Clone(Kernel kernel) {
        this.kernel = kernel;
    }

    /** The process of a program that mcexec starts. Its main thread waits for SCHEDULE_PROCESS. */
    Thread newProcess(KernelThread self, ProgramLoadDescriptor descriptor, ProcessVm vm, ProgramLoader loader) {
        CpuMask all = CpuMask.all(kernel.base().cpuCount());
        CpuMask wanted = CpuMask.of(descriptor.cpuSet);
        CpuMask allowed = wanted.isEmpty() ? all : wanted.and(all);
        Process process = new Process(
                kernel,
                descriptor.pid,
                null,
                vm,
                new Rlimits(descriptor.rlimits),
                allowed,
                self.cpu().hw().cycles());
        process.setProgram(loader.path());
        process.setIds(descriptor.credentials[1], descriptor.credentials[5]);
        process.setHugePagesDisabled(descriptor.thpDisable);
        process.setTracesCalls(descriptor.traceCalls);
        process.armCpuLimit(self.cpu());
        process.signals().ignore(descriptor.ignoredSignals);
        Thread main = new Thread(process, descriptor.pid);
        main.signals().setInitialMask(descriptor.blockedSignals);
        if (descriptor.mpolBindMask != 0) {
            main.setNumaPolicy(new NumaPolicy(NumaPolicy.MPOL_PREFERRED_MANY, descriptor.mpolBindMask, 0));
        }
        main.setFirstRun(() -> loader.finish(main));
        process.addThread(main);
        kernel.table().add(main);
        kernel.table().add(process);
        return main;
    }

    /** clone(2): the child's tid or a negative errno. */
    public long clone(Thread self, Request request) {
        long invalid = check(request);
        if (invalid != 0) {
            return invalid;
        }
        try {
            return request.has(CloneFlags.CLONE_THREAD) ? cloneThread(self, request) : fork(self, request);
        } catch (OutOfKernelMemory e) {
            return -Errno.ENOMEM;
        }
    }

    private static long check(Request request) {
        boolean sighandWithoutVm = request.has(CloneFlags.CLONE_SIGHAND) && !request.has(CloneFlags.CLONE_VM);
        boolean threadWithoutSighand = request.has(CloneFlags.CLONE_THREAD) && !request.has(CloneFlags.CLONE_SIGHAND);
        boolean fsAndNamespace = request.has(CloneFlags.CLONE_FS) && request.has(CloneFlags.CLONE_NEWNS);
        boolean clearAndShare = request.has(CloneFlags.CLONE_CLEAR_SIGHAND) && request.has(CloneFlags.CLONE_SIGHAND);
        return sighandWithoutVm || threadWithoutSighand || fsAndNamespace || clearAndShare ? -Errno.EINVAL : 0;
    }

    // ---- threads

    private long cloneThread(Thread self, Request request) {
        Process process = self.process();
        CpuLocal target = kernel.placement().choose(self.affinity());
        if (target == null || self.mustExit()) {
            return -Errno.EAGAIN;
        }
        long tid = self.delegate(InKernelRequest.CLONE, InKernelRequest.CLONE_THREAD);
        self.servantMaskEmptied();
        if (tid < 0) {
            return tid;
        }
        Thread child = new Thread(process, (int) tid);
        inherit(self, child, request);
        if (request.has(CloneFlags.CLONE_PARENT_SETTID)) {
            self.user().writeInt(request.parentTidPointer(), (int) tid);
        }
        process.addThread(child);
        kernel.table().add(child);
        int event = kernel.tracing().cloneEvent(self, false, false, request.has(CloneFlags.CLONE_UNTRACED));
        kernel.tracing().inherit(self, child, event);
        kernel.scheduler().addThread(self.cpu(), child, target);
        kernel.tracing().cloned(self, event, tid);
        return tid;
    }

    /** Registers, TLS, floating-point state, mask: the child returns 0 from the same call. */
    private void inherit(Thread self, Thread child, Request request) {
        LogicalCpu hw = self.cpu().hw();
        PtRegs regs = child.trapFrame();
        regs.copyFrom(self.trapFrame());
        regs.setRax(0);
        regs.setOrigRax(-1);
        if (request.stack() != 0) {
            regs.setRsp(request.stack());
        }
        child.setSavedFsBase(request.has(CloneFlags.CLONE_SETTLS) ? request.tls() : hw.msr(Msr.IA32_FS_BASE));
        child.setSavedGsBase(hw.msr(Msr.IA32_KERNEL_GS_BASE));
        hw.saveExtendedState(child.extendedStatePhysical());
        boolean shares = request.has(CloneFlags.CLONE_VM) && !request.has(CloneFlags.CLONE_VFORK);
        child.signals().inherit(self.signals(), !shares);
        child.setAffinity(self.affinity());
        child.inheritScheduling(self);
        child.setSeccomp(self.seccomp());
        if (!request.has(CloneFlags.CLONE_VM)) {
            child.setSequences(self.sequences());
        }
        child.setNumaPolicy(self.numaPolicy());
        if (request.has(CloneFlags.CLONE_CHILD_CLEARTID)) {
            child.setClearChildTid(request.childTidPointer());
        }
        if (request.has(CloneFlags.CLONE_CHILD_SETTID)) {
            child.setFirstRun(() -> child.user().writeInt(request.childTidPointer(), child.tid()));
        }
    }

    // ---- processes

    private long fork(Thread self, Request request) {
        Process parent = self.process();
        CpuLocal target = kernel.placement().choose(self.affinity());
        if (target == null || self.mustExit()) {
            return -Errno.EAGAIN;
        }
        ProcessVm vm = request.has(CloneFlags.CLONE_VM)
                ? parent.vm().acquire()
                : parent.vm().fork(self, kernel.kernelRoot());
        if (vm == null) {
            return -Errno.ENOMEM;
        }
        long pid = self.delegate(
                InKernelRequest.CLONE, InKernelRequest.CLONE_FORK, servantFlags(request), vm.root(), target.id());
        self.servantMaskEmptied();
        if (pid < 0) {
            vm.release(self);
            return pid;
        }
        Process child = newChild(self, request, (int) pid, vm);
        Thread main = new Thread(child, (int) pid);
        inherit(self, main, request);
        if (request.has(CloneFlags.CLONE_PARENT_SETTID)) {
            self.user().writeInt(request.parentTidPointer(), (int) pid);
        }
        child.addThread(main);
        kernel.table().add(main);
        kernel.table().add(child);
        boolean vfork = request.has(CloneFlags.CLONE_VFORK);
        boolean plain = request.exitSignal() == SignalNumber.SIGCHLD;
        int event = kernel.tracing().cloneEvent(self, vfork, plain, request.has(CloneFlags.CLONE_UNTRACED));
        kernel.tracing().inherit(self, main, event);
        kernel.scheduler().addThread(self.cpu(), main, target);
        kernel.tracing().cloned(self, event, pid);
        if (vfork) {
            waitForVfork(self, child);
            kernel.tracing().vforkDone(self, pid);
        }
        return pid;
    }

    /**
     * Linux' children with another exit signal than SIGCHLD are found by __WCLONE only; which one does not matter there: the LWK sends it.
     */
    private static long servantFlags(Request request) {
        return request.flags() | (request.exitSignal() == SignalNumber.SIGCHLD ? SignalNumber.SIGCHLD : 0);
    }

    private Process newChild(Thread self, Request request, int pid, ProcessVm vm) {
        Process parent = self.process();
        Process receiver = request.has(CloneFlags.CLONE_PARENT) ? parent.parent() : parent;
        Process child = new Process(
                kernel,
                pid,
                receiver,
                vm,
                parent.rlimits().copy(),
                parent.cpuMask(),
                self.cpu().hw().cycles());
        child.setProgram(parent.executable());
        child.setIds(parent.uid(), parent.gid());
        child.setExitSignal(request.has(CloneFlags.CLONE_PARENT) ? parent.exitSignal() : request.exitSignal());
        child.setHugePagesDisabled(parent.hugePagesDisabled());
        child.setTracesCalls(parent.tracesCalls());
        child.registerBarriers(parent.registeredBarriers());
        child.armCpuLimit(self.cpu());
        parent.giveFilesTo(child, request.has(CloneFlags.CLONE_FILES));
        parent.signals().giveActionsTo(child.signals(), request.has(CloneFlags.CLONE_SIGHAND));
        if (request.has(CloneFlags.CLONE_CLEAR_SIGHAND)) {
            child.signals().resetHandlers();
        }
        return child;
    }

    /**
     * The parent of a vfork sleeps until the child has given its memory back (execve, exit); only a deadly signal ends
     * that.
     */
    private void waitForVfork(Thread self, Process child) {
        child.setVforkParent(self);
        kernel.scheduler()
                .sleep(
                        self,
                        KernelThread.UNINTERRUPTIBLE,
                        () -> child.hasExecuted() || child.vm() == null || self.mustExit());
    }

    /** The child of a vfork lets its parent go on. */
    void releaseVfork(KernelThread self, Process child) {
        Thread waiting = child.vforkParent();
        if (waiting != null) {
            kernel.signals().wake(self, waiting);
        }
    }
}
