// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.ihk;

/**
 * Follows the life of OS instances (upstream: OS notifiers). Called by the host thread that boots or stops the
 * instance.
 */
public interface OsListener {
    /** Before the LWK's first instruction: the place to set handlers at {@link OsInstance#endpoint()}. */
    default void booting(OsInstance os) {}

    /** The LWK is RUNNING. */
    default void booted(OsInstance os) {}

    /** Before the processors are reset: the LWK still runs (or hangs). Last chance to end its processes. */
    default void stopping(OsInstance os) {}

    /** The processors are reset, the memory is about to go. */
    default void stopped(OsInstance os) {}
}
