// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;
import mckernelj.lwk.proc.Usage;

/** struct rusage: times, largest resident set, faults, switches; the rest is 0, most of it as in Linux. */
final class ResourceUsage {
    private static final int WORDS = 18;
    private static final int MAXRSS = 4;
    private static final int MINFLT = 8;
    private static final int MAJFLT = 9;
    private static final int NVCSW = 16;
    private static final int NIVCSW = 17;

    private ResourceUsage() {}

    static boolean write(Kernel kernel, Thread self, long pointer, Usage usage) {
        long[] words = new long[WORDS];
        long[] user = TimeValues.timeval(kernel.clock().nanosOf(usage.userCycles()));
        long[] system = TimeValues.timeval(kernel.clock().nanosOf(usage.systemCycles()));
        words[0] = user[0];
        words[1] = user[1];
        words[2] = system[0];
        words[3] = system[1];
        words[MAXRSS] = usage.peakPages() * 4;
        words[MINFLT] = usage.minorFaults();
        words[MAJFLT] = usage.majorFaults();
        words[NVCSW] = usage.voluntarySwitches();
        words[NIVCSW] = usage.involuntarySwitches();
        return self.user().writeLongs(pointer, words);
    }
}
