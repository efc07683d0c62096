// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.mm;

/**
 * Where a program's arguments and environment lie in its memory, and its auxiliary vector: for /proc/PID.
 *
 * @param auxiliaryVector the words with the terminating pair
 */
public record ProgramArea(
        long argumentsStart, long argumentsEnd, long environmentEnd, java.util.List<Long> auxiliaryVector) {
    public static final ProgramArea NONE = new ProgramArea(0, 0, 0, java.util.List.of());

    /** The environment follows the arguments. */
    public long environmentStart() {
        return argumentsEnd;
    }
}
