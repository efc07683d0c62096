// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.proxy;

import static mckernelj.ihk.launch.MailboxLayout.*;

import java.util.ArrayDeque;
import java.util.concurrent.Semaphore;
import mckernelj.linuxhost.libc.MemfdMemory;
import mckernelj.linuxhost.libc.RawMemory;

/**
 * The memfd that all servants of a node share: it lends slots and transfer areas. One for all, so that a start costs no
 * mapping in the node and that no thread can look at a mailbox which was unmapped. Servants of one node are one user's.
 */
final class MailboxMemory {
    private final MemfdMemory memfd = new MemfdMemory("mckernelj-mailboxes", MAILBOX_BYTES);
    private final RawMemory memory = RawMemory.view(memfd.address(), MAILBOX_BYTES);
    private final ArrayDeque<Integer> freeSlots = new ArrayDeque<>();
    private final ArrayDeque<Integer> freeAreas = new ArrayDeque<>();
    private final Semaphore areas = new Semaphore(TRANSFER_AREA_COUNT);
    private int slotsEverUsed;
    private boolean closed;

    MailboxMemory() {
        for (int i = 0; i < TRANSFER_AREA_COUNT; i++) {
            freeAreas.add(i);
        }
    }

    int fd() {
        return memfd.fd();
    }

    RawMemory doorbell() {
        return memory.slice(DOORBELL, 4);
    }

    /** Number of a slot whose head is zero, or -1 if there are no more. */
    synchronized int takeSlot() {
        Integer index = freeSlots.poll();
        if (index == null) {
            if (slotsEverUsed == SLOT_COUNT) {
                return -1;
            }
            index = slotsEverUsed++;
        }
        RawMemory slot = slot(index);
        slot.clear(0, RECORDS);
        slot.putLong(DOORBELL_ADDRESS, MAILBOX + DOORBELL);
        return index;
    }

    synchronized void giveBackSlot(int index) {
        freeSlots.push(index);
    }

    RawMemory slot(int index) {
        return memory.slice((long) index << SLOT_SHIFT, SLOT_BYTES);
    }

    /** Waits for a free transfer area of {@link mckernelj.ihk.launch.MailboxLayout#TRANSFER_AREA_BYTES}. All zero. */
    TransferArea takeTransferArea() {
        areas.acquireUninterruptibly();
        synchronized (this) {
            return new TransferArea(this, freeAreas.remove());
        }
    }

    RawMemory transferArea(int index) {
        return memory.slice(transferOffset(index), TRANSFER_AREA_BYTES);
    }

    static long transferOffset(int index) {
        return TRANSFER_AREAS + (long) index * TRANSFER_AREA_BYTES;
    }

    void giveBackTransferArea(int index) {
        synchronized (this) {
            if (!closed) {
                memfd.punch(transferOffset(index), TRANSFER_AREA_BYTES);
            }
            freeAreas.add(index);
        }
        areas.release();
    }

    /** Threads that still look at a slot see zeros. */
    synchronized void close() {
        closed = true;
        memfd.closeLeavingZeros();
    }
}
