// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.ihk.launch.ProxyArena;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ServantEndTest {
    private ServantFixture node;

    @BeforeEach
    void start() throws IOException {
        node = new ServantFixture();
    }

    @AfterEach
    void stop() throws IOException {
        node.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 42, 255})
    void the_parent_sees_the_exit_status(int status) throws Exception {
        Process process = node.spawn();
        node.next().exit(status);
        assertThat(process.waitFor()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 6, 9, 10, 11, 13, 14, 15, 34, 64})
    void the_parent_sees_the_deadly_signal(int signal) throws Exception {
        // /bin/sh tells 128 + n only for a child that a signal ended.
        ProcessBuilder shell = new ProcessBuilder("sh", "-c", String.join(" ", node.command()) + "; echo $?");
        Process process = node.spawn(shell);
        Servant servant = node.next();
        servant.reportSignals();
        servant.killSelf(signal);
        assertThat(ServantFixture.output(process)).endsWith(128 + signal + "\n");
    }

    @Test
    void death_of_a_client_is_noticed_while_it_waits_and_in_a_call() throws Exception {
        for (boolean inCall : new boolean[] {false, true}) {
            Process process = node.spawn();
            Servant servant = node.next();
            CountDownLatch died = new CountDownLatch(1);
            servant.setListener(listener(died));
            if (inCall) {
                servant.mainSlot().records().add(SystemCallNumber.PAUSE);
                servant.mainSlot().submit();
            }
            process.destroyForcibly();
            assertThat(died.await(30, TimeUnit.SECONDS)).isTrue();
            servant.mainSlot().await();
            assertThat(servant.syscall(SystemCallNumber.GETPID)).isEqualTo(-Errno.ESRCH);
            assertThat(servant.alive()).isFalse();
        }
    }

    @Test
    void a_thread_that_waits_for_a_killed_client_is_woken() throws Exception {
        Servant servant = node.servant();
        ServantSlot slot = servant.mainSlot();
        Thread killer = new Thread(servant::kill);
        killer.start();
        assertThat(slot.call(SystemCallNumber.PAUSE)).isEqualTo(-Errno.ESRCH);
        killer.join();
    }

    @Test
    void death_before_a_listener_is_set_is_told_later() throws Exception {
        Servant servant = node.servant();
        servant.exit(0);
        CountDownLatch died = new CountDownLatch(1);
        servant.setListener(listener(died));
        assertThat(died.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void clients_and_their_children_end_when_the_node_is_killed() throws Exception {
        Process victim = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--add-exports",
                        "java.base/jdk.internal.misc=ALL-UNNAMED",
                        "-cp",
                        VictimNode.classPath(),
                        VictimNode.class.getName(),
                        node.path.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var lines = new java.io.BufferedReader(
                new java.io.InputStreamReader(victim.getInputStream(), java.nio.charset.StandardCharsets.UTF_8));
        assertThat(lines.readLine()).isEqualTo("listening");
        var command = node.command();
        command.set(1, node.path.resolve("victim.socket").toString());
        Process client = node.spawn(new ProcessBuilder(command));
        assertThat(lines.readLine()).isEqualTo("forked");
        victim.destroyForcibly();
        assertThat(ServantFixture.output(client)).isEqualTo("mcexec: the node died\n".repeat(2));
        assertThat(client.waitFor()).isEqualTo(255);
    }

    @Test
    void slots_of_the_dead_are_used_again() throws Exception {
        Servant servant = node.servant();
        for (int i = 0; i < 300; i++) {
            Servant child = servant.fork(servant.mainSlot()).child();
            assertThat(child.pid()).isPositive();
            child.exit(0);
            servant.syscall(SystemCallNumber.WAIT4, child.pid(), 0, 0, 0);
        }
        assertThat(((LinuxServant) servant).table().mailboxes().takeSlot()).isLessThan(20);
    }

    @Test
    void wait_status_of_a_child_is_exact() throws Exception {
        Servant servant = node.servant();
        try (ProxyArena arena = servant.arena(16)) {
            long status = arena.allocate(4);
            Servant child = servant.fork(servant.mainSlot()).child();
            child.exit(5);
            assertThat(servant.syscall(SystemCallNumber.WAIT4, child.pid(), status, 0, 0))
                    .isEqualTo(child.pid());
            assertThat(arena.readInt(status)).isEqualTo(5 << 8);
            child = servant.fork(servant.mainSlot()).child();
            child.killSelf(11);
            servant.syscall(SystemCallNumber.WAIT4, child.pid(), status, 0, 0);
            assertThat(arena.readInt(status)).isEqualTo(11);
        }
    }

    private static ServantListener listener(CountDownLatch died) {
        return new ServantListener() {
            @Override
            public void onSignal(ServantSlot slot, byte[] siginfo) {}

            @Override
            public void onDeath(Servant servant) {
                died.countDown();
            }
        };
    }
}
