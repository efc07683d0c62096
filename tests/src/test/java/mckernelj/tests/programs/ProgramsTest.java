// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mckernelj.emulator.cpu.CpuidLeaves;
import mckernelj.node.MachineShape;
import mckernelj.node.McKernelNode;
import mckernelj.node.NodeOptions;
import mckernelj.tests.kit.Execution;
import mckernelj.tests.kit.GuestPrograms;
import mckernelj.tests.kit.Outcome;
import mckernelj.tests.kit.Sandbox;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Unmodified programs do the same on the LWK as on the host: output, error output and exit status, byte for byte. Property
 * {@code programs.cpu}: profile of the node's processors.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProgramsTest {
    private static final int LONG_LIMIT_SECONDS = 3000;

    /** UTF-8, no time zone files, nothing of the caller's. */
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "PATH",
            "/usr/bin:/bin:/usr/sbin:/sbin",
            "LC_ALL",
            "C.UTF-8",
            "TZ",
            "UTC0",
            "HOME",
            "/nonexistent",
            "TERM",
            "dumb");

    private static final String[] FILES = {
        "report.pl",
        "report.py",
        "programs.bc",
        "query.sql",
        "pytest.sh",
        "algorithms.sh",
        "sign.sh",
        "rsa.pem",
        "ec.pem",
        "ed25519.pem",
        "tls.py",
        "multiprocess.py",
        "concurrent.py",
        "jobs.sh",
        "git.sh",
        "make.sh",
        "perl.sh",
        "writers.sh",
        "servers.sh",
        "postgres.sh",
        "mpi.sh",
        "stress.sh"
    };

    private McKernelNode node;
    private Sandbox sandbox;

    @BeforeAll
    void boot(@TempDir Path directory) throws Exception {
        sandbox = new Sandbox(directory).add(ProgramsTest.class, FILES);
        NodeOptions options = NodeOptions.DEFAULT.withShape(new MachineShape(5, 1, 3L << 30));
        String profile = System.getProperty("programs.cpu");
        node = McKernelNode.boot(profile == null ? options : options.withFeatures(CpuidLeaves.profile(profile)));
    }

    @AfterAll
    void stop() {
        if (node != null) {
            node.close();
        }
    }

    static Stream<ProgramLine> fast() {
        return lines(ProgramLine.Kind.FAST);
    }

    static Stream<ProgramLine> slow() {
        return lines(ProgramLine.Kind.SLOW);
    }

    static Stream<ProgramLine> longest() {
        return lines(ProgramLine.Kind.LONG);
    }

    static Stream<ProgramLine> missing() {
        return lines(ProgramLine.Kind.MISSING);
    }

    private static Stream<ProgramLine> lines(ProgramLine.Kind kind) {
        return ProgramTable.read().stream().filter(line -> line.kind() == kind);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("fast")
    void a_program_does_the_same_as_on_the_host(ProgramLine line) {
        compare(line);
    }

    @Tag("slow")
    @ParameterizedTest(name = "{0}")
    @MethodSource("slow")
    void a_longer_program_does_the_same_as_on_the_host(ProgramLine line) {
        compare(line);
    }

    @EnabledIfSystemProperty(named = "programs.long", matches = "true", disabledReason = "sbin/check --programs")
    @ParameterizedTest(name = "{0}")
    @MethodSource("longest")
    void a_program_of_minutes_does_the_same_as_on_the_host(ProgramLine line) {
        compare(line);
    }

    @ParameterizedTest(name = "{0}", allowZeroInvocations = true)
    @MethodSource("missing")
    void what_is_missing_is_still_missing(ProgramLine line) {
        assertThatThrownBy(() -> compare(line))
                .as("it works now: take the marker out of programs.txt")
                .isInstanceOf(AssertionError.class);
    }

    private void compare(ProgramLine line) {
        line.prepare();
        Outcome expected = run(line, line.command());
        assumeTrue(expected.status() != 127, "not on this machine: " + line);
        List<String> rest = new ArrayList<>(line.command());
        String program = rest.remove(0);
        Outcome actual = run(line, node.command(program, rest.toArray(String[]::new)));
        assertThat(actual).as(actual.differenceFrom(expected)).isEqualTo(expected);
    }

    private Outcome run(ProgramLine line, List<String> command) {
        String program = line.command().get(0);
        assumeTrue(program.contains("/") || GuestPrograms.isInstalled(program), program + " is not installed");
        sandbox.clean();
        Execution execution = Execution.of(command).in(sandbox.directory()).environment(ENVIRONMENT);
        if (line.kind() == ProgramLine.Kind.LONG) {
            execution.limit(LONG_LIMIT_SECONDS);
        }
        return (line.input() == null ? execution : execution.input(sandbox.file(line.input()))).run();
    }
}
