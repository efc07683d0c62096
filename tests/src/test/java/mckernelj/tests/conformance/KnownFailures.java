// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code known-failures.txt}: cases that fail on the LWK, each with the reason. A line is {@code program.case: reason}. */
final class KnownFailures {
    private KnownFailures() {}

    static Map<String, String> read() {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                KnownFailures.class.getResourceAsStream("known-failures.txt"), StandardCharsets.UTF_8))) {
            return reader.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split(": ", 2))
                    .collect(Collectors.toMap(part -> part[0], part -> part[1]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
