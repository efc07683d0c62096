// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/reference/instructions.md is made by {@code sbin/check --instructions}. */
class InstructionReferenceTest {
    private static final Pattern COMPARED = Pattern.compile(".* \\| \\d{4,} \\| 0 \\| [^|]*\\|");
    private static final Pattern REASON = Pattern.compile(".* \\| {2}\\| {2}\\| [^|]*\\w+Test \\|");

    private static List<String> rows() throws IOException {
        return Files.readAllLines(InstructionReference.PAGE).stream()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| form |"))
                .toList();
    }

    @Test
    void the_page_has_the_forms_of_the_table_with_their_features_and_exemptions() throws IOException {
        List<String> rows = rows();
        Map<String, String[]> expected = InstructionReference.rows();
        assertThat(rows).hasSize(expected.size());
        int i = 0;
        for (Map.Entry<String, String[]> entry : expected.entrySet()) {
            String row = rows.get(i++);
            assertThat(InstructionReference.agrees(row, entry.getKey(), entry.getValue()))
                    .as("%s%nis not what the table says of %s; run sbin/check --instructions", row, entry.getKey())
                    .isTrue();
        }
    }

    @Test
    void every_form_was_compared_without_a_difference_or_says_why_not_and_which_test_shows_it() throws IOException {
        assertThat(rows())
                .allMatch(row ->
                        COMPARED.matcher(row).matches() || REASON.matcher(row).matches());
    }
}
