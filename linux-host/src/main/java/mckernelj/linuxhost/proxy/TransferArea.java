// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.proxy;

import static mckernelj.ihk.launch.MailboxLayout.MAILBOX;

import mckernelj.linuxhost.libc.RawMemory;

/** A transfer area that is lent to one user; closing gives it back, and its host memory to the host. */
final class TransferArea implements AutoCloseable {
    private final MailboxMemory owner;
    private final int index;
    private boolean closed;

    TransferArea(MailboxMemory owner, int index) {
        this.owner = owner;
        this.index = index;
    }

    RawMemory memory() {
        return owner.transferArea(index);
    }

    /** Its address in every servant. */
    long servantAddress() {
        return MAILBOX + MailboxMemory.transferOffset(index);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            owner.giveBackTransferArea(index);
        }
    }
}
