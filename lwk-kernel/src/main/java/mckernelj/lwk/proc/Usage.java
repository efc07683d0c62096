// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.proc;

import mckernelj.lwk.sched.KernelThread;

/**
 * What threads have used (getrusage(2)): times in cycles, faults and switches in numbers, the largest resident set in
 * pages.
 */
public record Usage(
        long userCycles,
        long systemCycles,
        long minorFaults,
        long majorFaults,
        long voluntarySwitches,
        long involuntarySwitches,
        long peakPages) {
    public static final Usage NONE = new Usage(0, 0, 0, 0, 0, 0, 0);

    /** Of one thread, up to now. */
    public static Usage of(KernelThread thread) {
        return new Usage(
                thread.userCycles(),
                thread.systemCycles(),
                thread.minorFaults(),
                thread.majorFaults(),
                thread.voluntarySwitches(),
                thread.involuntarySwitches(),
                0);
    }

    /** Both together; of the resident sets the larger one. */
    public Usage plus(Usage other) {
        return new Usage(
                userCycles + other.userCycles,
                systemCycles + other.systemCycles,
                minorFaults + other.minorFaults,
                majorFaults + other.majorFaults,
                voluntarySwitches + other.voluntarySwitches,
                involuntarySwitches + other.involuntarySwitches,
                Math.max(peakPages, other.peakPages));
    }

    public Usage withPeakPages(long pages) {
        return plus(new Usage(0, 0, 0, 0, 0, 0, pages));
    }
}
