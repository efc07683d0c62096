// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.proc;

import static mckernelj.lwk.mm.VmRange.PROT_READ;
import static mckernelj.lwk.mm.VmRange.PROT_WRITE;

import java.util.concurrent.atomic.AtomicBoolean;
import mckernelj.ihk.Errno;
import mckernelj.ihk.ikc.IkcMessage;
import mckernelj.ihk.ikc.IkcPacket;
import mckernelj.ihk.layout.ProgramLoadDescriptor;
import mckernelj.ihk.layout.RemotePageFault;
import mckernelj.ihk.layout.SignalRequest;
import mckernelj.lwk.cpu.CpuLocal;
import mckernelj.lwk.mm.FaultResult;
import mckernelj.lwk.mm.ProcessVm;
import mckernelj.lwk.mm.UserAccess;
import mckernelj.lwk.phys.PageAllocator;
import mckernelj.lwk.procfs.SysfsTree;
import mckernelj.lwk.sched.KernelThread;
import mckernelj.lwk.sched.OutOfKernelMemory;
import mckernelj.lwk.signal.SigInfo;
import mckernelj.lwk.signal.SignalNumber;

/** Messages from mcctrl about processes: make one, start it, signal it, its servant is dead, make its pages present. */
final class LinuxRequests {
    private static final int FAULT_WRITE = 2;

    private final Kernel kernel;
    private final AtomicBoolean sysfsSent = new AtomicBoolean();

    LinuxRequests(Kernel kernel) {
        this.kernel = kernel;
    }

    void register() {
        kernel.base().ikc().on(IkcMessage.PREPARE_PROCESS, this::prepare);
        kernel.base().ikc().on(IkcMessage.SCHEDULE_PROCESS, this::schedule);
        kernel.base().ikc().on(IkcMessage.SEND_SIGNAL, this::signal);
        kernel.base().ikc().on(IkcMessage.CLEANUP_FD, this::cleanupFile);
        kernel.base().ikc().on(IkcMessage.CLEANUP_PROCESS, this::cleanup);
        kernel.base().ikc().on(IkcMessage.SYSFS_RESP_SETUP, this::sysfsDone);
        kernel.delegation().setRemoteFaultHandler(this::remoteFault);
    }

    private void prepare(CpuLocal cpu, IkcPacket packet) {
        IkcPacket answer = packet.copy();
        if (sysfsSent.compareAndSet(false, true)) {
            sendSysfs(cpu);
        }
        int error;
        try {
            error = prepareProcess(cpu, answer.arg);
        } catch (OutOfKernelMemory e) {
            error = -Errno.ENOMEM;
        }
        kernel.base().ikc().reply(cpu, answer, IkcMessage.PREPARE_PROCESS_ACKED, error);
    }

    /** Before the first program can look. */
    private void sendSysfs(CpuLocal cpu) {
        byte[] listing = new SysfsTree(kernel).listing();
        long pages = (listing.length + PageAllocator.PAGE_SIZE - 1) / PageAllocator.PAGE_SIZE;
        long physical = kernel.pages().allocate(pages, 1, 0);
        if (physical < 0) {
            return;
        }
        kernel.memory().write(physical, listing, 0, listing.length);
        IkcPacket packet = new IkcPacket(IkcMessage.SYSFS_REQ_SETUP);
        packet.ref = cpu.id();
        packet.arg = physical;
        packet.args[0] = listing.length;
        packet.reply = pages;
        kernel.base().ikc().send(cpu, packet);
    }

    private void sysfsDone(CpuLocal cpu, IkcPacket packet) {
        kernel.pages().free(packet.arg, packet.reply);
    }

    private int prepareProcess(CpuLocal cpu, long physical) {
        ProgramLoadDescriptor descriptor = ProgramLoadDescriptor.read(kernel.memory(), physical);
        if (descriptor == null) {
            return -Errno.EINVAL;
        }
        KernelThread self = kernel.scheduler().current(cpu);
        ProgramLoader loader = new ProgramLoader(kernel, descriptor, physical);
        ProcessVm vm = loader.load(self, new Rlimits(descriptor.rlimits));
        if (vm == null) {
            return loader.error();
        }
        Thread main = kernel.cloning().newProcess(self, descriptor, vm, loader);
        ProgramLoadDescriptor.setResult(
                kernel.memory(), physical, main.process().pid(), vm.root());
        return 0;
    }

    private void schedule(CpuLocal cpu, IkcPacket packet) {
        Process process = kernel.table().process((int) packet.arg);
        if (process == null) {
            return;
        }
        Thread main = process.threads().get(0);
        CpuLocal target = kernel.placement().prefer(packet.ref, process.cpuMask());
        kernel.scheduler().addThread(cpu, main, target);
    }

    private void signal(CpuLocal cpu, IkcPacket packet) {
        IkcPacket answer = packet.copy();
        SignalRequest request = SignalRequest.read(kernel.memory(), answer.arg);
        Process process = kernel.table().process(request.pid());
        long error = -Errno.ESRCH;
        if (process != null && SignalNumber.isValid(request.sig())) {
            SigInfo info = SigInfo.of(request.sig(), request.siginfo());
            Thread thread = request.tid() > 0 ? kernel.table().thread(request.tid()) : null;
            KernelThread self = kernel.scheduler().current(cpu);
            error = thread != null && thread.process() == process
                    ? kernel.signals().send(self, thread, info)
                    : kernel.signals().send(self, process, info);
        }
        kernel.base().ikc().reply(cpu, answer, IkcMessage.SEND_SIGNAL_ACK, (int) error);
    }

    private void cleanupFile(CpuLocal cpu, IkcPacket packet) {
        Process process = kernel.table().process(packet.pid);
        if (process != null) {
            kernel.signals().removeFile(process, packet.arg);
        }
    }

    private void cleanup(CpuLocal cpu, IkcPacket packet) {
        IkcPacket answer = packet.copy();
        Process process = kernel.table().process(answer.pid);
        if (process == null || !process.answerWhenGone(answer)) {
            kernel.base().ikc().reply(cpu, answer, IkcMessage.CLEANUP_PROCESS_RESP, 0);
            return;
        }
        process.setNoHost();
        int status = answer.ref == -1 ? SignalNumber.SIGKILL : answer.ref;
        kernel.exit().endProcess(kernel.scheduler().current(cpu), process, status);
        for (Thread thread : process.threads()) {
            if (thread.cpu() == null) {
                // It was never started: let it run into its end.
                kernel.scheduler().addThread(cpu, thread, cpu);
            }
        }
    }

    private int remoteFault(CpuLocal cpu, RemotePageFault fault) {
        Thread thread = kernel.table().thread(fault.faultTid());
        Process process = thread != null ? thread.process() : kernel.table().process(fault.pid());
        ProcessVm vm = process == null ? null : process.vm();
        if (vm == null) {
            return -Errno.ESRCH;
        }
        KernelThread self = kernel.scheduler().current(cpu);
        int access = (fault.reason() & FAULT_WRITE) != 0 ? PROT_WRITE : PROT_READ;
        long end = fault.faultAddress() + Math.max(1, fault.lengthBytes());
        UserAccess user = new UserAccess(vm, self);
        for (long at = fault.faultAddress(); at < end; at = (at & -4096) + 4096) {
            if (!user.isAccessible(at, access) && vm.fault(self, at, access) != FaultResult.RESOLVED) {
                return at == fault.faultAddress() ? -Errno.EFAULT : 0;
            }
        }
        return 0;
    }
}
