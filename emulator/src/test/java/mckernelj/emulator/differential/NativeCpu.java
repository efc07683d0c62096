// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.differential;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The host's processor as oracle: compiles native-runner.c with gcc and lets it execute batches of cases, which go through a file that
 * both have mapped.
 */
final class NativeCpu implements AutoCloseable {
    private static final int CODE_BYTES = 80;
    private static final int CASE_BYTES = 16 + CODE_BYTES + MachineState.BYTES;
    private static final int OUTCOME_BYTES = 8 * 8 + MachineState.BYTES;
    private static final int HEADER_BYTES = 16;
    private static final int RUNNING = 8;
    private static final int CAPACITY = 2048;
    private static final int SIGTRAP = 5;
    private static final int SIGALRM = 14;
    private static final int PAGE_FAULT = 14;
    private static final int BREAKPOINT = 3;

    /** Error code: the page is present, as in the kernel's half of the host. */
    private static final long PRESENT = 1;

    private static final int PAGE_BYTES = 4096;
    private static final long END_OF_CODE = (MachineState.START | PAGE_BYTES - 1) + 1;
    private static final long INSTRUCTION_FETCH = 16;
    private static final long END_OF_USER_ADDRESSES = 0x7FFFFFFFF000L;

    private final Path runner;
    private final Path file;
    private final ByteBuffer shared;
    private Process process;

    private NativeCpu(Path runner) throws IOException {
        this.runner = runner;
        file = Files.createTempFile(runner.getParent(), "cases", ".bin");
        long bytes = HEADER_BYTES + (long) CAPACITY * (CASE_BYTES + OUTCOME_BYTES);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            shared = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes).order(ByteOrder.LITTLE_ENDIAN);
        }
        start();
    }

    private void start() throws IOException {
        process = new ProcessBuilder(runner.toString(), file.toString(), String.valueOf(CAPACITY))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        Files.deleteIfExists(file);
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
                            "-O2",
                            "-fPIE",
                            "-pie",
                            "-fcf-protection=none",
                            "-fno-stack-protector",
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
        return new NativeCpu(runner);
    }

    /** Executes all cases; fails with the case that killed the runner if one does. */
    List<Outcome> run(List<TestCase> cases) throws IOException {
        List<Outcome> outcomes = new ArrayList<>(cases.size());
        for (int from = 0; from < cases.size(); from += CAPACITY) {
            runBatch(cases.subList(from, Math.min(cases.size(), from + CAPACITY)), outcomes);
        }
        return outcomes;
    }

    private void runBatch(List<TestCase> cases, List<Outcome> outcomes) throws IOException {
        for (int i = 0; i < cases.size(); i++) {
            TestCase test = cases.get(i);
            int at = HEADER_BYTES + i * CASE_BYTES;
            shared.putLong(at, test.code().length);
            shared.putInt(at + 8, test.codeSize());
            shared.putInt(at + 12, (int) MachineState.START & 0xFFF);
            shared.put(at + 16, test.code());
            shared.position(at + 16 + CODE_BYTES);
            test.before().write(shared);
        }
        if (!execute(cases.size())) {
            throw new IOException("the native runner died of " + cases.get((int) shared.getLong(RUNNING)));
        }
        for (int i = 0; i < cases.size(); i++) {
            shared.position(HEADER_BYTES + CAPACITY * CASE_BYTES + i * OUTCOME_BYTES);
            outcomes.add(outcome(cases.get(i), shared));
        }
    }

    /** False if the runner died. */
    private boolean execute(int cases) throws IOException {
        ByteBuffer count = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(cases);
        process.getOutputStream().write(count.array());
        process.getOutputStream().flush();
        if (process.getInputStream().readNBytes(4).length == 4) {
            return true;
        }
        start();
        return false;
    }

    /** Code at the end of its page, behind which nothing is mapped. */
    record AtPageEnd(byte[] code, int length, int codeSize) {}

    /** How code at the end of the page ended; {@code needsMore}: by fetching from the page behind before it was complete. */
    record Fetched(int vector, boolean needsMore) {}

    /** Executes pieces of code at the end of the page, all from the same state. */
    List<Fetched> fetch(List<AtPageEnd> pieces, MachineState before) throws IOException {
        List<Fetched> fetched = new ArrayList<>(pieces.size());
        for (int from = 0; from < pieces.size(); from += CAPACITY) {
            fetchBatch(pieces.subList(from, Math.min(pieces.size(), from + CAPACITY)), before, fetched);
        }
        return fetched;
    }

    private void fetchBatch(List<AtPageEnd> batch, MachineState before, List<Fetched> fetched) throws IOException {
        for (int i = 0; i < batch.size(); i++) {
            AtPageEnd piece = batch.get(i);
            int at = HEADER_BYTES + i * CASE_BYTES;
            shared.putLong(at, piece.length);
            shared.putInt(at + 8, piece.codeSize);
            shared.putInt(at + 12, PAGE_BYTES - piece.length);
            shared.put(at + 16, piece.code, 0, piece.length);
            shared.position(at + 16 + CODE_BYTES);
            before.write(shared);
        }
        if (!execute(batch.size())) {
            AtPageEnd last = batch.get((int) shared.getLong(RUNNING));
            throw new IOException("the native runner died of " + HexFormat.of().formatHex(last.code, 0, last.length));
        }
        for (int i = 0; i < batch.size(); i++) {
            int at = HEADER_BYTES + CAPACITY * CASE_BYTES + i * OUTCOME_BYTES;
            boolean stayed = shared.getLong(at + 32) == END_OF_CODE - batch.get(i).length;
            int vector = stayed && shared.getLong(at) != SIGALRM ? (int) shared.getLong(at + 8) : Outcome.COMPLETED;
            boolean fetch = vector == PAGE_FAULT && (shared.getLong(at + 16) & INSTRUCTION_FETCH) != 0;
            fetched.add(new Fetched(vector, fetch && shared.getLong(at + 24) == END_OF_CODE));
        }
    }

    private static Outcome outcome(TestCase test, ByteBuffer in) {
        long signal = in.getLong();
        int trap = (int) in.getLong();
        long error = in.getLong();
        long cr2 = in.getLong();
        long rip = in.getLong();
        long outside = in.getLong();
        long fsBase = in.getLong();
        long gsBase = in.getLong();
        MachineState after = MachineState.read(in);
        if (signal == SIGALRM) {
            return new Outcome(Outcome.HUNG, 0, 0, rip, outside, fsBase, gsBase, after);
        }
        if (signal == SIGTRAP && trap == BREAKPOINT && !test.contains(rip - 1)) {
            return new Outcome(Outcome.COMPLETED, 0, 0, rip - 1, outside, fsBase, gsBase, after);
        }
        if (signal != SIGTRAP && !test.contains(rip)) {
            // a branch to where nothing is mapped: the fault is the next fetch's
            return new Outcome(Outcome.COMPLETED, 0, 0, rip, outside, fsBase, gsBase, after);
        }
        boolean pageFault = trap == PAGE_FAULT;
        boolean kernelHalf = pageFault && (cr2 < 0 || cr2 >= END_OF_USER_ADDRESSES);
        return new Outcome(
                trap, kernelHalf ? error & ~PRESENT : error, pageFault ? cr2 : 0, rip, outside, fsBase, gsBase, after);
    }
}
