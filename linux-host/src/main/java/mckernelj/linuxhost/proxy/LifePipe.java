// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.proxy;

import mckernelj.ihk.launch.MailboxLayout;
import mckernelj.linuxhost.libc.Descriptor;

/**
 * How a servant learns that the node has died: a pipe of which the node holds both ends and whose owner, for signals, is
 * the servant. When the node ends in whatever way, the kernel closes the ends one after the other, and the first close
 * signals the owner through the other end. The servant needs no descriptor, thread or timer for it.
 */
final class LifePipe {
    private final int[] ends;

    private LifePipe(int[] ends) {
        this.ends = ends;
    }

    /** Null if the host refuses it (no descriptors left, or the process has gone). */
    static LifePipe create(int pid) {
        int[] ends = Descriptor.pipe();
        if (ends == null) {
            return null;
        }
        LifePipe pipe = new LifePipe(ends);
        for (int end : ends) {
            if (Descriptor.signalOwner(end, pid, MailboxLayout.PRIVATE_SIGNAL) != 0) {
                pipe.close();
                return null;
            }
        }
        return pipe;
    }

    /** To the servant, if it still lives, this is the death of the node. */
    void close() {
        Descriptor.close(ends[0]);
        Descriptor.close(ends[1]);
    }
}
