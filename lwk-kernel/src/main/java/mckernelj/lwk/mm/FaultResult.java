// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.mm;

/** What became of a page fault. */
public enum FaultResult {
    RESOLVED,
    /** SIGSEGV, SEGV_MAPERR: nothing is mapped there. */
    NOT_MAPPED,
    /** SIGSEGV, SEGV_ACCERR: the protection forbids it. */
    FORBIDDEN,
    /** SIGBUS, BUS_ADRERR: behind the end of a file, or the file cannot be read. */
    NO_PAGE,
    /** No memory is left. */
    NO_MEMORY
}
