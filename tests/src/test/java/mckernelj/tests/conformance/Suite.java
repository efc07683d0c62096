// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mckernelj.tests.kit.Execution;
import mckernelj.tests.kit.GuestPrograms;
import mckernelj.tests.kit.Outcome;
import mckernelj.tests.kit.Project;

/**
 * A program of {@code src/test/conformance}: many named cases, each of which says in one line of output whether it passed. Compiled anew
 * when a source or the harness is newer than the program.
 */
record Suite(String name) {
    private static final String PASSED = "ok";
    private static final int LIMIT_SECONDS = 300;

    static List<Suite> all() {
        try (Stream<Path> files = Files.list(sources())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".c"))
                    .sorted()
                    .map(file -> new Suite(file.substring(0, file.length() - 2)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path sources() {
        return Project.guestSources().resolveSibling("conformance");
    }

    Path compiled() {
        assumeTrue(GuestPrograms.isInstalled("gcc"), "no gcc here");
        Path source = sources().resolve(name + ".c");
        Path program = GuestPrograms.directory().resolve("conformance").resolve(name);
        try {
            if (isOlder(program, source) || isOlder(program, sources().resolve("suite.h"))) {
                Files.createDirectories(program.getParent());
                Outcome outcome = Execution.of(
                                "gcc", "-O1", "-w", "-static", "-o", program.toString(), source.toString(), "-lpthread")
                        .run();
                assertThat(outcome.status()).as(outcome.toString()).isZero();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return program;
    }

    private static boolean isOlder(Path program, Path source) throws IOException {
        return !Files.exists(program)
                || Files.getLastModifiedTime(program).compareTo(Files.getLastModifiedTime(source)) < 0;
    }

    /** Runs a command that ends in this program; the result of each case that was tried, in order: "ok" or what was wrong. */
    static Map<String, String> results(List<String> command, Path directory) {
        Outcome outcome =
                Execution.of(command).in(directory).limit(LIMIT_SECONDS).runOrKill();
        Map<String, String> results = new LinkedHashMap<>();
        for (String line : outcome.output().split("\n")) {
            int colon = line.indexOf(": ");
            if (colon > 0) {
                results.put(line.substring(0, colon), line.substring(colon + 2));
            }
        }
        return results;
    }

    static boolean passed(String result) {
        return PASSED.equals(result);
    }
}
