// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.determinism;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import mckernelj.emulator.engine.EngineOptions;
import mckernelj.node.MachineShape;
import mckernelj.node.McKernelNode;
import mckernelj.node.NodeOptions;
import mckernelj.tests.kit.Execution;
import mckernelj.tests.kit.GuestPrograms;
import mckernelj.tests.kit.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two threads on two processors read the time stamp counter between page faults, atomic accesses and delegated calls. */
class DeterminismTest {
    @Test
    void two_fresh_nodes_print_the_same_cycles(@TempDir Path directory) throws Exception {
        Outcome first = runInFreshNode(directory, "all");
        Outcome second = runInFreshNode(directory, "all");
        assertThat(first.status()).as(first.toString()).isZero();
        assertThat(first.output().lines()).hasSize(2001);
        assertThat(second).as(second.differenceFrom(first)).isEqualTo(first);
    }

    /** The program is long enough for its loops to be translated. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "all",
                "eager",
                "interpreter,quick",
                "no-quick",
                "no-quick,eager,no-loops",
                "no-quick,eager,no-targets,no-reforming",
                "no-quick,eager,no-leaving"
            })
    void translated_code_takes_the_cycles_of_interpreted_code(String engine, @TempDir Path directory) throws Exception {
        Outcome translated = runInFreshNode(directory, engine);
        Outcome interpreted = runInFreshNode(directory, "interpreter");
        assertThat(translated.status()).as(translated.toString()).isZero();
        assertThat(translated).as(translated.differenceFrom(interpreted)).isEqualTo(interpreted);
    }

    private static Outcome runInFreshNode(Path directory, String engine) throws Exception {
        String program = GuestPrograms.statically("cycles").toString();
        NodeOptions options = NodeOptions.DEFAULT
                .withShape(new MachineShape(3, 1, 512L << 20))
                .withDeterministic(true)
                .withEngine(EngineOptions.parse(engine));
        try (McKernelNode node = McKernelNode.boot(options)) {
            return Execution.of(node.command(program))
                    .in(directory)
                    .environment(Map.of("LC_ALL", "C"))
                    .run();
        }
    }
}
