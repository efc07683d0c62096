// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Process;
import mckernelj.lwk.proc.Rlimits;
import mckernelj.lwk.proc.Thread;

/** prlimit64(2), getrlimit(2), setrlimit(2). Limits of what Linux does for the process are set on the servant, too. */
final class SysPrlimit64 implements Syscall {

    private final Kernel kernel;

    SysPrlimit64(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        return switch (args.number()) {
            case SystemCallNumber.GETRLIMIT -> apply(self, self.process(), args.intAt(0), 0, args.at(1));
            case SystemCallNumber.SETRLIMIT ->
                args.at(1) == 0 ? -Errno.EFAULT : apply(self, self.process(), args.intAt(0), args.at(1), 0);
            default -> other(self, args);
        };
    }

    private long other(Thread self, SyscallArguments args) {
        int pid = args.intAt(0);
        Process process = pid == 0 ? self.process() : kernel.table().process(pid);
        if (process == null) {
            return SyscallDispatch.delegate(kernel, self, SystemCallNumber.PRLIMIT64, args.all());
        }
        if (process != self.process()) {
            // Nothing is asked for: Linux only says whether the caller may.
            long error = self.delegate(SystemCallNumber.PRLIMIT64, pid, args.intAt(1), 0, 0);
            if (error < 0) {
                return error;
            }
        }
        return apply(self, process, args.intAt(1), args.at(2), args.at(3));
    }

    private long apply(Thread self, Process process, int resource, long newPointer, long oldPointer) {
        if (resource < 0 || resource >= Rlimits.COUNT) {
            return -Errno.EINVAL;
        }
        Rlimits limits = process.rlimits();
        long[] old = {limits.soft(resource), limits.hard(resource)};
        if (newPointer != 0) {
            long error = set(self, process, resource, newPointer);
            if (error != 0) {
                return error;
            }
        }
        return oldPointer == 0 || self.user().writeLongs(oldPointer, old) ? 0 : -Errno.EFAULT;
    }

    private long set(Thread self, Process process, int resource, long pointer) {
        long[] wanted = self.user().readLongs(pointer, 2);
        if (wanted == null) {
            return -Errno.EFAULT;
        }
        if (Long.compareUnsigned(wanted[0], wanted[1]) > 0) {
            return -Errno.EINVAL;
        }
        long hard = process.rlimits().hard(resource);
        if (Long.compareUnsigned(wanted[1], hard) > 0 && self.process().uid() != 0) {
            return -Errno.EPERM;
        }
        if (isLinuxs(resource)) {
            long error = self.delegate(SystemCallNumber.PRLIMIT64, process.pid(), resource, pointer, 0);
            if (error < 0) {
                return error;
            }
        }
        process.rlimits().set(resource, wanted[0], wanted[1]);
        if (resource == Rlimits.RLIMIT_CPU) {
            process.armCpuLimit(self.cpu());
        }
        return 0;
    }

    /** What the servant's calls run into: file size, descriptors, locks, queues, core, processes. */
    private static boolean isLinuxs(int resource) {
        return switch (resource) {
            case Rlimits.RLIMIT_FSIZE, Rlimits.RLIMIT_NOFILE, Rlimits.RLIMIT_NPROC, 10, 11, 12 -> true;
            default -> false;
        };
    }
}
