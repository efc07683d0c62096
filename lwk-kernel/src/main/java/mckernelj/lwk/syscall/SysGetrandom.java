// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/** getrandom(2): Linux's, except in a deterministic machine, where every process gets the same bytes in every run. */
final class SysGetrandom implements Syscall {
    private static final int KNOWN_FLAGS = 7;
    private static final int MAX_BYTES = 1 << 20;

    private final Kernel kernel;

    SysGetrandom(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        if (!kernel.machine().deterministic()) {
            return SyscallDispatch.delegate(kernel, self, args.number(), args.all());
        }
        if ((args.intAt(2) & ~KNOWN_FLAGS) != 0 || (args.intAt(2) & 6) == 6) {
            return -Errno.EINVAL;
        }
        int length = (int) Math.min(Math.max(0, args.at(1)), MAX_BYTES);
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i += 8) {
            long word = self.process().nextPseudoRandom();
            for (int b = i; b < Math.min(length, i + 8); b++, word >>>= 8) {
                bytes[b] = (byte) word;
            }
        }
        return self.user().write(args.at(0), bytes) ? length : -Errno.EFAULT;
    }
}
