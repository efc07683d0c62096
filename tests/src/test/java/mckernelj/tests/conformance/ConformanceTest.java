// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import mckernelj.node.MachineShape;
import mckernelj.node.McKernelNode;
import mckernelj.node.NodeOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The cases of {@code src/test/conformance}, one test each. The host is the oracle: a case that fails there is skipped. On the LWK it has to
 * pass, unless {@code known-failures.txt} names it: then it has to fail.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConformanceTest {
    private final Map<String, String> known = KnownFailures.read();

    @TempDir
    Path directory;

    private McKernelNode node;

    @BeforeAll
    void boot() throws Exception {
        node = McKernelNode.boot(NodeOptions.DEFAULT.withShape(new MachineShape(5, 1, 2L << 30)));
    }

    @AfterAll
    void stop() {
        if (node != null) {
            node.close();
        }
    }

    @TestFactory
    Stream<DynamicNode> a_case_that_passes_on_the_host_passes_on_the_lwk() {
        return Suite.all().stream().map(this::cases);
    }

    private DynamicNode cases(Suite suite) {
        String program = suite.compiled().toString();
        Map<String, String> expected = Suite.results(List.of(program), directory);
        Map<String, String> actual = Suite.results(node.command(program), directory);
        return dynamicContainer(
                suite.name(),
                expected.keySet().stream()
                        .map(name -> dynamicTest(
                                name, () -> compare(suite.name() + "." + name, expected.get(name), actual.get(name)))));
    }

    private void compare(String name, String expected, String actual) {
        assumeTrue(Suite.passed(expected), () -> "on this host: " + expected);
        if (known.containsKey(name)) {
            assertThat(actual)
                    .as(name + " passes now: take it out of known-failures.txt")
                    .isNotEqualTo(expected);
        } else {
            assertThat(actual).as(name).isEqualTo(expected);
        }
    }

    @Test
    void known_failures_are_names_of_cases() {
        TreeSet<String> names = new TreeSet<>(known.keySet());
        for (Suite suite : Suite.all()) {
            Suite.results(List.of("/bin/sh", "-c", suite.compiled() + " -l | sed 's/$/: listed/'"), directory)
                    .keySet()
                    .forEach(name -> names.remove(suite.name() + "." + name));
        }
        assertThat(names).as("not the name of any case").isEmpty();
    }
}
