// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.proxy;

import mckernelj.ihk.launch.ProxyArena;

/**
 * One thread of a servant and its mailbox. Used by one party at a time: fill {@link #records()}, {@link #submit()}, wait
 * ({@link #replyReady()}, {@link #park}), read {@link #result}. Values that come back were written by the user's process:
 * they are numbers to be range-checked, never addresses or sizes of the node.
 */
public interface ServantSlot {
    Servant servant();

    /** Thread id; for the first thread the pid. */
    int tid();

    /** Begins a new list. The slot must be idle. */
    RecordList records();

    /** Hands the list to the servant. Records run in order, whatever they return; a call that may block must be last. */
    void submit();

    /** True if the last list has been executed, or the process has ended. */
    boolean replyReady();

    /**
     * True if signals that came to the thread have not been told to the listener yet. If it is false when a reply has been seen, all
     * that came before the reply have been told.
     */
    boolean hasSignals();

    /** Result of record {@code index} as the kernel gave it; -ESRCH if the process ended before the list did. */
    long result(int index);

    /**
     * Blocks the calling host thread until {@link #replyReady()} may have become true, {@link #wake()} was called or the
     * time is over. One thread at a time. The servant's thread moves to the host CPU of the caller, where the hand-over is
     * cheapest.
     */
    void park(long nanos);

    /** True if the servant's thread sleeps or is stopped: in the call it executes, or because it has executed the list. */
    boolean asleep();

    /** Any thread: ends the current or else the next {@link #park}. */
    void wake();

    /** Blocks until {@link #replyReady()}. */
    void await();

    /** Hands the list to the servant and waits until it was executed. For calls which do not block for long. */
    default void execute() {
        submit();
        await();
    }

    /** Executes one call and waits for it. For calls which do not block for long. */
    long call(int number, long... arguments);

    /**
     * Makes the call that is being executed return -EINTR, if it is one that blocks; a call that has not begun yet does not
     * begin and returns -EINTR. A call of a later list can get a stray -EINTR and must then be repeated. Any thread.
     */
    void interrupt();

    /**
     * Gives back the slot of a thread that is not the first one: its thread executes SYS_exit. The slot must be idle. The
     * kernel clears the tid, after which the slot is used again.
     */
    void exitThread();

    /** The slot's own argument area ({@link mckernelj.ihk.launch.MailboxLayout#ARGUMENTS}), 14 KiB. */
    ProxyArena arguments();
}
