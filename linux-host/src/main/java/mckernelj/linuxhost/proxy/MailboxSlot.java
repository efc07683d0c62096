// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.proxy;

import static mckernelj.ihk.launch.MailboxLayout.*;

import java.util.concurrent.atomic.AtomicInteger;
import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.ihk.launch.ProxyArena;
import mckernelj.linuxhost.libc.CpuSet;
import mckernelj.linuxhost.libc.Futex;
import mckernelj.linuxhost.libc.HostProcess;
import mckernelj.linuxhost.libc.RawMemory;

/**
 * A slot of the mailbox memory and the servant thread behind it (protocol: {@link mckernelj.ihk.launch.MailboxLayout}).
 *
 * <p>When the thread has ended the slot is <em>retired</em>: its memory goes to another servant, so every store of the node
 * is made under this object's monitor and not at all after that. Loads need no such care: a retired slot answers -ESRCH.
 */
final class MailboxSlot implements ServantSlot {
    private static final long FOREVER_NANOS = 1_000_000_000L;

    private final LinuxServant servant;
    private final MailboxMemory mailboxes;
    private final int index;
    private final RawMemory memory;
    private final SlotWait wait;
    private final SlotRecords records = new SlotRecords();
    private final AtomicInteger parkers = new AtomicInteger();
    private volatile boolean retired;
    private volatile int tid;
    private volatile int sequence;
    private boolean interruptible;
    private volatile int hostCpu = -1;
    private volatile boolean hostCpuUsed;
    /** Up to here the ring's entries have been told; under the monitor of the inbox. */
    private volatile int ringTail;

    private boolean givenBack;
    private boolean mustNotBeReused;

    MailboxSlot(LinuxServant servant, MailboxMemory mailboxes, int index) {
        this.servant = servant;
        this.mailboxes = mailboxes;
        this.index = index;
        memory = mailboxes.slot(index);
        wait = new SlotWait(memory);
    }

    int index() {
        return index;
    }

    RawMemory memory() {
        return memory;
    }

    /** Address of the slot in the servants. */
    long servantAddress() {
        return MAILBOX + ((long) index << SLOT_SHIFT);
    }

    void setTid(int value) {
        tid = value;
    }

    @Override
    public Servant servant() {
        return servant;
    }

    @Override
    public int tid() {
        return tid;
    }

    @Override
    public RecordList records() {
        if (!replyReady()) {
            throw new IllegalStateException("slot " + index + " is executing a list");
        }
        records.clear();
        return records;
    }

    @Override
    public void submit() {
        submit(true);
    }

    /** {@code canBeInterrupted}: false for lists whose last record must be executed. */
    void submit(boolean canBeInterrupted) {
        synchronized (this) {
            if (retired) {
                return;
            }
            interruptible = canBeInterrupted;
            records.copyTo(memory);
            memory.putInt(RECORD_COUNT, records.size());
            sequence++;
            memory.putIntFenced(REQUEST, sequence);
            if (memory.getIntAcquire(SERVANT_SLEEPS) != 0) {
                Futex.wake(memory.address() + REQUEST, 1);
            }
        }
    }

    @Override
    public boolean replyReady() {
        return retired || memory.getIntAcquire(REPLY) == sequence;
    }

    @Override
    public long result(int record) {
        if (record < 0 || record >= records.size()) {
            throw new IndexOutOfBoundsException("record " + record + " of " + records.size());
        }
        long result = memory.getLong(RECORDS + (long) record * RECORD_BYTES + RECORD_RESULT);
        return retired ? -Errno.ESRCH : result;
    }

    @Override
    public void park(long nanos) {
        parkers.incrementAndGet();
        try {
            if (!replyReady()) {
                servant.table().coupling().couple(this);
                wait.park(nanos, this::replyReady);
            }
        } finally {
            parkers.decrementAndGet();
        }
    }

    @Override
    public boolean asleep() {
        return retired || HostProcess.isAsleep(servant.pid(), tid);
    }

    @Override
    public synchronized void wake() {
        if (!retired) {
            wait.wake();
        }
    }

    @Override
    public void await() {
        while (!replyReady()) {
            park(FOREVER_NANOS);
        }
    }

    @Override
    public long call(int number, long... arguments) {
        long[] six = java.util.Arrays.copyOf(arguments, 6);
        int record = records().add(number, six[0], six[1], six[2], six[3], six[4], six[5]);
        submit();
        await();
        return result(record);
    }

    @Override
    public synchronized void interrupt() {
        if (!replyReady() && interruptible) {
            memory.putIntFenced(INTERRUPT, sequence);
            HostProcess.tgkill(servant.pid(), tid, PRIVATE_SIGNAL);
        }
    }

    @Override
    public void exitThread() {
        servant.exitThread(this);
    }

    @Override
    public ProxyArena arguments() {
        return arguments(() -> {});
    }

    ProxyArena arguments(Runnable release) {
        RawMemory area = memory.slice(ARGUMENTS, ARGUMENTS_END - ARGUMENTS);
        return new Arena(area, servantAddress() + ARGUMENTS, this::ifLive, release);
    }

    private synchronized void ifLive(Runnable access) {
        if (!retired) {
            access.run();
        }
    }

    @Override
    public boolean hasSignals() {
        return memory.getIntAcquire(RING_HEAD) != ringTail;
    }

    /** The next entry of the signal ring, or null. If the ring overran, the oldest entries are lost. */
    synchronized byte[] nextSignal() {
        int head = memory.getIntAcquire(RING_HEAD);
        if (givenBack || head == ringTail) {
            return null;
        }
        if (Integer.compareUnsigned(head - ringTail, RING_ENTRIES) > 0) {
            ringTail = head - RING_ENTRIES;
        }
        return memory.getBytes(RING + (long) (ringTail & RING_ENTRIES - 1) * RING_ENTRY_BYTES, RING_ENTRY_BYTES);
    }

    /** The entry of {@link #nextSignal} has been told. */
    synchronized void signalTold() {
        ringTail++;
    }

    // Host CPU of the thread, kept by HostCpuCoupling

    int hostCpu() {
        return hostCpu;
    }

    void setHostCpu(int cpu) {
        hostCpu = cpu;
    }

    boolean hostCpuUsed() {
        return hostCpuUsed;
    }

    void setHostCpuUsed(boolean used) {
        hostCpuUsed = used;
    }

    /** Under the monitor: the tid of a thread that has ended may be another's. */
    synchronized void bindTo(CpuSet cpus) {
        if (!retired) {
            cpus.bind(tid);
        }
    }

    /** No more use of the memory. Returns when no thread of the node sleeps on it. */
    void retire() {
        synchronized (this) {
            if (retired) {
                return;
            }
            retired = true;
            wait.wake();
        }
        while (parkers.get() != 0) {
            wait.wake();
            Thread.onSpinWait();
        }
    }

    /** The kernel has cleared the word: the thread of an ended slot is gone and cannot touch the slot any more. */
    boolean threadGone() {
        return memory.getIntAcquire(TID) == 0;
    }

    /** After {@link #retire}, when the servant's thread has ended too. */
    void giveBack() {
        synchronized (this) {
            givenBack = true;
        }
        if (!mustNotBeReused) {
            mailboxes.giveBackSlot(index);
        }
    }

    /** The first list of a child, which is born with all signals blocked; it finds it when it comes to its loop. */
    void submitFirst() {
        SignalRecords.mask(records(), SIGSET_NONE);
        submit(false);
    }

    /** Nobody knows whether a process uses the slot: it is told to end, and the slot never used again. */
    void leave() {
        synchronized (this) {
            records.clear();
            records.add(SystemCallNumber.EXIT_GROUP, 255);
            submit(false);
        }
        retire();
        mustNotBeReused = true;
    }
}
