// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Something that runs Linux programs: the host, QEMU, McKernel/J. */
final class Target {
    static final Target HOST = new Target(List.of(), Map.of());

    private final List<String> prefix;
    private final Map<String, String> environment;
    private final Path directory;

    /** @param prefix words before the program */
    Target(List<String> prefix, Map<String, String> environment) {
        this(prefix, environment, Path.of(""));
    }

    private Target(List<String> prefix, Map<String, String> environment, Path directory) {
        this.prefix = List.copyOf(prefix);
        this.environment = Map.copyOf(environment);
        this.directory = directory.toAbsolutePath();
    }

    /** The same, whose programs run in a directory. */
    Target in(Path programsDirectory) {
        return new Target(prefix, environment, programsDirectory);
    }

    /** One run: host time from the start of the process to its end, and what it wrote. */
    record Run(double millis, String output) {}

    Run run(String... program) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(program));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).directory(directory.toFile());
        builder.environment().putAll(environment);
        long start = System.nanoTime();
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        int status = process.waitFor();
        double millis = (System.nanoTime() - start) / 1e6;
        if (status != 0) {
            throw new IOException(String.join(" ", command) + ": status " + status + ": " + output);
        }
        return new Run(millis, output);
    }

    Run run(String program, List<String> arguments) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(program));
        words.addAll(arguments);
        return run(words.toArray(String[]::new));
    }

    /** The fastest of {@code runs}. */
    Run fastest(int runs, String... program) throws IOException, InterruptedException {
        Run best = run(program);
        for (int i = 1; i < runs; i++) {
            Run next = run(program);
            best = next.millis() < best.millis() ? next : best;
        }
        return best;
    }
}
