// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.scripts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import mckernelj.tests.kit.Outcome;
import mckernelj.tests.kit.Project;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Starting, stopping and losing nodes. */
class ScriptsTest {
    private static final String NO_NODE = ": no node is running; start one with mcreboot\n";

    private Shell shell;

    @BeforeEach
    void open() {
        shell = new Shell();
    }

    @AfterEach
    void close() {
        shell.close();
    }

    private void succeeds(String tool, String... arguments) {
        Outcome outcome = shell.run(tool, arguments);
        assertThat(outcome.error()).isEmpty();
        assertThat(outcome.output()).isEmpty();
        assertThat(outcome.status()).isZero();
    }

    private void runsPrograms() {
        Outcome outcome = shell.run("mcexec", "/bin/echo", "alive");
        assertThat(outcome.output()).as(outcome.toString()).isEqualTo("alive\n");
        assertThat(outcome.status()).isZero();
    }

    private void noNodeRuns() {
        for (String tool : List.of("mcexec", "ihkosctl", "ihkconfig")) {
            Outcome outcome = shell.run(tool, "0", "get", "status");
            assertThat(outcome.error()).isEqualTo(tool + NO_NODE);
            assertThat(outcome.status()).isEqualTo(1);
        }
        succeeds("mcstop+release");
    }

    @Test
    void without_a_node_the_tools_say_so() {
        noNodeRuns();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mcreboot", "mcexec", "mcstop+release", "ihkosctl", "ihkconfig"})
    void help_and_version_need_no_node(String tool) {
        Outcome help = shell.run(tool, "--help");
        assertThat(help.output()).startsWith("Usage: " + tool);
        assertThat(help.status()).isZero();
        Outcome version = shell.run(tool, "--version");
        assertThat(version.output()).isEqualTo(tool + " (McKernel/J) 0.1.0\n");
        assertThat(version.status()).isZero();
        assertThat(version.error()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-c abc | mcreboot: invalid list: abc",
                "-c 99 | error: reserving CPUs: 99: ",
                "-c 0 | error: reserving CPUs: 0: ",
                "-m 1e9g | mcreboot: invalid memory list: 1e9g",
                "-m 0 | error: reserving memory: 0: ",
                "-m 999g | error: reserving memory: 999g: ",
                "-c 5 --machine cores=2 | error: reserving CPUs: 5: ",
                "--machine wheels=4 | mcreboot: ",
                "--cpu 486 | mcreboot: processors are x86-64-v2 or x86-64-v3, not 486",
                "-x | mcreboot: Unknown option: '-x'"
            })
    void what_cannot_be_booted_is_told_in_a_sentence_and_leaves_no_node(String arguments, String error) {
        Outcome outcome = shell.run("mcreboot", arguments.split(" "));
        assertThat(outcome.error()).startsWith(error).hasLineCount(1);
        assertThat(outcome.output()).isEmpty();
        assertThat(outcome.status()).isEqualTo(1);
        noNodeRuns();
    }

    @Test
    void a_node_lives_from_mcreboot_to_mcstop() {
        succeeds("mcreboot", "-c", "1", "-m", "512m");
        runsPrograms();
        ProcessHandle node = shell.node("node").orElseThrow();
        succeeds("mcstop+release");
        node.onExit().join();
        assertThat(shell.runtime().resolve("node.socket")).doesNotExist();
        noNodeRuns();
        succeeds("mcreboot.sh");
        runsPrograms();
        succeeds("mcstop+release.sh");
    }

    /** The dynamic linker says which directories of libraries it would search. */
    @ParameterizedTest
    @CsvSource({"x86-64-v2, 'x86-64-v2'", "x86-64-v3, 'x86-64-v3 x86-64-v2'"})
    void programs_see_the_processor_that_was_asked_for(String profile, String levels) {
        Path linker = Path.of("/lib64/ld-linux-x86-64.so.2");
        assumeTrue(Files.isExecutable(linker), "no glibc here");
        succeeds("mcreboot", "-c", "1", "-m", "128m", "--cpu", profile);
        List<String> supported = new ArrayList<>();
        for (String line :
                shell.run("mcexec", linker.toString(), "--help").output().split("\n")) {
            if (line.startsWith("  x86-64-v") && line.contains("(supported")) {
                supported.add(line.strip().split(" ")[0]);
            }
        }
        assertThat(supported).containsExactly(levels.split(" "));
        runsPrograms();
    }

    @Test
    void a_second_mcreboot_replaces_the_kernel_and_keeps_the_node() {
        succeeds("mcreboot", "-c", "1", "-m", "256m");
        long node = shell.node("node").orElseThrow().pid();
        succeeds("mcreboot", "-c", "1", "-m", "128m");
        runsPrograms();
        assertThat(shell.run("ihkosctl", "0", "query", "mem").output()).isEqualTo((128L << 20) + "@0\n");
        assertThat(shell.node("node").orElseThrow().pid()).isEqualTo(node);
    }

    @Test
    void two_mcreboots_at_once_make_one_node() throws Exception {
        Process first = shell.tool("mcreboot", "-m", "128m").start();
        Process second = shell.tool("mcreboot", "-m", "128m").start();
        assertThat(first.waitFor()).isZero();
        assertThat(second.waitFor()).isZero();
        runsPrograms();
    }

    @Test
    void two_nodes_live_side_by_side() {
        succeeds("mcreboot", "-m", "128m");
        assertThat(shell.tool("mcreboot", "-m", "128m")
                        .with("MCKERNELJ_NODE", "other")
                        .run()
                        .status())
                .isZero();
        runsPrograms();
        succeeds("mcstop+release");
        Outcome outcome = shell.tool("mcexec", "/bin/echo", "other")
                .with("MCKERNELJ_NODE", "other")
                .run();
        assertThat(outcome.output()).isEqualTo("other\n");
    }

    @Test
    void a_machine_with_two_numa_nodes_boots_across_both() {
        succeeds("mcreboot", "-c", "1-3", "-m", "256m@0,256m@1", "--machine", "cores=5,numa=2,memory=2g");
        BootMessages messages =
                new BootMessages(shell.run("ihkosctl", "0", "kmsg").output());
        messages.assertOrder();
        messages.assertPhysicalMemoryAddsUp();
        assertThat(messages.number("# of cpus : (\\d+)")).isEqualTo(3);
        assertThat(messages.number("booted (\\d+) AP CPUs")).isEqualTo(2);
        assertThat(messages.number("NUMA: 0, Linux NUMA: 0, type: 1, available bytes: (\\d+)"))
                .isBetween(220L << 20, 256L << 20);
        assertThat(messages.number("NUMA: 1, Linux NUMA: 1, type: 1, available bytes: (\\d+)"))
                .isBetween(250L << 20, 256L << 20);
        assertThat(messages.text())
                .contains("NUMA 0 distances: 0 (10), 1 (20), \n")
                .contains("NUMA 1 distances: 1 (10), 0 (20), \n");
        assertThat(shell.run("ihkosctl", "0", "query", "cpu").output()).isEqualTo("1-3\n");
        assertThat(shell.run("ihkosctl", "0", "query", "mem").output())
                .isEqualTo((256L << 20) + "@0," + (256L << 20) + "@1\n");
        assertThat(shell.run("mcexec", "nproc").output()).isEqualTo("3\n");
        runsPrograms();
    }

    @Test
    void a_killed_node_takes_its_programs_along_and_can_be_replaced() throws Exception {
        succeeds("mcreboot", "-m", "128m");
        Process sleeper = shell.tool("mcexec", "sh", "-c", "echo started; exec sleep 1000")
                .start();
        assertThat(sleeper.inputReader().readLine()).isEqualTo("started");
        ProcessHandle node = shell.node("node").orElseThrow();
        node.destroyForcibly();
        assertThat(sleeper.waitFor()).isNotZero();
        assertThat(sleeper.errorReader().readLine()).isEqualTo("mcexec: the node died");
        noNodeRuns();
        succeeds("mcreboot", "-m", "128m");
        runsPrograms();
    }

    @Test
    void a_stale_socket_is_no_obstacle() throws IOException {
        Path socket = shell.runtime().resolve("node.socket");
        try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.bind(UnixDomainSocketAddress.of(socket));
        }
        assertThat(socket).exists();
        noNodeRuns();
        succeeds("mcreboot", "-m", "128m");
        runsPrograms();
    }

    @Test
    void a_node_whose_number_another_process_has_got_is_no_obstacle() throws IOException {
        try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.bind(UnixDomainSocketAddress.of(shell.runtime().resolve("node.socket")));
        }
        Files.writeString(shell.runtime().resolve("node.pid"), "1\n");
        succeeds("mcreboot", "-m", "128m");
        runsPrograms();
    }

    @Test
    void mcstop_spares_running_programs_unless_told_otherwise() throws Exception {
        succeeds("mcreboot", "-m", "128m");
        Process sleeper = shell.tool("mcexec", "sh", "-c", "echo started; exec sleep 1000")
                .start();
        assertThat(sleeper.inputReader().readLine()).isEqualTo("started");
        Outcome refused = shell.run("mcstop+release");
        assertThat(refused.error()).isEqualTo("Proesses still using /dev/mcos0: " + sleeper.pid() + "\n");
        assertThat(refused.status()).isEqualTo(1);
        runsPrograms();
        succeeds("mcstop+release", "-k");
        assertThat(sleeper.waitFor()).isEqualTo(137);
    }

    @Test
    void resources_can_be_moved_by_hand() {
        succeeds("mcreboot", "-c", "1", "-m", "128m", "--machine", "cores=4,memory=1g");
        succeeds("ihkconfig", "0", "reserve", "cpu", "2-3");
        succeeds("ihkconfig", "0", "reserve", "mem", "64m@0");
        assertThat(shell.run("ihkconfig", "0", "query", "cpu").output()).isEqualTo("2-3\n");
        succeeds("ihkconfig", "0", "create");
        succeeds("ihkosctl", "1", "assign", "cpu", "2-3");
        succeeds("ihkosctl", "1", "assign", "mem", "64m");
        succeeds("ihkosctl", "1", "load");
        succeeds("ihkosctl", "1", "kargs", "hidos time_sharing");
        succeeds("ihkosctl", "1", "boot");
        assertThat(shell.run("mcexec", "1", "nproc").output()).isEqualTo("2\n");
        assertThat(shell.run("mcexec", "0", "nproc").output()).isEqualTo("1\n");
        succeeds("ihkosctl", "1", "shutdown");
        succeeds("ihkconfig", "0", "destroy", "1");
        assertThat(shell.run("ihkconfig", "0", "query", "cpu").output()).isEqualTo("2-3\n");
        runsPrograms();
    }

    @Test
    void another_user_cannot_use_the_node() {
        succeeds("mcreboot", "-m", "128m");
        Outcome outcome = asAnotherUser(Project.tool("mcexec"), "/bin/true");
        assertThat(outcome.status()).isNotZero();
        assertThat(outcome.error()).hasLineCount(1);
    }

    @Test
    void a_runtime_directory_of_another_user_is_refused() {
        Outcome outcome = asAnotherUser(Project.tool("mcreboot"));
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.error()).isEqualTo("mcreboot: " + shell.runtime() + " belongs to another user\n");
    }

    private Outcome asAnotherUser(String... command) {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can become another user");
        List<String> line = new ArrayList<>(List.of("setpriv", "--reuid=65534", "--clear-groups"));
        List<String> readable = new ArrayList<>(line);
        readable.addAll(List.of("test", "-r", command[0]));
        assumeTrue(shell.of(readable).run().status() == 0, "another user cannot even read " + command[0]);
        line.addAll(List.of(command));
        return shell.of(line).run();
    }
}
