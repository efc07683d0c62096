// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.benchmarks;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A node of its own for a measurement: runtime directory in {@code /tmp}, one operating system, ended by {@link #close}. */
final class BenchNode implements AutoCloseable {
    private final Path project;
    private final Path runtime;
    private final Target host;
    private final double bootMillis;

    private BenchNode(Path project, Path runtime, String... options) throws IOException, InterruptedException {
        this.project = project;
        this.runtime = runtime;
        host = new Target(List.of(), Map.of("MCKERNELJ_RUNTIME", runtime.toString()));
        List<String> command = new ArrayList<>(List.of(tool("mcreboot")));
        command.addAll(List.of(options));
        bootMillis = host.run(command.toArray(String[]::new)).millis();
    }

    /** @param options those of {@code mcreboot} */
    static BenchNode boot(Path project, String... options) throws IOException, InterruptedException {
        Path runtime = Files.createTempDirectory("mckernelj-bench");
        try {
            return new BenchNode(project, runtime, options);
        } catch (IOException e) {
            delete(runtime);
            throw e;
        }
    }

    private String tool(String name) {
        return project.resolve("sbin").resolve(name).toString();
    }

    /** Runs programs by {@code mcexec}. */
    Target mcexec() {
        return new Target(List.of(tool("mcexec")), Map.of("MCKERNELJ_RUNTIME", runtime.toString()));
    }

    double bootMillis() {
        return bootMillis;
    }

    long residentMib() throws IOException {
        String pid = Files.readString(runtime.resolve("node.pid")).strip();
        for (String line : Files.readAllLines(Path.of("/proc", pid, "status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) >> 10;
            }
        }
        return 0;
    }

    @Override
    public void close() throws IOException {
        try {
            host.run(tool("mcstop+release"), "-k");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the node may still run");
        } finally {
            delete(runtime);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
