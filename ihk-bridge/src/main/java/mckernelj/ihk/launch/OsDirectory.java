// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.launch;

/** The OS instances of the node as programs see them: /dev/mcos0, /dev/mcos1, ... */
@FunctionalInterface
public interface OsDirectory {
    /** The running instance of this index, or null if there is none (or it does not run). */
    OsAccess open(int osIndex);
}
