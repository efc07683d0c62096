// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.scripts;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import mckernelj.tests.kit.Execution;
import mckernelj.tests.kit.Outcome;
import mckernelj.tests.kit.Project;

/** A user's environment with a runtime directory of its own, in which at most a few nodes run. Closing stops them. */
final class Shell implements AutoCloseable {
    private final Path runtime;
    private final Map<String, String> environment = new HashMap<>();

    Shell() {
        assumeTrue(
                Files.isDirectory(Project.root().resolve("sbin/target/lib")),
                "the jars are not built: mvn package, or sbin/quickstart");
        try {
            runtime = Files.createTempDirectory("mckernelj-scripts");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        environment.put("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin");
        environment.put("LC_ALL", "C.UTF-8");
        environment.put("MCKERNELJ_RUNTIME", runtime.toString());
        // the JVM that runs the tests is the one that is tried
        environment.put("MCKERNELJ_JAVA_HOME", System.getProperty("java.home"));
    }

    Path runtime() {
        return runtime;
    }

    /** A tool of {@code sbin} with these arguments. */
    Execution tool(String name, String... arguments) {
        return of(Stream.concat(Stream.of(Project.tool(name)), Stream.of(arguments))
                .toList());
    }

    /** Any command in this environment. */
    Execution of(List<String> command) {
        return Execution.of(command).environment(environment);
    }

    /** A line for {@code sh -c}, with {@code sbin} in front of PATH. */
    Execution line(String text) {
        return of(List.of("/bin/sh", "-c", text))
                .with("PATH", Project.root().resolve("sbin") + ":" + environment.get("PATH"));
    }

    Outcome run(String name, String... arguments) {
        return tool(name, arguments).run();
    }

    /** The node's process. */
    Optional<ProcessHandle> node(String name) {
        try {
            return ProcessHandle.of(Long.parseLong(
                    Files.readString(runtime.resolve(name + ".pid")).strip()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        try {
            for (String name : nodes()) {
                Optional<ProcessHandle> node = node(name);
                tool("mcstop+release", "-k")
                        .with("MCKERNELJ_NODE", name)
                        .limit(30)
                        .runOrKill();
                node.ifPresent(ProcessHandle::destroyForcibly);
            }
            try (Stream<Path> files = Files.walk(runtime)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> nodes() throws IOException {
        try (Stream<Path> files = Files.list(runtime)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".pid"))
                    .map(name -> name.substring(0, name.length() - ".pid".length()))
                    .toList();
        }
    }
}
