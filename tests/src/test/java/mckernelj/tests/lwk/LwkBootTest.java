// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.lwk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import mckernelj.ihk.layout.MonitorArea;
import mckernelj.ihk.os.OsStatus;
import mckernelj.linuxhost.ihk.IhkException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LwkBootTest {
    private static final int FIRST_CHUNK = 0;

    @ParameterizedTest
    @CsvSource({"1, 1, false", "3, 2, false", "1, 1, true", "3, 2, true"})
    void the_kernel_log_shows_each_step_in_order(int cpus, int nodes, boolean deterministic) throws IhkException {
        try (LwkFixture node = new LwkFixture(cpus, nodes, deterministic)) {
            node.boot(kernel -> new TestHandlers());
            String[] lines = node.os.kmsgText().split("\n");
            assertThat(lines).containsExactly(expected(node, cpus, nodes, lines));
            assertThat(node.os.status()).isEqualTo(OsStatus.RUNNING);
            for (int cpu = 0; cpu < cpus; cpu++) {
                assertThat(node.os.cpuStatus(cpu)).isIn(MonitorArea.IDLE, MonitorArea.KERNEL);
            }
        }
    }

    private static String[] expected(LwkFixture node, int cpus, int nodes, String[] actual) {
        List<String> lines = new ArrayList<>(List.of(
                "IHK/McKernel started.",
                "[ -1]: no_execute_available: 1",
                "[ -1]: Invariant TSC supported.",
                "[ -1]: setup_x86 done.",
                "[ -1]: ns_per_tsc: 385",
                "[ -1]: KCommand Line: " + LwkFixture.KARGS));
        for (int i = 0; i < nodes; i++) {
            // The early heap takes the beginning of the first chunk; how much is not this test's business.
            long end = node.os.memory().get(i).end();
            long start = node.os.memory().get(i).start();
            if (i == FIRST_CHUNK) {
                start = Long.parseLong(actual[lines.size()].replaceAll(".*memory: 0x([0-9a-f]+) .*", "$1"), 16);
                assertThat(start).isBetween(node.os.memory().get(i).start(), end - LwkFixture.LWK_BYTES / 2);
            }
            lines.add(String.format(
                    "[ -1]: Physical memory: 0x%x - 0x%x, %d bytes, %d pages available @ NUMA: %d",
                    start, end, end - start, (end - start) / 4096, i));
        }
        for (int i = 0; i < nodes; i++) {
            String bytes = lines.get(6 + i).replaceAll(".*, ([0-9]+) bytes.*", "$1");
            lines.add(String.format(
                    "[ -1]: NUMA: %d, Linux NUMA: %d, type: 1, available bytes: %s, pages: %d",
                    i, i, bytes, Long.parseLong(bytes) / 4096));
        }
        for (int i = 0; i < nodes; i++) {
            lines.add("[ -1]: NUMA " + i + " distances: " + i + " (10), " + (nodes == 2 ? 1 - i + " (20), " : ""));
        }
        lines.add("[ -1]: Trampoline area: 0x8000 ");
        lines.add("[ -1]: # of cpus : " + cpus);
        assertThat(actual[lines.size()]).matches("\\[ -1\\]: locals = ffff88[0-9a-f]{10}");
        lines.add(actual[lines.size()]);
        lines.add("[  0]: BSP: 0 (HW ID: 1 @ NUMA 0)");
        lines.add("[  0]: BSP: booted " + (cpus - 1) + " AP CPUs");
        lines.add("[  0]: Master channel init acked.");
        lines.add("[  0]: vdso is enabled");
        lines.add("IHK/McKernel booted.");
        return lines.toArray(new String[0]);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void an_instance_can_be_stopped_and_booted_again_on_the_same_resources(boolean deterministic) throws IhkException {
        try (LwkFixture node = new LwkFixture(3, 1, deterministic)) {
            node.boot(kernel -> new TestHandlers());
            String first = node.os.kmsgText();
            node.os.shutdown();
            assertThat(node.os.status()).isEqualTo(OsStatus.INACTIVE);
            node.assign();
            node.boot(kernel -> new TestHandlers());
            assertThat(node.os.kmsgText()).isEqualTo(first);
        }
    }
}
