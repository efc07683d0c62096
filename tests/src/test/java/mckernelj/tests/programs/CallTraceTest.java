// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.programs;

import static org.assertj.core.api.Assertions.assertThat;

import mckernelj.node.MachineShape;
import mckernelj.node.McKernelNode;
import mckernelj.node.NodeOptions;
import mckernelj.tests.kit.Execution;
import org.junit.jupiter.api.Test;

/** {@code mcexec --strace}. */
class CallTraceTest {
    @Test
    void a_line_tells_name_arguments_result_place_and_cycles() throws Exception {
        try (McKernelNode node = McKernelNode.boot(NodeOptions.DEFAULT.withShape(new MachineShape(2, 1, 1L << 30)))) {
            var outcome = Execution.of(
                            node.command("--strace", "/bin/sh", "-c", "echo hello; kill -9 99999999; exit 3"))
                    .run();

            String lines = outcome.error();
            assertThat(outcome.status()).isEqualTo(3);
            assertThat(outcome.output()).isEqualTo("hello\n");
            assertThat(lines)
                    .containsPattern("\\[\\d+] write\\(1, \"hello\\\\n\", 6\\) = 6 <delegated, \\d+ cycles>\n");
            assertThat(lines).containsPattern("mmap\\(0, .*\\) = 0x[0-9a-f]+ <local, \\d+ cycles>\n");
            assertThat(lines).containsPattern("kill\\(99999999, 9\\) = -1 ESRCH <delegated, \\d+ cycles>\n");
            assertThat(lines).containsPattern("exit_group\\(3\\) = \\?\n$");
        }
    }
}
