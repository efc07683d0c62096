// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.ihk.launch.ProxyArena;
import mckernelj.ihk.launch.StartState;
import mckernelj.linuxhost.libc.HostProcess;
import mckernelj.mcexec.image.ServantImage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ClientStartTest {
    @TempDir
    Path directory;

    private ServantFixture node;

    @BeforeEach
    void start() throws IOException {
        node = new ServantFixture();
    }

    @AfterEach
    void stop() throws IOException {
        node.close();
    }

    private Process shell(String script) throws IOException {
        String command = String.join(" ", node.command());
        return node.spawn(new ProcessBuilder("sh", "-c", script.replace("CLIENT", command)));
    }

    @Test
    void the_node_sees_arguments_environment_and_directory() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(node.command("-c", "1", "./a.out", "", "ümlaut"));
        builder.directory(directory.toFile()).environment().put("GREETING", "good morning");
        node.spawn(builder);
        StartState start = node.next().start();
        assertThat(start.tool()).isEqualTo("mcexec");
        assertThat(start.arguments()).hasSize(5).startsWith("-c", "1", "./a.out", "");
        assertThat(start.environmentValue("GREETING")).isEqualTo("good morning");
        assertThat(start.environmentValue("NO_SUCH_NAME")).isNull();
        assertThat(start.workingDirectory()).isEqualTo(directory.toString());
        assertThat(start.auxiliaryVector()).containsEntry(6, 4096L);
        assertThat(start.standardErrorIsTerminal()).isFalse();
    }

    @Test
    void the_node_sees_identity_limits_umask_and_ignored_signals() throws Exception {
        Process process = shell("trap '' HUP; umask 027; ulimit -S -n 99; ulimit -S -v 1000000; exec CLIENT");
        Servant servant = node.next();
        StartState start = servant.start();
        assertThat(start.identity().pid()).isEqualTo((int) process.pid()).isEqualTo(servant.pid());
        assertThat(start.identity().parentPid()).isEqualTo(HostProcess.pid());
        assertThat(start.identity().euid()).isEqualTo(HostProcess.euid());
        assertThat(start.umask()).isEqualTo(027);
        assertThat(start.limits()).hasSize(16);
        assertThat(start.limits().get(7).soft()).isEqualTo(99);
        assertThat(start.limits().get(9).soft()).isEqualTo(1_000_000L << 10);
        assertThat(start.signalIgnored(1)).isTrue();
        assertThat(start.signalIgnored(15)).isFalse();
        assertThat(servant.syscall(SystemCallNumber.UMASK, 0))
                .as("umask is put back")
                .isEqualTo(027);
    }

    @Test
    void large_arguments_arrive_whole() throws Exception {
        String large = "x".repeat(100_000);
        node.spawn(large, large, "end");
        assertThat(node.next().start().arguments()).containsExactly(large, large, "end");
    }

    @Test
    void the_first_open_gives_descriptor_3() throws Exception {
        shell("exec CLIENT");
        Servant servant = node.next();
        try (ProxyArena arena = servant.arena(64)) {
            assertThat(servant.syscall(SystemCallNumber.OPEN, arena.placeString("/dev/null"), 0))
                    .isEqualTo(3);
        }
    }

    @Test
    void output_goes_to_the_clients_descriptors() throws Exception {
        Process process = node.spawn();
        Servant servant = node.next();
        servant.print(1, "to standard output, ");
        servant.print(2, "to standard error\n");
        servant.exit(7);
        assertThat(ServantFixture.output(process)).isEqualTo("to standard output, to standard error\n");
        assertThat(process.waitFor()).isEqualTo(7);
        assertThat(servant.alive()).isFalse();
    }

    @Test
    void without_a_node_the_client_says_so() throws Exception {
        List<String> command = node.command();
        command.set(1, directory.resolve("none.socket").toString());
        Process process = node.spawn(new ProcessBuilder(command));
        assertThat(ServantFixture.output(process)).isEqualTo("mcexec: no node answers; start one with mcreboot\n");
        assertThat(process.waitFor()).isEqualTo(1);
    }

    @Test
    void a_client_of_another_user_is_refused_by_both_sides() throws Exception {
        assumeTrue(HostProcess.euid() == 0 && Files.exists(Path.of("/usr/bin/setpriv")));
        List<String> command = node.command();
        for (Path path : List.of(node.path, node.path.resolve("client"), node.path.resolve("node.socket"))) {
            path.toFile().setReadable(true, false);
            path.toFile().setWritable(true, false);
            path.toFile().setExecutable(true, false);
        }
        command.addAll(0, List.of("setpriv", "--reuid=65534", "--clear-groups"));
        Process process = node.spawn(new ProcessBuilder(command));
        assertThat(ServantFixture.output(process)).isEqualTo("mcexec: the node refused this client\n");
        assertThat(process.waitFor()).isEqualTo(1);
    }

    @Test
    void a_hard_limit_of_the_address_space_is_reported() throws Exception {
        Process process = shell("ulimit -v 100000; exec CLIENT");
        assertThat(ServantFixture.output(process)).contains("ulimit -v");
        assertThat(process.waitFor()).isEqualTo(1);
    }

    @Test
    void two_hundred_quick_starts_all_succeed() throws Exception {
        Process process = shell("i=0; while [ $i -lt 200 ]; do CLIENT $i || exit 1; i=$((i+1)); done");
        for (int i = 0; i < 200; i++) {
            Servant servant = node.next();
            assertThat(servant.start().arguments()).containsExactly(Integer.toString(i));
            servant.exit(0);
        }
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void many_clients_at_once_all_succeed() throws Exception {
        Process process = shell(
                "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24; do CLIENT & done; wait");
        for (int i = 0; i < 24; i++) {
            node.next().exit(0);
        }
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void a_second_node_at_the_same_socket_is_refused() {
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> new ClientListener(
                        node.table,
                        RuntimeDirectory.at(node.path),
                        RuntimeDirectory.DEFAULT_NODE,
                        ServantImage.bytes(),
                        node.memory,
                        servant -> {}))
                .hasMessageContaining("running already");
    }

    @Test
    void a_client_whose_tool_fails_in_the_node_is_killed() throws Exception {
        RuntimeDirectory runtime = RuntimeDirectory.at(node.path);
        ClientListener failing = new ClientListener(
                node.table, runtime, "failing", ServantImage.bytes(), node.memory, ClientStartTest::fail);
        List<String> command = node.command();
        command.set(1, runtime.socket("failing").toString());
        Process process = node.spawn(new ProcessBuilder(command));
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(128 + 9);
        failing.close();
    }

    private static void fail(Servant servant) {
        throw new IllegalStateException("expected by the test");
    }
}
