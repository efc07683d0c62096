// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.engine;

import mckernelj.emulator.translate.Optimisation;

/**
 * When code is translated.
 *
 * @param hot entries of a block until it is
 * @param observed entries of a block until it is observed where its indirect jump goes
 * @param manyCycles of a quick region that make a better one worth while
 * @param trial cycles of a better one until HotSpot's second compiler knows what happens in it
 * @param runs of a better region until it is looked whether it should be larger
 * @param longRun so many cycles of an average run are long enough
 * @param rare so often a region may leave for something rare
 * @param mostTranslated instructions in all translations that are kept: of HotSpot's code cache, 130 to 500 bytes each
 */
record Thresholds(
        int hot, int observed, long manyCycles, long trial, int runs, int longRun, int rare, int mostTranslated) {
    /** So many times warmer is hot. */
    private static final int WARM = 20;

    static final Thresholds NEVER =
            new Thresholds(Integer.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE, 0, Integer.MAX_VALUE, 0, 0, 0);

    /**
     * HotSpot's first compiler needs some milliseconds for a quick region, its second one some tens of milliseconds for a better one, which is as long as
     * the quick one needs for some million instructions.
     */
    private static final Thresholds DEFAULT =
            new Thresholds(4000, 200, 20_000_000, 1_500_000, 50_000, 1000, 2000, 400_000);

    /**
     * {@link #hot} without quick regions. Processor time of a mix of python3, perl, sort, gzip and openssl, four rounds: 34.5 s with 30,000, 27.4 s
     * with 100,000, 30.3 s with 400,000 (host busy).
     */
    private static final int HOT_FOR_FULL = 100_000;

    private static final Thresholds EAGER = new Thresholds(4, 0, 2000, 0, 64, 1000, 16, 3000);

    /** {@code quick}: hot code becomes a quick region first. */
    static Thresholds of(EngineOptions options, boolean quick) {
        Thresholds t = options.eager() ? EAGER : DEFAULT;
        int hot = options.eager() || quick ? t.hot : HOT_FOR_FULL;
        return new Thresholds(
                hot,
                options.has(Optimisation.TARGETS) ? hot / WARM : Integer.MAX_VALUE,
                options.has(Optimisation.FULL) ? t.manyCycles : Long.MAX_VALUE,
                t.trial,
                options.has(Optimisation.REFORMING) ? t.runs : Integer.MAX_VALUE,
                t.longRun,
                t.rare,
                t.mostTranslated);
    }

    /** Entries of a block that make it worth while to be part of another one's translation. */
    int warm() {
        return hot / WARM;
    }
}
