// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.programs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The lines of {@code programs.txt}. A line is {@code command words} or {@code command words < file}; a line that begins with {@code $} is
 * given to {@code sh -c}, and then everything it starts runs on the LWK too. {@code slow} in front: not in the fast set;
 * {@code long}: only when asked for; {@code missing}: known not to work yet.
 */
final class ProgramTable {
    private ProgramTable() {}

    static List<ProgramLine> read() {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                ProgramTable.class.getResourceAsStream("programs.txt"), StandardCharsets.UTF_8))) {
            return reader.lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .map(ProgramLine::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
