// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/**
 * ppoll(2), pselect6(2), epoll_pwait(2), epoll_pwait2(2): the mask is the LWK's business for the time of the call, the
 * waiting is Linux's, which gets no mask.
 */
final class SysPollWithMask implements Syscall {
    private static final int SIGSET_SIZE = 8;

    private final Kernel kernel;

    SysPollWithMask(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        int index = args.number() == SystemCallNumber.PPOLL ? 3 : args.number() == SystemCallNumber.PSELECT6 ? 5 : 4;
        long[] a = args.all();
        long maskPointer = a[index];
        long size = index == 5 ? SIGSET_SIZE : a[index + 1];
        if (index == 5 && a[5] != 0) {
            // The last argument of pselect6 points to {mask, size}.
            long[] pair = self.user().readLongs(a[5], 2);
            if (pair == null) {
                return -Errno.EFAULT;
            }
            maskPointer = pair[0];
            size = pair[1];
        }
        if (maskPointer != 0) {
            long[] mask = self.user().readLongs(maskPointer, 1);
            if (size != SIGSET_SIZE) {
                return -Errno.EINVAL;
            }
            if (mask == null) {
                return -Errno.EFAULT;
            }
            kernel.signals().setTemporaryMask(self, mask[0]);
        }
        a[index] = 0;
        long result = SyscallDispatch.delegate(kernel, self, args.number(), a);
        if (result >= 0 || result > -mckernelj.lwk.signal.Restart.ERESTARTSYS) {
            // A signal that arrives with the result is handled under the old mask, as in Linux.
            kernel.signals().restoreMask(self);
        }
        return result;
    }
}
