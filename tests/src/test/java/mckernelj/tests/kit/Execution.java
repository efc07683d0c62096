// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.kit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One command to be run in a given directory with a given environment and input. A command that does not end within the limit is killed,
 * and the test fails: the limit says nothing about speed, it only keeps a hung program from stopping the suite.
 */
public final class Execution {
    private static final int DEFAULT_LIMIT_SECONDS = 300;

    private final ProcessBuilder builder;
    private Path input;
    private int limitSeconds = DEFAULT_LIMIT_SECONDS;

    private Execution(List<String> command) {
        builder = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    }

    public static Execution of(List<String> command) {
        return new Execution(command);
    }

    public static Execution of(String... command) {
        return new Execution(List.of(command));
    }

    public Execution in(Path directory) {
        builder.directory(directory.toFile());
        return this;
    }

    /** Exactly these variables, none of this JVM's. */
    public Execution environment(Map<String, String> variables) {
        builder.environment().clear();
        builder.environment().putAll(variables);
        return this;
    }

    /** One variable more. */
    public Execution with(String variable, String value) {
        builder.environment().put(variable, value);
        return this;
    }

    /** Standard input is a pipe that delivers this file. */
    public Execution input(Path file) {
        input = file;
        builder.redirectInput(ProcessBuilder.Redirect.PIPE);
        return this;
    }

    public Execution limit(int seconds) {
        limitSeconds = seconds;
        return this;
    }

    public Process start() {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs the command to its end; one that does not come to it fails the test. */
    public Outcome run() {
        Outcome outcome = runOrKill();
        if (outcome.wasKilledByUs()) {
            throw new AssertionError(String.join(" ", builder.command()) + " did not end within " + limitSeconds
                    + " s; so far: " + outcome);
        }
        return outcome;
    }

    /** Runs the command to its end, or kills it with SIGKILL when the limit is reached. */
    public Outcome runOrKill() {
        Process process = start();
        try {
            Thread feeder = input == null ? null : daemon(() -> feed(process.getOutputStream()));
            Collector output = new Collector(process.getInputStream());
            Collector error = new Collector(process.getErrorStream());
            boolean ended = process.waitFor(limitSeconds, TimeUnit.SECONDS);
            if (!ended) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
            int status = process.waitFor();
            if (feeder != null) {
                feeder.join(Collector.PATIENCE_MILLIS);
            }
            return new Outcome(status, output.bytes(), error.bytes(), !ended);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void feed(OutputStream stream) {
        try (stream) {
            java.nio.file.Files.copy(input, stream);
        } catch (IOException e) {
            // the program does not want more
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "standard stream");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Reads a stream to its end, or to the end of patience: a grandchild may keep it open. */
    private static final class Collector {
        private static final long PATIENCE_MILLIS = 20_000;

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final Thread thread;

        Collector(InputStream stream) {
            thread = daemon(() -> collect(stream));
        }

        private void collect(InputStream stream) {
            try (stream) {
                stream.transferTo(bytes);
            } catch (IOException e) {
                // the process was killed: what came is what there is
            }
        }

        byte[] bytes() throws InterruptedException {
            thread.join(PATIENCE_MILLIS);
            return bytes.toByteArray();
        }
    }
}
