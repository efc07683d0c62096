// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.engine;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import mckernelj.emulator.translate.Optimisation;

/**
 * How a machine executes code: its results do not depend on it.
 *
 * @param optimisations without {@link Optimisation#QUICK} and {@link Optimisation#FULL} everything is interpreted
 * @param eager code is translated as soon as it has run some times, to find mistakes
 */
public record EngineOptions(Set<Optimisation> optimisations, boolean eager) {
    public static final EngineOptions DEFAULT = new EngineOptions(EnumSet.allOf(Optimisation.class), false);

    private static final String ALL = "all";
    private static final String NONE = "interpreter";
    private static final String EAGER = "eager";
    private static final String NOT = "no-";

    private static final String WORDS = ALL + ", " + NONE + "; " + EAGER + ", "
            + Arrays.stream(Optimisation.values()).map(EngineOptions::word).collect(Collectors.joining(", "))
            + ", each of which may have " + NOT + " before it";

    public EngineOptions {
        optimisations = Set.copyOf(optimisations);
    }

    /**
     * Words separated by commas, each of which changes what the words before it have made of {@link #DEFAULT}: {@value #ALL}, {@value #NONE}, the name of
     * an optimisation or {@value #EAGER}, the latter two perhaps with {@value #NOT}.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    public static EngineOptions parse(String words) {
        EnumSet<Optimisation> on = EnumSet.allOf(Optimisation.class);
        boolean eager = false;
        for (String word : words.split(",", -1)) {
            boolean yes = !word.startsWith(NOT);
            String name = yes ? word : word.substring(NOT.length());
            if (word.equals(ALL)) {
                on = EnumSet.allOf(Optimisation.class);
            } else if (word.equals(NONE)) {
                on = EnumSet.noneOf(Optimisation.class);
            } else if (name.equals(EAGER)) {
                eager = yes;
            } else if (yes) {
                on.add(named(name, word));
            } else {
                on.remove(named(name, word));
            }
        }
        return new EngineOptions(on, eager);
    }

    private static Optimisation named(String name, String word) {
        return Arrays.stream(Optimisation.values())
                .filter(optimisation -> word(optimisation).equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("the engine knows no \"" + word + "\"; it knows " + WORDS));
    }

    private static String word(Optimisation optimisation) {
        return optimisation.name().toLowerCase(Locale.ROOT);
    }

    public boolean has(Optimisation optimisation) {
        return optimisations.contains(optimisation);
    }

    /** False: everything is interpreted. */
    public boolean translates() {
        return has(Optimisation.QUICK) || has(Optimisation.FULL);
    }
}
