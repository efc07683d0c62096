// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.lwk.mm.ProcessVm;
import mckernelj.lwk.mm.UserAccess;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Process;
import mckernelj.lwk.proc.Thread;

/** process_vm_readv(2), process_vm_writev(2) between processes of the LWK. */
final class SysProcessVm implements Syscall {
    private static final int IOV_MAX = 1024;

    private final Kernel kernel;

    SysProcessVm(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        long localCount = args.at(2);
        long remoteCount = args.at(4);
        if (args.at(5) != 0 || localCount < 0 || localCount > IOV_MAX || remoteCount < 0 || remoteCount > IOV_MAX) {
            return -Errno.EINVAL;
        }
        long[] local = self.user().readLongs(args.at(1), (int) localCount * 2);
        long[] remote = self.user().readLongs(args.at(3), (int) remoteCount * 2);
        if (local == null || remote == null) {
            return -Errno.EFAULT;
        }
        // Any thread names its process.
        Thread thread = kernel.table().thread(args.intAt(0));
        Process process = thread == null ? kernel.table().process(args.intAt(0)) : thread.process();
        ProcessVm vm = process == null ? null : process.vm();
        if (vm == null) {
            return -Errno.ESRCH;
        }
        if (process.uid() != self.process().uid() && self.process().uid() != 0) {
            return -Errno.EPERM;
        }
        UserAccess other = new UserAccess(vm, self);
        return args.number() == SystemCallNumber.PROCESS_VM_READV
                ? transfer(other, remote, self.user(), local)
                : transfer(self.user(), local, other, remote);
    }

    /** Copies through two lists of {address, length}; returns the bytes copied, or -EFAULT if none was. */
    private static long transfer(UserAccess from, long[] source, UserAccess to, long[] target) {
        long total = 0;
        int s = 0;
        int t = 0;
        long sourceDone = 0;
        long targetDone = 0;
        while (s < source.length && t < target.length) {
            long length = Math.min(source[s + 1] - sourceDone, target[t + 1] - targetDone);
            if (length < 0) {
                return -Errno.EINVAL;
            }
            long copied = UserAccess.copy(from, source[s] + sourceDone, to, target[t] + targetDone, length);
            total += copied;
            if (copied < length) {
                return total == 0 ? -Errno.EFAULT : total;
            }
            sourceDone += length;
            targetDone += length;
            if (sourceDone == source[s + 1]) {
                s += 2;
                sourceDone = 0;
            }
            if (targetDone == target[t + 1]) {
                t += 2;
                targetDone = 0;
            }
        }
        return total;
    }
}
