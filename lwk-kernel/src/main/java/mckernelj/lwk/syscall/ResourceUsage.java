// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.syscall;

import mckernelj.lwk.proc.Kernel;
import mckernelj.lwk.proc.Thread;

/** struct rusage: user and system time, largest resident set; the rest is 0. */
final class ResourceUsage {
    private static final int WORDS = 18;

    private ResourceUsage() {}

    static boolean write(Kernel kernel, Thread self, long pointer, long userCycles, long systemCycles, long peakPages) {
        long[] words = new long[WORDS];
        long[] user = TimeValues.timeval(kernel.clock().nanosOf(userCycles));
        long[] system = TimeValues.timeval(kernel.clock().nanosOf(systemCycles));
        words[0] = user[0];
        words[1] = user[1];
        words[2] = system[0];
        words[3] = system[1];
        words[4] = peakPages * 4;
        return self.user().writeLongs(pointer, words);
    }
}
