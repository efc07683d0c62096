// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.programs;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import mckernelj.tests.kit.GuestPrograms;

/**
 * One program of the table.
 *
 * @param text the line, which is also the name of the test
 * @param command program and arguments
 * @param kind when it is run and what is expected
 * @param input name of the file that standard input delivers, or null
 */
record ProgramLine(String text, Kind kind, List<String> command, String input) {
    enum Kind {
        FAST(""),
        SLOW("slow "),
        /** Minutes: only with the system property {@code programs.long}. */
        LONG("long "),
        /** Does not do the same yet. The test fails when it does: then the marker goes. */
        MISSING("missing ");

        private final String marker;

        Kind(String marker) {
            this.marker = marker;
        }

        private static Kind of(String line) {
            return Stream.of(SLOW, LONG, MISSING)
                    .filter(kind -> line.startsWith(kind.marker))
                    .findFirst()
                    .orElse(FAST);
        }
    }

    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");
    private static final Pattern INPUT = Pattern.compile("(.*) < (\\S+)");
    private static final Pattern GUEST = Pattern.compile("\\b(static|dynamic)/(\\w+)");

    static ProgramLine parse(String line) {
        Kind kind = Kind.of(line);
        String text = line.substring(kind.marker.length()).strip();
        if (text.startsWith("$ ")) {
            return new ProgramLine(text, kind, List.of("/bin/sh", "-c", text.substring(2)), null);
        }
        Matcher input = INPUT.matcher(text);
        boolean hasInput = input.matches();
        return new ProgramLine(text, kind, words(hasInput ? input.group(1) : text), hasInput ? input.group(2) : null);
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(text);
        while (matcher.find()) {
            words.add(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
        }
        return words;
    }

    /** Compiles the guest programs that the line names. */
    void prepare() {
        Matcher matcher = GUEST.matcher(text);
        while (matcher.find()) {
            GuestPrograms.compiled(
                    matcher.group(2),
                    matcher.group(1).equals("static") ? GuestPrograms.Linkage.STATIC : GuestPrograms.Linkage.DYNAMIC);
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
