// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.proxy;

import java.util.function.IntFunction;
import mckernelj.ihk.Errno;

/** A clone or fork that was submitted as record {@code record} of the caller's list. */
final class CloneOutcome<T> implements CloneRequest<T> {
    private final MailboxSlot caller;
    private final int record;
    private final IntFunction<T> whenStarted;
    private final Runnable whenFailed;
    private long result;
    private T child;

    CloneOutcome(MailboxSlot caller, int record, IntFunction<T> whenStarted, Runnable whenFailed) {
        this.caller = caller;
        this.record = record;
        this.whenStarted = whenStarted;
        this.whenFailed = whenFailed;
    }

    /** One that failed before anything was submitted. */
    static <T> CloneOutcome<T> failed(long error) {
        CloneOutcome<T> outcome = new CloneOutcome<>(null, 0, null, null);
        outcome.result = error;
        return outcome;
    }

    @Override
    public long complete() {
        if (caller != null) {
            long id = caller.result(record);
            // The number comes from the user's process.
            result = id == 0 || id != (int) id ? -Errno.EAGAIN : id;
            if (result > 0) {
                child = whenStarted.apply((int) result);
            } else {
                whenFailed.run();
            }
        }
        return result;
    }

    @Override
    public CloneRequest<T> await() {
        if (caller != null) {
            caller.await();
        }
        complete();
        return this;
    }

    @Override
    public long result() {
        return result;
    }

    @Override
    public T child() {
        return child;
    }
}
