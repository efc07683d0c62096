// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.translate;

/** What can be turned off. The machine does the same without it, in the same number of cycles. */
public enum Optimisation {
    /** Translations of {@link Tier#QUICK}. */
    QUICK,

    /** Translations of {@link Tier#FULL}. */
    FULL,

    /** Loops of a region are methods of their own. */
    LOOPS,

    /** Where indirect jumps have gone is in the region. */
    TARGETS,

    /** A region that goes on with others is formed once more, together with them. */
    REFORMING,

    /** A region leaves where it would have to call what is rare. */
    LEAVING
}
