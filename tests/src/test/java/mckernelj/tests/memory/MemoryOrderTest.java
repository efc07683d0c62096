// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import mckernelj.emulator.engine.EngineOptions;
import mckernelj.node.MachineShape;
import mckernelj.node.McKernelNode;
import mckernelj.node.NodeOptions;
import mckernelj.tests.kit.Execution;
import mckernelj.tests.kit.GuestPrograms;
import mckernelj.tests.kit.Outcome;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Litmus tests of x86-TSO and locked instructions by two threads ({@code litmus.c}, {@code locked.c}), on several processors of the LWK, in each tier and
 * interpreted. Property {@code litmus.times}: how many times the short form.
 */
class MemoryOrderTest {
    private static final String TIMES = System.getProperty("litmus.times", "1");
    private static final int LIMIT_SECONDS = 600 + 20 * Integer.parseInt(TIMES);

    /** Processors of the LWK; one more is Linux's. */
    @ParameterizedTest(name = "{0} processors, engine {1}")
    @CsvSource({"2, all", "4, all", "4, interpreter", "4, 'interpreter,quick,eager'", "4, 'no-quick,eager'"})
    void no_forbidden_outcome_is_seen_and_no_locked_operation_is_lost(int processors, String engine) throws Exception {
        NodeOptions options = NodeOptions.DEFAULT
                .withShape(new MachineShape(processors + 1, 1, 512L << 20))
                .withEngine(EngineOptions.parse(engine));
        try (McKernelNode node = McKernelNode.boot(options)) {
            Outcome litmus = run(node, "litmus");
            assertThat(litmus.status()).as(litmus.output()).isZero();
            assertThat(litmus.output().lines().filter(line -> line.endsWith(", 0 forbidden outcomes")))
                    .hasSize(23);
            Outcome locked = run(node, "locked");
            assertThat(locked.status()).as(locked.output()).isZero();
            assertThat(locked.output().lines()).hasSize(115).allMatch(line -> line.endsWith(": right"));
        }
    }

    private static Outcome run(McKernelNode node, String name) {
        Path program = GuestPrograms.statically(name);
        List<String> command = new ArrayList<>(node.command(program.toString(), TIMES));
        return Execution.of(command).limit(LIMIT_SECONDS).run();
    }
}
