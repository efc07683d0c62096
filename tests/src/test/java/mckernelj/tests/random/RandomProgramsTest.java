// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import mckernelj.node.MachineShape;
import mckernelj.node.McKernelNode;
import mckernelj.node.NodeOptions;
import mckernelj.tests.kit.Execution;
import mckernelj.tests.kit.GuestPrograms;
import mckernelj.tests.kit.Outcome;
import mckernelj.tests.kit.Project;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random C programs, compiled in several ways, print the same on the LWK as on the host. Properties: {@code random.seed},
 * seed of the first program; {@code random.programs}, how many. A program that fails is kept in {@code target/random}.
 */
@TestInstance(Lifecycle.PER_CLASS)
class RandomProgramsTest {
    private static final int MANY = 300;
    private static final int NATIVE_LIMIT_SECONDS = 10;

    private final Path directory = Project.target().resolve("random");
    private McKernelNode node;

    @BeforeAll
    void boot() throws Exception {
        assumeTrue(GuestPrograms.isInstalled("gcc"), "no gcc here");
        Files.createDirectories(directory);
        try (InputStream prelude = RandomProgramsTest.class.getResourceAsStream("prelude.h")) {
            Files.write(directory.resolve("prelude.h"), prelude.readAllBytes());
        }
        node = McKernelNode.boot(NodeOptions.DEFAULT.withShape(new MachineShape(2, 1, 1L << 30)));
    }

    @AfterAll
    void stop() {
        if (node != null) {
            node.close();
        }
    }

    static Stream<Arguments> programs() {
        long first = Long.getLong("random.seed", 1);
        int few = 2 * Build.ALL.size();
        int count = Integer.getInteger("random.programs", Boolean.getBoolean("programs.long") ? MANY : few);
        return LongStream.range(first, first + count)
                .mapToObj(seed ->
                        Arguments.of(seed, Build.ALL.get((int) Math.floorMod(seed - 1, (long) Build.ALL.size()))));
    }

    @ParameterizedTest(name = "seed {0}, {1}")
    @MethodSource("programs")
    void a_random_program_computes_the_same_as_on_the_host(long seed, Build build) throws IOException {
        Path source = directory.resolve(seed + ".c");
        Path program = directory.resolve(Long.toString(seed));
        Files.writeString(source, CProgram.of(seed));
        Outcome compiled = build.compile(source, program, directory);
        assertThat(compiled.status()).as(compiled.toString()).isZero();
        Outcome expected = run(List.of(program.toString()), NATIVE_LIMIT_SECONDS);
        assumeTrue(expected.status() != 128 + 4, "this processor has no AVX2");
        Outcome actual = run(node.command(program.toString()), 60 * NATIVE_LIMIT_SECONDS);
        assertThat(actual).as(actual.differenceFrom(expected)).isEqualTo(expected);
        Files.delete(source);
        Files.delete(program);
    }

    private Outcome run(List<String> command, int limitSeconds) {
        return Execution.of(command)
                .in(directory)
                .environment(Map.of("LC_ALL", "C"))
                .limit(limitSeconds)
                .run();
    }
}
