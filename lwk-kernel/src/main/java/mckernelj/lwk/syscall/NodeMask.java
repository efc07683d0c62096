// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.ihk.Errno;
import mckernelj.lwk.mm.NumaPolicy;
import mckernelj.lwk.mm.UserAccess;
import mckernelj.lwk.proc.Kernel;

/** Node masks and policies of user memory (Linux: mm/mempolicy.c). */
final class NodeMask {
    private static final long MAX_NODES = 4096 * 8;
    private static final int MODE_FLAGS = 0xE000;
    private static final int LAST_MODE = NumaPolicy.MPOL_PREFERRED_MANY;

    private NodeMask() {}

    /** The mask as bits, or a negative errno. Bits above the existing nodes are an error. */
    static long read(Kernel kernel, UserAccess user, long pointer, long maxNode) {
        if (pointer == 0 || maxNode <= 1) {
            return 0;
        }
        if (maxNode > MAX_NODES) {
            return -Errno.EINVAL;
        }
        int words = (int) ((maxNode - 1 + 63) / 64);
        long[] mask = user.readLongs(pointer, words);
        if (mask == null) {
            return -Errno.EFAULT;
        }
        long valid = valid(kernel);
        long bits = (maxNode - 1) % 64 == 0 || words > 1 ? mask[0] : mask[0] & (1L << (maxNode - 1)) - 1;
        for (int i = 1; i < words; i++) {
            if (mask[i] != 0) {
                return -Errno.EINVAL;
            }
        }
        return (bits & ~valid) != 0 ? -Errno.EINVAL : bits;
    }

    private static long valid(Kernel kernel) {
        return (1L << kernel.pages().nodeCount()) - 1;
    }

    /** Checks mode and nodes; null: EINVAL. */
    static NumaPolicy policy(int modeAndFlags, long nodes) {
        int mode = modeAndFlags & ~MODE_FLAGS;
        int flags = modeAndFlags & MODE_FLAGS;
        if (mode < 0 || mode > LAST_MODE || (flags & 0xC000) == 0xC000) {
            return null;
        }
        boolean wantsNone = mode == NumaPolicy.MPOL_DEFAULT || mode == NumaPolicy.MPOL_LOCAL;
        if (wantsNone ? nodes != 0 : nodes == 0 && mode != NumaPolicy.MPOL_PREFERRED) {
            return null;
        }
        if (mode == NumaPolicy.MPOL_PREFERRED && nodes == 0) {
            return new NumaPolicy(NumaPolicy.MPOL_LOCAL, 0, flags);
        }
        // Only the first node of a PREFERRED mask counts.
        return new NumaPolicy(mode, mode == NumaPolicy.MPOL_PREFERRED ? Long.lowestOneBit(nodes) : nodes, flags);
    }
}
