// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.benchmarks;

import java.io.IOException;

/**
 * What one run of a kernel printed: see {@code harness.c}. Times are ns of the target's Linux.
 *
 * @param median of the second half of the repetitions
 * @param whole from the program's first instruction to the end
 */
record Sample(String kind, String checksum, long repetitions, long first, long minimum, long median, long whole) {
    static Sample parse(String line) throws IOException {
        String[] words = line.strip().split(" ");
        if (words.length != 8) {
            throw new IOException("not the line of a kernel: " + line);
        }
        return new Sample(
                words[1],
                words[2],
                Long.parseLong(words[3]),
                Long.parseLong(words[4]),
                Long.parseLong(words[5]),
                Long.parseLong(words[6]),
                Long.parseLong(words[7]));
    }

    /** The better of two runs of one target; the first repetition is that of the earlier run. */
    Sample better(Sample later) {
        return new Sample(
                kind,
                checksum,
                repetitions + later.repetitions,
                first,
                Math.min(minimum, later.minimum),
                Math.min(median, later.median),
                whole + later.whole);
    }
}
