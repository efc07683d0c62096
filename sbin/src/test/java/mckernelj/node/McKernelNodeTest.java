// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole chain: client process, node, machine, LWK, and Linux programs of the host. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class McKernelNodeTest {
    private static McKernelNode node;

    @TempDir
    Path directory;

    @BeforeAll
    static void boot() throws Exception {
        node = McKernelNode.boot(NodeOptions.DEFAULT);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void the_kernel_says_that_it_has_booted() {
        assertThat(node.kmsg()).startsWith("IHK/McKernel started.").contains("IHK/McKernel booted.");
    }

    @Test
    void a_program_has_arguments_output_and_status() {
        assertThat(node.run("/bin/sh", "-c", "echo \"$0-$1\"; echo err >&2; exit 3", "a", "b c"))
                .isEqualTo(new McKernelNode.Result(3, "a-b c\n", "err\n"));
    }

    @Test
    void a_program_reads_its_standard_input() {
        byte[] input = "one\ntwo\n".repeat(10_000).getBytes(StandardCharsets.UTF_8);
        assertThat(node.run(input, "/bin/cat").output()).isEqualTo(new String(input, StandardCharsets.UTF_8));
    }

    @Test
    void processes_of_a_pipeline_share_pipes_and_are_waited_for() {
        assertThat(node.run(
                                "/bin/sh",
                                "-c",
                                "for i in 3 1 2; do echo $i; done | sort | tr '\\n' ' '; (exit 5); echo $?")
                        .output())
                .isEqualTo("1 2 3 5\n");
    }

    @Test
    void a_program_that_is_killed_ends_by_the_signal() throws Exception {
        assertThat(node.run("/bin/sh", "-c", "kill -TERM $$").status()).isEqualTo(128 + 15);
        Process process = node.start("/bin/cat");
        process.getOutputStream().write('x');
        process.getOutputStream().flush();
        assertThat(process.getInputStream().read()).isEqualTo('x');
        process.destroyForcibly();
        assertThat(process.waitFor()).isEqualTo(128 + 9);
    }

    @Test
    void a_signal_to_the_client_interrupts_a_delegated_call() throws Exception {
        Process process = node.start("/bin/sh", "-c", "trap 'echo caught; exit 4' USR1; echo ready; read line");
        byte[] ready = process.getInputStream().readNBytes(6);
        assertThat(new String(ready, StandardCharsets.UTF_8)).isEqualTo("ready\n");
        new ProcessBuilder("sh", "-c", "kill -USR1 " + process.pid()).start().waitFor();
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("caught\n");
        assertThat(process.waitFor()).isEqualTo(4);
    }

    @Test
    void a_program_finds_itself_in_proc() {
        assertThat(node.run("/bin/sh", "-c", "readlink /proc/self/exe; cat /proc/self/comm")
                        .output())
                .isEqualTo("/usr/bin/readlink\ncat\n");
    }

    @Test
    void files_are_read_and_written_by_delegated_calls() throws Exception {
        Path file = directory.resolve("data");
        Files.writeString(file, "hello world\n");
        Path copy = directory.resolve("copy");
        assertThat(node.run("/bin/sh", "-c", "cp " + file + " " + copy + " && cmp " + file + " " + copy)
                        .status())
                .isZero();
        assertThat(copy).hasContent("hello world\n");
    }

    @Test
    void a_missing_program_is_the_callers_mistake() {
        McKernelNode.Result result = node.run("/nonexistent/program");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.error())
                .isEqualTo("/nonexistent/program: could not load program: No such file or directory\n");
    }

    @Test
    void many_programs_at_once_do_not_disturb_each_other() throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(8);
        try {
            List<Callable<McKernelNode.Result>> calls = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                String word = "word " + i;
                calls.add(() -> node.run("/bin/echo", word));
            }
            int i = 0;
            for (Future<McKernelNode.Result> call : callers.invokeAll(calls)) {
                assertThat(call.get()).isEqualTo(new McKernelNode.Result(0, "word " + i++ + "\n", ""));
            }
        } finally {
            callers.shutdown();
        }
    }
}
