// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.lwk.cpu.CpuLocal;
import mckernelj.lwk.proc.CpuMask;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/** sched_setaffinity(2), sched_getaffinity(2): in LWK processor numbers, within what the process may use. */
final class SysSchedAffinity implements Syscall {
    private static final int MAX_BYTES = 128;

    private final Kernel kernel;

    SysSchedAffinity(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        Thread thread = args.intAt(0) == 0 ? self : kernel.table().thread(args.intAt(0));
        if (args.number() == SystemCallNumber.SCHED_SETAFFINITY) {
            return set(self, thread, args.at(1), args.at(2));
        }
        return get(self, thread, args.at(1), args.at(2));
    }

    private long set(Thread self, Thread thread, long sizeBytes, long pointer) {
        int size = (int) Math.min(MAX_BYTES, sizeBytes & 0xFFFF_FFFFL);
        byte[] bytes = self.user().read(pointer, size);
        if (bytes == null) {
            return -Errno.EFAULT;
        }
        if (thread == null) {
            return -Errno.ESRCH;
        }
        ByteBuffer padded = ByteBuffer.allocate(MAX_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        padded.put(bytes);
        long[] words = new long[MAX_BYTES / 8];
        padded.rewind().asLongBuffer().get(words);
        CpuMask mask = CpuMask.of(words).and(thread.process().cpuMask());
        if (mask.isEmpty()) {
            return -Errno.EINVAL;
        }
        thread.setAffinity(mask);
        if (thread.cpu() != null && !mask.contains(thread.cpu().id())) {
            move(self, thread, mask);
        }
        return 0;
    }

    private void move(Thread self, Thread thread, CpuMask mask) {
        CpuLocal target = kernel.placement().choose(mask);
        kernel.scheduler().migrate(self.cpu(), thread, target);
        if (thread == self) {
            kernel.scheduler().schedule(self.cpu());
        }
    }

    private long get(Thread self, Thread thread, long sizeBytes, long pointer) {
        long size = sizeBytes & 0xFFFF_FFFFL;
        int words = (kernel.cpus().size() + 63) / 64;
        if (size % 8 != 0 || size < words * 8L) {
            return -Errno.EINVAL;
        }
        if (thread == null) {
            return -Errno.ESRCH;
        }
        long[] mask = thread.affinity().words(words);
        return self.user().writeLongs(pointer, mask) ? mask.length * 8L : -Errno.EFAULT;
    }
}
