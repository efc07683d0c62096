// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.proxy;

import mckernelj.ihk.launch.ProxyProcess;

/**
 * A proxy process as the delegator sees it: a Linux process that has nothing of its own and executes lists of system
 * calls for the node. One servant stands for one LWK process, one {@link ServantSlot} (a thread of it) for one LWK thread.
 * The pid is the LWK's pid, the slot's tid the LWK's tid.
 *
 * <p>In its address space everything below {@link mckernelj.ihk.launch.MailboxLayout#USER_END} is free for guest pages
 * (see {@link MapRecords}).
 */
public interface Servant extends ProxyProcess {
    /** The slot of the first thread. */
    ServantSlot mainSlot();

    /** Replaces the listener; a death and signals that happened before are told to the new one at once. */
    void setListener(ServantListener listener);

    /**
     * From now on signals that Linux delivers to the servant are told to the listener instead of having their default
     * action; not those which were inherited as ignored, nor SIGCHLD, SIGURG and SIGWINCH, whose default is to be ignored
     * ({@link SignalRecords#report} adds them when the guest handles them). Once, for a program's first process: a forked
     * servant inherits it. Executes a list on the main slot.
     */
    void reportSignals();

    /**
     * Submits SYS_clone of a thread on {@code caller}, which must be idle and a slot of this servant. Once {@code
     * caller.replyReady()}, {@link CloneRequest#complete()} must be called (the caller's slot is busy until then).
     */
    CloneRequest<ServantSlot> beginThread(ServantSlot caller);

    /**
     * As {@link #beginThread}: a process. Of {@code cloneFlags} those count which concern descriptors, directory, parent and exit signal.
     * The child has the parent's mappings and one slot; it has no listener yet.
     */
    CloneRequest<Servant> beginFork(ServantSlot caller, long cloneFlags);

    /** {@link #beginThread} and its completion; blocks for about 0.1 ms. */
    default CloneRequest<ServantSlot> newThread(ServantSlot caller) {
        return beginThread(caller).await();
    }

    /** {@link #beginFork} of an ordinary child and its completion; blocks for about 0.1 ms. */
    default CloneRequest<Servant> fork(ServantSlot caller) {
        return beginFork(caller, SignalRecords.SIGCHLD).await();
    }

    /**
     * Submits exit_group(status) on an idle slot. Does not wait: {@link ServantListener#onDeath} tells the end.
     */
    void exitGroup(ServantSlot caller, int status);

    /** Submits the process's end by {@code signal} (no core file) on an idle slot, after {@code lastWords} to stderr. Does not wait. */
    void killSelf(ServantSlot caller, int signal, String lastWords);

    /**
     * Submits a stop by {@code signal} on an idle slot, whose reply comes when the process was continued. The process's
     * parent sees the true stop signal.
     */
    void stop(ServantSlot caller, int signal);

    /** SIGKILL from the node, whatever the servant is doing. Does not wait. */
    void kill();

    /** Continues the process; the SIGCONT is not told to the listener. */
    void resume();

    /** True if the process is stopped (state T in /proc/pid/stat); 5 us. SIGSTOP cannot be noticed in another way. */
    boolean stopped();

    /**
     * Tells the listener the signals that have arrived in this slot's ring and were not told yet. To be called when a call
     * returned -EINTR, before the delegator looks whether a guest signal is deliverable.
     */
    void drainSignals(ServantSlot slot);
}
