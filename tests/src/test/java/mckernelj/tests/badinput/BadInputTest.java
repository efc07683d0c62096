// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import mckernelj.node.MachineShape;
import mckernelj.node.McKernelNode;
import mckernelj.node.NodeOptions;
import mckernelj.tests.kit.Execution;
import mckernelj.tests.kit.GuestPrograms;
import mckernelj.tests.kit.Outcome;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** After each bad program the node still runs a good one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {
    private static final int SIGKILL_STATUS = 137;
    private static final int SIGSEGV_STATUS = 139;

    private McKernelNode node;

    @TempDir
    private Path directory;

    @BeforeAll
    void boot() throws Exception {
        node = McKernelNode.boot(NodeOptions.DEFAULT.withShape(new MachineShape(4, 1, 512L << 20)));
    }

    @AfterAll
    void stop() {
        if (node != null) {
            node.close();
        }
    }

    @AfterEach
    void the_node_still_runs_programs() {
        Outcome outcome = run("/bin/echo", "alive");
        assertThat(outcome.output()).as(outcome.toString()).isEqualTo("alive\n");
        assertThat(node.kmsg()).doesNotContain("panic");
    }

    private Outcome run(String program, String... arguments) {
        return execution(program, arguments).run();
    }

    private Execution execution(String program, String... arguments) {
        return Execution.of(node.command(program, arguments)).in(directory);
    }

    private Path executable(String name, byte[] bytes) throws IOException {
        Path file = directory.resolve(name);
        Files.write(file, bytes);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void refused(String program, String reason) {
        Outcome outcome = run(program);
        assertThat(outcome.error()).isEqualTo(program + ": could not load program: " + reason + "\n");
        assertThat(outcome.output()).isEmpty();
        assertThat(outcome.status()).isEqualTo(1);
    }

    @Test
    void a_program_that_is_not_there_is_refused() {
        refused("/nonexistent/program", "No such file or directory");
        refused("nonexistent-program", "No such file or directory");
        refused("", "No such file or directory");
    }

    @Test
    void a_directory_is_refused() {
        refused("/tmp", "Permission denied");
    }

    @Test
    void a_file_that_is_not_executable_is_refused() throws IOException {
        Files.setPosixFilePermissions(
                executable("plain", TinyElf.bytes()), PosixFilePermissions.fromString("rw-r--r--"));
        refused("./plain", "Permission denied");
    }

    @Test
    void a_device_is_refused() {
        refused("/dev/null", "Permission denied");
    }

    @Test
    void an_empty_file_is_refused() throws IOException {
        executable("empty", new byte[0]);
        refused("./empty", "Exec format error");
    }

    @Test
    void a_file_that_is_no_program_is_refused() throws IOException {
        executable("text", "no program\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        refused("./text", "Exec format error");
    }

    @Test
    void a_script_whose_interpreter_is_missing_is_refused() throws IOException {
        executable("script", "#!/nonexistent/interpreter -x\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        refused("./script", "No such file or directory");
    }

    @Test
    void a_script_that_is_its_own_interpreter_is_refused() throws IOException {
        executable("loop", "#!./loop\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        Outcome outcome = run("./loop");
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.error()).startsWith("./loop: could not load program: ");
    }

    @Test
    void the_undamaged_file_runs() throws IOException {
        executable("tiny", TinyElf.bytes());
        Outcome outcome = run("./tiny");
        assertThat(outcome.output()).as(outcome.toString()).isEqualTo("ok\n");
        assertThat(outcome.status()).isZero();
    }

    @Test
    void programs_of_other_machines_are_refused() throws IOException {
        byte[] i386 = TinyElf.bytes();
        i386[4] = 1;
        i386[18] = 3;
        executable("i386", i386);
        refused("./i386", "Exec format error");
        byte[] aarch64 = TinyElf.bytes();
        aarch64[18] = (byte) 183;
        executable("aarch64", aarch64);
        refused("./aarch64", "Exec format error");
    }

    @Test
    void every_truncation_of_a_program_ends_cleanly() throws IOException {
        byte[] good = TinyElf.bytes();
        for (int length : List.of(1, 4, 16, 52, 63, 64, 65, 119, 120, 176, 231, 232, 1000, 4095, 4096, 4097, 4100)) {
            executable("cut", java.util.Arrays.copyOf(good, length));
            Outcome outcome = run("./cut");
            assertThat(outcome.status()).as("%d bytes: %s", length, outcome).isIn(1, SIGSEGV_STATUS, 132, 135);
        }
    }

    @Test
    void a_program_whose_interpreter_is_missing_is_refused() throws IOException {
        byte[] program = Files.readAllBytes(GuestPrograms.dynamically("hello"));
        String text = new String(program, java.nio.charset.StandardCharsets.ISO_8859_1);
        program[text.indexOf("ld-linux")] = 'X';
        executable("lost", program);
        refused("./lost", "No such file or directory");
    }

    @Test
    void damaged_headers_do_no_harm() throws IOException {
        damaged(TinyElf.bytes(), LongStream.range(0, 300));
    }

    @Test
    void damaged_headers_of_a_dynamic_program_do_no_harm() throws IOException {
        damaged(Files.readAllBytes(GuestPrograms.dynamically("hello")), LongStream.range(0, 100));
    }

    @Tag("slow")
    @Test
    void thousands_of_damaged_headers_do_no_harm() throws IOException {
        damaged(TinyElf.bytes(), LongStream.range(1000, 4000));
        damaged(Files.readAllBytes(GuestPrograms.dynamically("hello")), LongStream.range(4000, 5000));
    }

    /** Each is refused in one sentence, runs, or is killed by a signal. */
    private void damaged(byte[] good, LongStream seeds) {
        List<String> wrong = new ArrayList<>();
        seeds.forEach(seed -> {
            try {
                executable("damaged", TinyElf.damaged(good, seed));
                Outcome outcome = execution("./damaged").limit(10).runOrKill();
                boolean refused =
                        outcome.status() == 1 && outcome.error().startsWith("./damaged: could not load program: ");
                boolean died = outcome.status() > 128 && outcome.error().isEmpty();
                boolean ran = outcome.status() <= 1 || outcome.status() == 127;
                if (!refused && !died && !ran || outcome.error().contains("failed in the node")) {
                    wrong.add("seed " + seed + ": " + outcome);
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"stack", "kernel", "far", "nx", "segv"})
    void a_wild_program_dies_of_a_segmentation_fault(String how) {
        Outcome outcome = run(GuestPrograms.statically("crash").toString(), how);
        assertThat(outcome.status()).as(outcome.toString()).isEqualTo(SIGSEGV_STATUS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"unmap", "signals", "frame"})
    void a_program_that_wrecks_itself_dies(String how) {
        Outcome outcome = run(GuestPrograms.statically("hostile").toString(), how);
        assertThat(outcome.status()).as(outcome.toString()).isEqualTo(SIGSEGV_STATUS);
    }

    @Test
    void a_program_that_allocates_for_ever_ends_and_its_memory_comes_back() throws Exception {
        String hostile = GuestPrograms.statically("hostile").toString();
        run(hostile);
        long[] before = node.os().queryFreeMemory();
        for (int i = 0; i < 3; i++) {
            Outcome outcome = run(hostile, "allocate");
            assertThat(outcome.status()).as(outcome.toString()).isIn(0, SIGKILL_STATUS, SIGSEGV_STATUS, 135);
        }
        assertThat(node.os().queryFreeMemory()[0]).isGreaterThan(before[0] - (8L << 20));
    }

    @Test
    void a_program_that_executes_garbage_ends() {
        Outcome outcome = run(GuestPrograms.statically("hostile").toString(), "garbage", "1", "50");
        assertThat(outcome.output()).as(outcome.toString()).isEqualTo("50 ended\n");
    }

    @Tag("slow")
    @Test
    void a_thousand_pieces_of_garbage_end() {
        Outcome outcome = execution(GuestPrograms.statically("hostile").toString(), "garbage", "1000", "1000")
                .limit(600)
                .run();
        assertThat(outcome.output()).as(outcome.toString()).isEqualTo("1000 ended\n");
    }

    @Test
    void many_children_at_once_all_end() {
        Outcome outcome = run(GuestPrograms.statically("hostile").toString(), "forks", "40");
        assertThat(outcome.output()).as(outcome.toString()).isEqualTo("all ended\n");
    }

    @Test
    void what_a_program_leaves_behind_ends() {
        Outcome outcome = run(GuestPrograms.statically("hostile").toString(), "abandon");
        assertThat(outcome.status()).as(outcome.toString()).isEqualTo(3);
    }

    @Test
    void a_program_that_never_ends_can_be_killed() {
        String hostile = GuestPrograms.statically("hostile").toString();
        for (int i = 0; i < 6; i++) { // more often than there are processors
            assertThat(execution(hostile, "spin").limit(1).runOrKill().status()).isEqualTo(SIGKILL_STATUS);
        }
    }
}
