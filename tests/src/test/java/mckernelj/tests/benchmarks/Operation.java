// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * An operation of processes and threads of {@code guest/bench/operations.c}.
 *
 * @param processors 1, or 2: one for each of the two parties; a new thread or process may go to the other one
 * @param count repetitions that take some tenths of a second under McKernel/J
 */
record Operation(String name, int processors, long count, String description) {
    static List<Operation> all() {
        return List.of(
                new Operation("forks", 1, 100, "fork, _exit, wait"),
                new Operation("forks", 2, 100, "fork, _exit, wait"),
                new Operation("threads", 1, 500, "pthread_create, pthread_join"),
                new Operation("threads", 2, 500, "pthread_create, pthread_join"),
                new Operation("futex", 1, 10_000, "futex there and back, threads"),
                new Operation("futex", 2, 10_000, "futex there and back, threads"),
                new Operation("yield-threads", 1, 50_000, "sched_yield to another thread"),
                new Operation("yield-processes", 1, 50_000, "sched_yield to another process"),
                new Operation("kills", 1, 50_000, "kill to itself, handler"),
                new Operation("thread-signals", 1, 10_000, "tgkill there and back, handlers"),
                new Operation("thread-signals", 2, 5_000, "tgkill there and back, handlers"),
                new Operation("own-pipe", 1, 5_000, "write and read of one byte, own pipe"),
                new Operation("pipe-pair", 1, 1_000, "byte there and back by pipes, processes"),
                new Operation("pipe-pair", 2, 1_000, "byte there and back by pipes, processes"));
    }

    Repetition measure(Target target, int runs, Path program) throws IOException, InterruptedException {
        return Repetition.measure(target, runs, count, program.toString(), name, Integer.toString(processors));
    }
}
