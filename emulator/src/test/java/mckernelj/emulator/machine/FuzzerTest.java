// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.machine;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The short form of {@code sbin/check --fuzz}. System property {@code fuzz.seed} (printed). */
class FuzzerTest {
    private static final long INSTRUCTIONS = 300_000;

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void random_code_neither_throws_nor_hangs() throws IOException {
        long seed = Long.getLong("fuzz.seed", 1);
        System.out.println("fuzz.seed=" + seed);
        try (Fuzzer fuzzer = new Fuzzer(seed)) {
            assertThatCode(() -> fuzzer.run(INSTRUCTIONS, false)).doesNotThrowAnyException();
        }
    }
}
