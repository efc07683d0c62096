// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The programs of {@code src/test/guest}, compiled when they are first asked for and kept in {@code target/guest} until their source
 * changes. Without a compiler a test that wants one is skipped.
 */
public final class GuestPrograms {
    /** How a program is linked; the lower-case name is that of its directory. */
    public enum Linkage {
        STATIC("static", "-static"),
        DYNAMIC("dynamic", "-rdynamic");

        private final String directory;
        private final String option;

        Linkage(String directory, String option) {
            this.directory = directory;
            this.option = option;
        }
    }

    private GuestPrograms() {}

    /** Parent of the directories {@code static} and {@code dynamic}. */
    public static Path directory() {
        return Project.target().resolve("guest");
    }

    public static Path statically(String name) {
        return compiled(name, Linkage.STATIC);
    }

    public static Path dynamically(String name) {
        return compiled(name, Linkage.DYNAMIC);
    }

    /** Compiles {@code static/name} or {@code dynamic/name} if it is not there yet. */
    public static Path compiled(String name, Linkage linkage) {
        Path source = source(name);
        Path program = directory().resolve(linkage.directory).resolve(name);
        try {
            if (!Files.exists(program)
                    || Files.getLastModifiedTime(program).compareTo(Files.getLastModifiedTime(source)) < 0) {
                Files.createDirectories(program.getParent());
                compile(source, program, linkage);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return program;
    }

    private static Path source(String name) {
        Path c = Project.guestSources().resolve(name + ".c");
        return Files.exists(c) ? c : Project.guestSources().resolve(name + ".cpp");
    }

    private static void compile(Path source, Path program, Linkage linkage) throws IOException {
        String compiler = source.toString().endsWith(".cpp") ? "g++" : "gcc";
        assumeTrue(isInstalled(compiler), "no " + compiler + " here: " + source.getFileName() + " is not tried");
        List<String> command = new ArrayList<>(List.of(compiler, "-O2", "-w", linkage.option));
        if (Files.readString(source).contains("<omp.h>")) {
            command.add("-fopenmp");
        }
        command.addAll(List.of("-o", program.toString(), source.toString(), "-lm", "-lpthread", "-lutil"));
        Outcome outcome = Execution.of(command).run();
        assertThat(outcome.status()).as(outcome.toString()).isZero();
    }

    /** Whether a command is in a directory of PATH. */
    public static boolean isInstalled(String command) {
        for (String directory : System.getenv("PATH").split(":")) {
            if (Files.isExecutable(Path.of(directory, command))) {
                return true;
            }
        }
        return false;
    }
}
