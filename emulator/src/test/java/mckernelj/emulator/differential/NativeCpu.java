// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.differential;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The host's processor as oracle: compiles native-runner.c with gcc and lets it execute batches of cases. */
final class NativeCpu {
    private static final int CASE_BYTES = 16 + 24 + MachineState.BYTES;
    private static final int OUTCOME_BYTES = 6 * 8 + MachineState.BYTES;
    private static final int SIGTRAP = 5;
    private static final int SIGALRM = 14;
    private static final int PAGE_FAULT = 14;
    private static final int BREAKPOINT = 3;

    /** The host's kernel half is present, and nothing is on the bench. */
    private static final long PRESENT = 1;

    private final Path runner;
    private final Path directory;

    private NativeCpu(Path runner, Path directory) {
        this.runner = runner;
        this.directory = directory;
    }

    /** Compiles the runner; null if this host cannot (no x86-64, no gcc). */
    static NativeCpu create() throws IOException, InterruptedException {
        if (!System.getProperty("os.arch").equals("amd64")) {
            return null;
        }
        Path source = Path.of("src/test/c/native-runner.c");
        if (!Files.exists(source)) {
            source = Path.of("emulator").resolve(source);
        }
        Path directory =
                Files.createDirectories(source.resolve("../../../../target").normalize());
        Path runner = directory.resolve("native-runner");
        try {
            Process gcc = new ProcessBuilder(
                            "gcc",
                            "-O1",
                            "-fPIE",
                            "-pie",
                            "-fcf-protection=none",
                            "-o",
                            runner.toString(),
                            source.toString())
                    .redirectErrorStream(true)
                    .start();
            String messages = new String(gcc.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            if (gcc.waitFor() != 0) {
                throw new IOException("gcc cannot compile " + source + ": " + messages);
            }
        } catch (IOException e) {
            if (e.getMessage() != null && e.getMessage().startsWith("Cannot run program")) {
                return null;
            }
            throw e;
        }
        return new NativeCpu(runner, directory);
    }

    /** Executes all cases; fails with the case that killed the runner if one does. */
    List<Outcome> run(List<TestCase> cases) throws IOException, InterruptedException {
        Path in = Files.createTempFile(directory, "cases", ".bin");
        Path out = Files.createTempFile(directory, "outcomes", ".bin");
        try {
            write(cases, in);
            Process process = new ProcessBuilder(runner.toString())
                    .redirectInput(in.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            if (!process.waitFor(120, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            return read(cases, out, process);
        } finally {
            Files.delete(in);
            Files.delete(out);
        }
    }

    private static void write(List<TestCase> cases, Path file) throws IOException {
        ByteBuffer record = ByteBuffer.allocate(CASE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        try (OutputStream stream = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            for (TestCase test : cases) {
                record.clear();
                record.putLong(test.code().length);
                record.putLong(test.codeSize());
                record.put(test.code());
                record.position(16 + 24);
                test.before().write(record);
                stream.write(record.array());
            }
        }
    }

    private static List<Outcome> read(List<TestCase> cases, Path file, Process process) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<Outcome> outcomes = new ArrayList<>(cases.size());
        while (bytes.remaining() >= OUTCOME_BYTES) {
            outcomes.add(outcome(bytes));
        }
        if (outcomes.size() != cases.size()) {
            throw new IOException("native runner ended at case " + outcomes.size() + " with "
                    + (process.isAlive() ? "a hang" : process.exitValue()) + ": " + cases.get(outcomes.size()));
        }
        return outcomes;
    }

    private static Outcome outcome(ByteBuffer in) {
        long signal = in.getLong();
        int trap = (int) in.getLong();
        long error = in.getLong();
        long cr2 = in.getLong();
        long rip = in.getLong();
        long outside = in.getLong();
        MachineState after = MachineState.read(in);
        if (signal == SIGTRAP) {
            return new Outcome(Outcome.COMPLETED, 0, 0, trap == BREAKPOINT ? rip - 1 : rip, outside, after);
        }
        if (signal == SIGALRM) {
            return new Outcome(Outcome.HUNG, 0, 0, rip, outside, after);
        }
        if (rip != MachineState.START) {
            // a branch to where nothing is mapped: the fault is the next fetch's
            return new Outcome(Outcome.COMPLETED, 0, 0, rip, outside, after);
        }
        boolean pageFault = trap == PAGE_FAULT;
        return new Outcome(trap, pageFault ? error & ~PRESENT : 0, pageFault ? cr2 : 0, rip, outside, after);
    }
}
