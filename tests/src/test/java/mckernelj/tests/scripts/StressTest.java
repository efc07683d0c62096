// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.scripts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import mckernelj.tests.kit.GuestPrograms;
import mckernelj.tests.kit.Outcome;
import mckernelj.tests.kit.Project;
import org.junit.jupiter.api.Test;

/** The short form of {@code tests/stress}. */
class StressTest {
    private static final int LIMIT_SECONDS = 240;

    @Test
    void nothing_is_left_after_load_and_sudden_death() {
        assumeTrue(GuestPrograms.isInstalled("gcc"), "no gcc here");
        try (Shell shell = new Shell()) {
            String script = Project.root().resolve("tests/stress").toString();
            Outcome outcome = shell.of(
                            List.of(script, "-s", "1", "-k", "5", "-f", "50", "-p", "30", "-r", "5", "-n", "50"))
                    .limit(LIMIT_SECONDS)
                    .runOrKill();
            assertThat(outcome.status()).as(outcome.toString()).isZero();
            assertThat(outcome.output()).contains("nothing is left");
        }
    }
}
