// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.proc;

import mckernelj.emulator.hw.LogicalCpu;
import mckernelj.emulator.hw.Msr;
import mckernelj.ihk.Errno;
import mckernelj.ihk.ikc.InKernelRequest;
import mckernelj.ihk.layout.ProgramLoadDescriptor;
import mckernelj.lwk.mm.ProcessVm;
import mckernelj.lwk.sched.KernelThread;
import mckernelj.lwk.signal.SignalAction;
import mckernelj.lwk.signal.SignalNumber;

/**
 * execve(2): Linux looks the program up, the new address space is made beside the old one, and only when nothing can
 * fail any more the other threads end and the process changes over. A failure before that leaves the caller as it was.
 */
public final class Exec {
    /** Room for numbers, sections, two files' records and a script's arguments. */
    private static final int BUFFER_PAGES = 16;

    private static final int PATH_MAX = 4096;

    private final Kernel kernel;

    Exec(Kernel kernel) {
        this.kernel = kernel;
    }

    /**
     * {@code arguments}, {@code environment}: NUL-terminated strings. Returns 0, with the new program's registers, or
     * an errno.
     */
    public long execute(
            Thread self, long directory, long pathPointer, long flags, byte[] arguments, byte[] environment) {
        byte[] path = self.user().readString(pathPointer, PATH_MAX - 1);
        if (path == null) {
            return self.user().read(pathPointer, 1) == null ? -Errno.EFAULT : -Errno.ENAMETOOLONG;
        }
        long buffer = kernel.frames().allocate(BUFFER_PAGES);
        if (buffer < 0) {
            return -Errno.ENOMEM;
        }
        try {
            // The path goes where the answer will be.
            kernel.memory().write(buffer, path, 0, path.length);
            kernel.memory().putByte(buffer + path.length, (byte) 0);
            long found = self.delegate(
                    InKernelRequest.EXECVE,
                    InKernelRequest.EXECVE_LOOKUP,
                    directory,
                    buffer,
                    flags,
                    buffer,
                    BUFFER_PAGES * 4096L);
            return found < 0 ? found : load(self, buffer, arguments, environment);
        } finally {
            kernel.frames().release(buffer, BUFFER_PAGES);
        }
    }

    private long load(Thread self, long buffer, byte[] arguments, byte[] environment) {
        Process process = self.process();
        ProgramLoadDescriptor descriptor = ProgramLoadDescriptor.read(kernel.memory(), buffer);
        if (descriptor == null) {
            return -Errno.ENOEXEC;
        }
        descriptor.arguments = scriptArguments(descriptor.arguments, arguments);
        descriptor.environment = environment;
        ProgramLoader loader = new ProgramLoader(kernel, descriptor, buffer);
        ProcessVm next = loader.load(self, process.rlimits());
        if (next == null) {
            return loader.error();
        }
        if (!endOtherThreads(self)) {
            next.release(self);
            return -Errno.EAGAIN;
        }
        changeOver(self, next, loader);
        return 0;
    }

    /** For a script: interpreter, its argument and the script instead of argv[0]. */
    private static byte[] scriptArguments(byte[] replacement, byte[] arguments) {
        if (replacement.length == 0) {
            return arguments;
        }
        int first = 0;
        while (first < arguments.length && arguments[first] != 0) {
            first++;
        }
        int rest = Math.max(0, arguments.length - first - 1);
        byte[] all = java.util.Arrays.copyOf(replacement, replacement.length + rest);
        System.arraycopy(arguments, arguments.length - rest, all, replacement.length, rest);
        return all;
    }

    private boolean endOtherThreads(Thread self) {
        Process process = self.process();
        if (!process.setOnlySurvivor(self)) {
            return false;
        }
        for (Thread other : process.threads()) {
            if (other != self) {
                kernel.signals().wake(self, other);
            }
        }
        kernel.scheduler().sleep(self, KernelThread.UNINTERRUPTIBLE, () -> process.attachedThreads() == 1);
        process.setOnlySurvivor(null);
        return !process.hasEnded();
    }

    private void changeOver(Thread self, ProcessVm next, ProgramLoader loader) {
        Process process = self.process();
        ProcessVm old = process.vm();
        int formerTid = self.tid();
        if (formerTid != process.pid()) {
            kernel.tracing().replacesLeader(self);
            self.becomeLeader();
        }
        kernel.exit().releaseUserState(self);
        // After this the servant has no mapping of the old space left, so its frames may be used again.
        self.delegate(InKernelRequest.EXECVE, InKernelRequest.EXECVE_COMMIT, next.root());
        next.setLimits(process.rlimits()::soft);
        process.setVm(next);
        LogicalCpu hw = self.cpu().hw();
        hw.setControlRegister(3, next.root());
        old.release(self);
        resetThread(self);
        resetSignals(self, process);
        process.setProgram(loader.path());
        process.posixTimers().clear();
        process.aioContexts().clear();
        process.setExecuted();
        process.unshareFiles();
        process.setExitSignal(SignalNumber.SIGCHLD);
        process.forgetBarriers();
        kernel.cloning().releaseVfork(self, process);
        loader.finish(self);
        kernel.tracing().executed(self, formerTid);
    }

    private static void resetSignals(Thread self, Process process) {
        boolean reaps = process.signals().action(SignalNumber.SIGCHLD).has(SignalAction.SA_NOCLDWAIT);
        process.signals().resetHandlers();
        if (reaps) {
            self.mirrorAction(SignalNumber.SIGCHLD);
        }
    }

    private void resetThread(Thread self) {
        LogicalCpu hw = self.cpu().hw();
        hw.setMsr(Msr.IA32_FS_BASE, 0);
        hw.setMsr(Msr.IA32_KERNEL_GS_BASE, 0);
        kernel.memory().clear(self.extendedStatePhysical(), hw.extendedStateSize());
        hw.restoreExtendedState(self.extendedStatePhysical());
        self.signals().setStack(0, 0, 0);
        self.setClearChildTid(0);
        self.setRobustList(0);
        self.setSequences(null);
    }
}
