// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.os;

/** State of an OS instance at user level (libihk); the ordinal is the number, the name is what ihkosctl prints. */
public enum OsStatus {
    INACTIVE,
    BOOTING,
    RUNNING,
    SHUTDOWN,
    PANIC,
    HUNGUP,
    FREEZING,
    FROZEN
}
