// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.lwk.mm.MemoryAdvice;
import mckernelj.lwk.mm.NumaPolicy;
import mckernelj.lwk.mm.PageTables;
import mckernelj.lwk.mm.VmRange;
import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/** set_mempolicy(2), get_mempolicy(2), mbind(2): they rule new pages; mbind does not move old ones. */
final class SysMempolicy implements Syscall {
    private static final int MPOL_F_NODE = 1;
    private static final int MPOL_F_ADDR = 2;
    private static final int MPOL_F_MEMS_ALLOWED = 4;
    private static final int MBIND_FLAGS = 7;
    private static final int MPOL_MF_MOVE_ALL = 4;

    private final Kernel kernel;

    SysMempolicy(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public long call(Thread self, SyscallArguments args) {
        return switch (args.number()) {
            case SystemCallNumber.MBIND -> bind(self, args);
            case SystemCallNumber.SET_MEMPOLICY -> set(self, args);
            default -> get(self, args);
        };
    }

    private long set(Thread self, SyscallArguments args) {
        long nodes = NodeMask.read(kernel, self.user(), args.at(1), args.at(2));
        NumaPolicy policy = nodes < 0 ? null : NodeMask.policy(args.intAt(0), nodes);
        if (policy == null) {
            return nodes < 0 ? nodes : -Errno.EINVAL;
        }
        self.setNumaPolicy(policy);
        return 0;
    }

    private long bind(Thread self, SyscallArguments args) {
        long start = args.at(0);
        long length = args.at(1) + PageTables.PAGE - 1 & -PageTables.PAGE;
        boolean overflows = length < 0 || start + length < start;
        if (start % PageTables.PAGE != 0 || (args.intAt(5) & ~MBIND_FLAGS) != 0 || overflows) {
            return -Errno.EINVAL;
        }
        if ((args.intAt(5) & MPOL_MF_MOVE_ALL) != 0 && self.process().uid() != 0) {
            return -Errno.EPERM;
        }
        long nodes = NodeMask.read(kernel, self.user(), args.at(3), args.at(4));
        NumaPolicy policy = nodes < 0 ? null : NodeMask.policy(args.intAt(2), nodes);
        if (policy == null) {
            return nodes < 0 ? nodes : -Errno.EINVAL;
        }
        boolean byDefault = policy.mode() == NumaPolicy.MPOL_DEFAULT;
        return length == 0 ? 0 : MemoryAdvice.bind(self.process().vm(), start, length, byDefault ? null : policy);
    }

    private long get(Thread self, SyscallArguments args) {
        int flags = args.intAt(4);
        if ((flags & ~7) != 0
                || (flags & MPOL_F_MEMS_ALLOWED) != 0 && flags != MPOL_F_MEMS_ALLOWED
                || (flags & MPOL_F_ADDR) == 0 && args.at(3) != 0
                || args.at(1) != 0 && args.at(2) < kernel.pages().nodeCount()) {
            return -Errno.EINVAL;
        }
        if ((flags & MPOL_F_MEMS_ALLOWED) != 0) {
            return write(self, args, 0, (1L << kernel.pages().nodeCount()) - 1);
        }
        NumaPolicy policy = self.numaPolicy();
        if ((flags & MPOL_F_ADDR) != 0) {
            VmRange range = self.process().vm().rangeAt(args.at(3));
            if (range == null) {
                return -Errno.EFAULT;
            }
            policy = range.policy() != null ? range.policy() : policy;
        }
        if ((flags & MPOL_F_NODE) != 0) {
            return (flags & MPOL_F_ADDR) != 0
                    ? write(self, args, nodeOfPage(self, args.at(3)), policy.nodes())
                    : policy.mode() == NumaPolicy.MPOL_INTERLEAVE
                            ? write(self, args, Long.numberOfTrailingZeros(policy.nodes()), policy.nodes())
                            : -Errno.EINVAL;
        }
        return write(self, args, policy.mode() | policy.flags(), policy.nodes());
    }

    private int nodeOfPage(Thread self, long linear) {
        self.user().read(linear, 1);
        long entry = self.process().vm().entry(linear);
        return entry == 0 ? 0 : kernel.pages().nodeOf(entry & mckernelj.ihk.layout.PageTableEntry.ADDRESS);
    }

    private static long write(Thread self, SyscallArguments args, int mode, long nodes) {
        boolean ok = args.at(0) == 0 || self.user().writeInt(args.at(0), mode);
        if (ok && args.at(1) != 0) {
            long[] words = new long[(int) ((args.at(2) + 63) / 64)];
            words[0] = nodes;
            ok = self.user().writeLongs(args.at(1), words);
        }
        return ok ? 0 : -Errno.EFAULT;
    }
}
