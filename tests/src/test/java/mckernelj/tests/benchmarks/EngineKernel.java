// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A compiled kernel of {@code guest/bench/engine}.
 *
 * @param label file and build, {@code crc32/O2}
 */
record EngineKernel(String label, Path program) {
    private static final String SOURCES = "tests/src/test/guest/bench/engine";
    private static final String HARNESS = "harness.c";

    /** Compiles into a directory the kernels whose label the expression finds, in alphabetical order. */
    static List<EngineKernel> compile(Path project, Path directory, Pattern wanted, List<Build> builds)
            throws IOException, InterruptedException {
        List<EngineKernel> kernels = new ArrayList<>();
        Path sources = project.resolve(SOURCES);
        for (Path source : sources(sources)) {
            String name = source.getFileName().toString().replace(".c", "");
            for (Build build : builds) {
                String label = name + "/" + build.label();
                if (wanted.matcher(label).find()) {
                    Path program = directory.resolve(name + "-" + build.label());
                    String harness = sources.resolve(HARNESS).toString();
                    Target.HOST.run(build.command(program.toString(), List.of(source.toString(), harness))
                            .toArray(String[]::new));
                    kernels.add(new EngineKernel(label, program));
                }
            }
        }
        return kernels;
    }

    private static List<Path> sources(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".c") && !file.endsWith(HARNESS))
                    .sorted()
                    .toList();
        }
    }
}
