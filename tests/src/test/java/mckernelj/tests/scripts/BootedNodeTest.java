// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import mckernelj.tests.kit.Execution;
import mckernelj.tests.kit.Outcome;
import mckernelj.tests.kit.Project;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What can be done with a node that {@code mcreboot -c 1 -m 512m} started. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BootedNodeTest {
    private static final long MEMORY = 512L << 20;

    private Shell shell;
    private Outcome boot;

    @BeforeAll
    void boot() {
        shell = new Shell();
        boot = shell.run("mcreboot", "-c", "1", "-m", "512m");
    }

    @AfterAll
    void stop() {
        if (shell != null) {
            shell.close();
        }
    }

    private String output(String tool, String... arguments) {
        Outcome outcome = shell.run(tool, arguments);
        assertThat(outcome.error()).isEmpty();
        assertThat(outcome.status()).isZero();
        return outcome.output();
    }

    private void fails(int status, String error, String tool, String... arguments) {
        Outcome outcome = shell.run(tool, arguments);
        assertThat(outcome.error()).startsWith(error);
        assertThat(outcome.output()).isEmpty();
        assertThat(outcome.status()).isEqualTo(status);
    }

    @Test
    @Order(1)
    void mcreboot_is_silent() {
        assertThat(boot.error()).isEmpty();
        assertThat(boot.output()).isEmpty();
        assertThat(boot.status()).isZero();
    }

    @Test
    @Order(2)
    void kmsg_tells_the_boot_in_order_and_with_true_values() {
        BootMessages messages = new BootMessages(output("ihkosctl", "0", "kmsg"));
        messages.assertOrder();
        assertThat(messages.number("# of cpus : (\\d+)")).isEqualTo(1);
        assertThat(messages.number("booted (\\d+) AP CPUs")).isZero();
        assertThat(messages.number("BSP: 0 \\(HW ID: (\\d+) @ NUMA 0\\)")).isEqualTo(1);
        assertThat(messages.number("NUMA: 0, Linux NUMA: 0, type: 1, available bytes: (\\d+)"))
                .isBetween(MEMORY - (32 << 20), MEMORY);
        messages.assertPhysicalMemoryAddsUp();
        assertThat(messages.text()).contains("KCommand Line: hidos    dump_level=24   time_sharing\n");
        assertThat(messages.text()).contains("NUMA 0 distances: 0 (10), \n");
    }

    @Test
    void queries_answer_what_was_asked_for() {
        assertThat(output("ihkosctl", "0", "get", "status")).isEqualTo("RUNNING\n");
        assertThat(output("ihkosctl", "0", "query", "cpu")).isEqualTo("1\n");
        assertThat(output("ihkosctl", "0", "query", "mem")).isEqualTo(MEMORY + "@0\n");
        assertThat(output("ihkosctl", "0", "get", "ikc_map")).isEqualTo("1:0\n");
        assertThat(output("ihkconfig", "0", "get", "os_instances")).isEqualTo("0\n");
        assertThat(output("ihkconfig", "0", "query", "cpu")).isEqualTo("\n");
        assertThat(output("ihkosctl", "0", "get", "buildid")).isEqualTo(output("ihkconfig", "0", "get", "buildid"));
    }

    @Test
    void mcexec_runs_hostname() {
        assertThat(output("mcexec", "hostname"))
                .isEqualTo(Execution.of("hostname").run().output());
    }

    @Test
    void upstreams_names_end_in_sh() {
        assertThat(output("mcexec.sh", "/bin/echo", "hi")).isEqualTo("hi\n");
    }

    @Test
    void tools_work_from_any_directory_and_through_links(@TempDir Path directory) throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("mcexec"), Path.of(Project.tool("mcexec")));
        Path again = Files.createSymbolicLink(directory.resolve("again"), directory.resolve("mcexec"));
        Files.createSymbolicLink(directory.resolve("ihkosctl"), Path.of("mcexec"));
        assertThat(shell.of(List.of(link.toString(), "pwd")).in(directory).run().output())
                .isEqualTo(directory + "\n");
        assertThat(shell.of(List.of("./ihkosctl", "0", "get", "status"))
                        .in(directory)
                        .run()
                        .output())
                .isEqualTo("RUNNING\n");
        assertThat(shell.line("cd / && mcexec pwd && ihkosctl 0 get status")
                        .run()
                        .output())
                .isEqualTo("/\nRUNNING\n");
        assertThat(again).exists();
    }

    @Test
    void every_tool_knows_help_and_version() {
        for (String tool : List.of("mcreboot", "mcexec", "mcstop+release", "ihkosctl", "ihkconfig")) {
            assertThat(output(tool, "--help")).startsWith("Usage: " + tool);
            assertThat(output(tool, "--version")).isEqualTo(tool + " (McKernel/J) 0.1.0\n");
        }
    }

    @Test
    void wrong_use_is_told_in_a_sentence_and_ends_with_1() {
        fails(1, "Usage: mcexec", "mcexec");
        fails(1, "mcexec: Unknown option: '--nonsense'", "mcexec", "--nonsense", "/bin/true");
        fails(1, "error: -c: invalid target CPU", "mcexec", "-c", "x", "/bin/true");
        fails(22, "error: nr_processes can't exceed nr. of CPUs", "mcexec", "-n", "9", "/bin/true");
        fails(1, "Usage: ihkosctl", "ihkosctl");
        fails(1, "Unknown action : dance", "ihkosctl", "0", "dance");
        fails(1, "error: open failed: /dev/mcos7: No such file or directory", "ihkosctl", "7", "kmsg");
        fails(1, "Usage: ihkconfig", "ihkconfig");
        fails(1, "error: open failed: /dev/mcd1", "ihkconfig", "1", "query", "cpu");
        fails(1, "mcreboot: invalid list: abc", "mcreboot", "-c", "abc");
        fails(1, "Extra arguments: now", "mcstop+release", "now");
        assertThat(output("mcexec", "/bin/echo", "alive")).isEqualTo("alive\n");
    }

    @Test
    void the_exit_status_is_the_programs() {
        assertThat(shell.run("mcexec", "sh", "-c", "exit 7").status()).isEqualTo(7);
        assertThat(shell.run("mcexec", "/bin/false").status()).isEqualTo(1);
        Outcome killed = shell.of(List.of("bash", "-c", Project.tool("mcexec") + " sh -c 'kill -SEGV $$'; echo $?"))
                .run();
        assertThat(killed.output()).isEqualTo("139\n");
        assertThat(killed.error()).contains("Segmentation fault");
    }

    @Test
    void mcexec_takes_part_in_pipelines() {
        Outcome outcome = shell.line(
                        "seq 1 1000 | mcexec sort -rn | mcexec head -n 3 | tr '\\n' ' '; mcexec cat < /dev/null")
                .run();
        assertThat(outcome.output()).isEqualTo("1000 999 998 ");
        assertThat(outcome.error()).isEmpty();
    }

    @Test
    void mcexec_runs_in_the_background() {
        Outcome outcome = shell.line(
                        "mcexec sh -c 'sleep 0.1; exit 5' & a=$!; mcexec sleep 100 & b=$!; wait $a; echo $?; "
                                + "kill $b; wait $b; echo $?; mcexec sh -c 'exit 6' & wait $!; echo $?")
                .run();
        assertThat(outcome.output()).isEqualTo("5\n143\n6\n");
    }

    @Test
    void processes_of_the_host_see_programs_by_their_names_and_arguments() {
        Outcome outcome = shell.line(
                        "mcexec sh -c 'sleep 100 & echo $!; exec sleep 200' > \"$MCKERNELJ_RUNTIME/pid\" & a=$!; "
                                + "until ps -o args= -p $a | grep -q '^sleep 200$' && read b < \"$MCKERNELJ_RUNTIME/pid\" "
                                + "&& ps -o args= -p $b | grep -q '^sleep 100$'; do sleep 0.1; done; "
                                + "ps -o comm=,args= -p $a,$b; kill $a $b; wait $a; echo $?")
                .limit(30)
                .run();
        assertThat(outcome.output().lines().map(line -> line.replaceAll(" +", " ")))
                .containsExactlyInAnyOrder("sleep sleep 200", "sleep sleep 100", "143");
    }

    @Test
    void many_programs_run_at_the_same_time() {
        List<Process> processes = IntStream.range(0, 12)
                .mapToObj(i -> shell.tool("mcexec", "sh", "-c", "echo " + i + " | tr 0-9 a-j; exit " + i)
                        .start())
                .toList();
        for (int i = 0; i < processes.size(); i++) {
            assertThat(awaited(processes.get(i))).isEqualTo(i);
        }
    }

    private static int awaited(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_killed_mcexec_leaves_nothing_behind() throws Exception {
        Process sleeper = shell.tool("mcexec", "sh", "-c", "echo started; sleep 1000; echo over")
                .start();
        assertThat(sleeper.inputReader().readLine()).isEqualTo("started");
        sleeper.destroyForcibly().waitFor();
        assertThat(output("mcexec", "/bin/echo", "alive")).isEqualTo("alive\n");
    }

    @Test
    void the_environment_and_the_descriptors_are_the_callers() {
        Outcome outcome = shell.line(
                        "A=b mcexec -e C=d env | grep '^[AC]='; exec 5>&1; mcexec sh -c 'echo five >&5'; umask 027; mcexec sh -c umask")
                .run();
        assertThat(outcome.output()).isEqualTo("A=b\nC=d\nfive\n0027\n");
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void clear_kmsg_empties_the_buffer() {
        output("ihkosctl", "0", "clear_kmsg");
        assertThat(output("ihkosctl", "0", "kmsg")).isEqualTo("\n");
    }
}
