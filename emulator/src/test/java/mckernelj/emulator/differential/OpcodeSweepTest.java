// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The short form of {@code sbin/check --opcodes}. System property {@code opcodes.seed} (printed). */
class OpcodeSweepTest {
    private static final int SHARE = 100;

    @Test
    void host_and_emulator_agree_which_bytes_are_instructions_and_how_long_they_are()
            throws IOException, InterruptedException {
        NativeCpu host = NativeCpu.create();
        assumeTrue(host != null, "skipped: comparing with the host's processor needs gcc and an x86-64 host");
        long seed = Long.getLong("opcodes.seed", 1);
        System.out.println("opcodes.seed=" + seed);
        try (host) {
            assertThat(new OpcodeSweep(host, SHARE, seed).run()).isEmpty();
        }
    }
}
