// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A piece of work of {@code guest/bench/kernels.c}.
 *
 * @param count repetitions that take some tenths of a second under McKernel/J
 * @param isComputation does not enter the kernel, so that its time stamp counter counts instructions
 */
record Kernel(String name, long count, String description, boolean isComputation) {
    static List<Kernel> all() {
        return List.of(
                new Kernel("delegated", 50_000, "getppid: a system call that Linux answers", false),
                new Kernel("local", 300_000, "getpid: a system call that the LWK answers", false),
                new Kernel("integer", 5_000_000, "xorshift, 13 instructions in registers", true),
                new Kernel("sort", 30, "qsort of 4096 integers", true),
                new Kernel("bytecode", 500_000, "interpreter of a stack machine", true),
                new Kernel("matrix", 40, "product of 64 x 64 doubles", true),
                new Kernel("copy", 200, "memcpy, strlen, memchr of 1 MiB", true),
                new Kernel("faults", 50_000, "first touch of a page", false));
    }

    Repetition measure(Target target, int runs, Path program) throws IOException, InterruptedException {
        return Repetition.measure(target, runs, count, program.toString(), name);
    }
}
