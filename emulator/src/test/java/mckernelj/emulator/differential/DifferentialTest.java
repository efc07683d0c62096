// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mckernelj.emulator.isa.InstructionForm;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The host's processor is the oracle for every user-mode instruction form. System properties: {@code differential.seed} (printed),
 * {@code differential.cases} per form, {@code differential.only}, a regular expression.
 */
class DifferentialTest {
    private static final int DEFAULT_CASES = 25;
    private static final long DEFAULT_SEED = 1;

    /** Sequences for each case of a form. */
    private static final int SEQUENCES = 200;

    @TestFactory
    Stream<DynamicNode> every_form_does_what_the_host_does() throws IOException, InterruptedException {
        NativeCpu host = NativeCpu.create();
        assumeTrue(host != null, "skipped: comparing with the host's processor needs gcc and an x86-64 host");
        long seed = Long.getLong("differential.seed", DEFAULT_SEED);
        int cases = Integer.getInteger("differential.cases", DEFAULT_CASES);
        Pattern only = Pattern.compile(System.getProperty("differential.only", ""));
        System.out.println("differential.seed=" + seed);
        Map<String, Differential.Result> results;
        List<InstructionForm> forms;
        try (host) {
            Differential differential = new Differential(host, (done, failed, form) -> {});
            forms = differential.forms(only);
            assertThat(forms).isNotEmpty();
            results = differential.run(forms, cases, cases * SEQUENCES, seed);
        }
        Stream<DynamicNode> sequences = Stream.of(DynamicTest.dynamicTest(
                Differential.SEQUENCES, () -> assertNoneFailed(results.get(Differential.SEQUENCES))));
        Map<String, List<InstructionForm>> byMnemonic = forms.stream()
                .sorted(Comparator.comparing(f -> f.text))
                .collect(Collectors.groupingBy(f -> f.mnemonic, TreeMap::new, Collectors.toList()));
        return Stream.concat(
                byMnemonic.entrySet().stream()
                        .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> e.getValue().stream()
                                .map(f -> results.get(f.text))
                                .forEach(DifferentialTest::assertNoneFailed))),
                sequences);
    }

    private static void assertNoneFailed(Differential.Result result) {
        if (result != null && result.failed != 0) {
            fail("%d of %d cases differ, for example %s", result.failed, result.cases, result.first);
        }
    }
}
