// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * One repetition of a program's work. The program's last argument is how often it repeats; what it takes with 0 repetitions is taken off.
 *
 * @param micros host time
 * @param output what the program printed in the fastest run
 */
record Repetition(double micros, String output) {
    /** Of less than this, noise is too much. */
    private static final double LEAST_MILLIS = 20;

    private static final int MORE = 20;

    /** @param runs of which the fastest counts */
    static Repetition measure(Target target, int runs, long count, String... program)
            throws IOException, InterruptedException {
        double empty = repeat(target, runs, 0, program).millis();
        long times = count;
        Target.Run whole = repeat(target, runs, times, program);
        if (whole.millis() < LEAST_MILLIS + empty) {
            times *= MORE;
            whole = repeat(target, runs, times, program);
        }
        return new Repetition((whole.millis() - empty) * 1000 / times, whole.output());
    }

    private static Target.Run repeat(Target target, int runs, long count, String... program)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program));
        command.add(Long.toString(count));
        return target.fastest(runs, command.toArray(String[]::new));
    }
}
