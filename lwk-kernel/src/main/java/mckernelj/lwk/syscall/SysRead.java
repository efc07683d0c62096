// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.ihk.ikc.InKernelRequest;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.sched.KernelThread;
import mckernelj.lwk.signal.Restart;
import mckernelj.lwk.signal.SigInfo;
import mckernelj.lwk.signal.SignalRecord;

/** read(2), readv(2): Linux's, but signals are pending here, so a signalfd is read here. */
final class SysRead implements Syscall {
    private static final int F_GETFL = 3;
    private static final int O_NONBLOCK = 0x800;
    private static final int IOV_MAX = 1024;

    private final Kernel kernel;
    private final SysFileData files;

    SysRead(Kernel kernel) {
        this.kernel = kernel;
        this.files = new SysFileData(kernel);
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        if (kernel.signals().hasFiles(self.process())) {
            long handle = self.delegate(InKernelRequest.SIGNALFD, InKernelRequest.SIGNALFD_FIND, args.intAt(0));
            long wanted = handle < 0 ? 0 : kernel.signals().fileSignals(self.process(), handle);
            if (wanted != 0 || handle >= 0) {
                return readSignals(self, args, wanted);
            }
        }
        return files.call(self, args);
    }

    private long readSignals(Thread self, SyscallArguments args, long wanted) {
        boolean waits = (self.delegate(SystemCallNumber.FCNTL, args.intAt(0), F_GETFL) & O_NONBLOCK) == 0;
        if (args.number() == SystemCallNumber.READ) {
            return readSignals(self, args.at(1), args.at(2), wanted, waits);
        }
        int count = args.intAt(2);
        long[] vector = count < 0 || count > IOV_MAX ? new long[0] : self.user().readLongs(args.at(1), 2 * count);
        if (count < 0 || count > IOV_MAX || vector == null) {
            return vector == null ? -Errno.EFAULT : -Errno.EINVAL;
        }
        long total = 0;
        for (int i = 0; i < vector.length; i += 2) {
            long got = readSignals(self, vector[i], vector[i + 1], wanted, waits && total == 0);
            if (got < 0) {
                return total > 0 ? total : got;
            }
            total += got;
            if (got < vector[i + 1]) {
                break;
            }
        }
        return total;
    }

    /** As many whole records as there are signals and room; waits for the first only. */
    private long readSignals(Thread self, long pointer, long length, long wanted, boolean waits) {
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
