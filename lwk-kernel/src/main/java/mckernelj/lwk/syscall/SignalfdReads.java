// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.ihk.ikc.InKernelRequest;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.procfs.FileReads;
import mckernelj.lwk.sched.KernelThread;
import mckernelj.lwk.signal.Restart;
import mckernelj.lwk.signal.SigInfo;
import mckernelj.lwk.signal.SignalRecord;

/** Reads of signalfds: signals are pending here. What a signalfd cannot do, Linux' pipe in its place cannot either, except splice(2). */
final class SignalfdReads {
    private static final int F_GETFL = 3;
    private static final int O_NONBLOCK = 0x800;

    private final Kernel kernel;

    SignalfdReads(Kernel kernel) {
        this.kernel = kernel;
    }

    /** {@link Transfer#OTHER_FILE}: it is for Linux. */
    long call(Thread self, Transfer transfer) {
        int fd = transfer.source();
        if (fd < 0 || !kernel.signals().hasFiles(self.process()) || transfer.offset() != FileReads.CURRENT) {
            return Transfer.OTHER_FILE;
        }
        long handle = self.delegate(InKernelRequest.SIGNALFD, InKernelRequest.SIGNALFD_FIND, fd);
        if (handle < 0) {
            return Transfer.OTHER_FILE;
        }
        if (transfer.isBetweenFiles()) {
            return -Errno.EINVAL;
        }
        Transfer.Memory memory = transfer.memory(self);
        long wanted = kernel.signals().fileSignals(self.process(), handle);
        return memory.error() != 0 ? memory.error() : read(self, fd, memory.vectors(), wanted);
    }

    private long read(Thread self, int fd, long[] vectors, long wanted) {
        boolean waits = (self.delegateUndisturbed(SystemCallNumber.FCNTL, fd, F_GETFL) & O_NONBLOCK) == 0;
        long total = 0;
        for (int i = 0; i < vectors.length; i += 2) {
            long got = read(self, vectors[i], vectors[i + 1], wanted, waits && total == 0);
            if (got < 0) {
                return total > 0 ? total : got;
            }
            total += got;
            if (got < vectors[i + 1]) {
                break;
            }
        }
        return total;
    }

    /** As many whole records as there are signals and room; waits for the first only. */
    private long read(Thread self, long pointer, long length, long wanted, boolean waits) {
        if (length < SignalRecord.SIZE) {
            return -Errno.EINVAL;
        }
        long total = 0;
        while (total + SignalRecord.SIZE <= length) {
            SigInfo info = kernel.signals().take(self, wanted);
            if (info == null && total == 0 && waits) {
                info = await(self, wanted);
                if (info == null) {
                    return -Restart.ERESTARTSYS;
                }
            }
            if (info == null) {
                break;
            }
            if (!self.user().write(pointer + total, SignalRecord.of(info))) {
                return total > 0 ? total : -Errno.EFAULT;
            }
            total += SignalRecord.SIZE;
        }
        return total > 0 ? total : -Errno.EAGAIN;
    }

    private SigInfo await(Thread self, long wanted) {
        SigInfo[] found = new SigInfo[1];
        self.setAwaitedSignals(wanted);
        kernel.scheduler().sleep(self, KernelThread.INTERRUPTIBLE, () -> {
            found[0] = kernel.signals().take(self, wanted);
            return found[0] != null || kernel.signals().isPending(self);
        });
        self.setAwaitedSignals(0);
        return found[0];
    }
}
