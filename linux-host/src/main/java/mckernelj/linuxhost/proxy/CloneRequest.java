// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.proxy;

/** A thread or process that is being cloned from a slot of a servant. */
public interface CloneRequest<T> {
    /** To be called once, when the caller's slot has its reply: makes the child usable. Returns tid or pid, or -errno. */
    long complete();

    /** Waits for the reply, then completes. */
    CloneRequest<T> await();

    /** What {@link #complete} returned. */
    long result();

    /** The child; null if the result is an error. */
    T child();
}
