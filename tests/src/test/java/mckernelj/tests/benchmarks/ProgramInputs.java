// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** The files that {@link WholeProgram}s read: the same each time. */
final class ProgramInputs {
    private static final List<String> SCRIPTS =
            List.of("nbody.py", "fannkuch.py", "json.py", "regex.py", "words.pl", "orders.sql");
    private static final int TEXT = 1_500_000;
    private static final int SMALL = 500_000;
    private static final int BIG = 12_000_000;
    private static final int FUNCTIONS = 250;

    private ProgramInputs() {}

    static void write(Path directory) throws IOException, InterruptedException {
        for (String script : SCRIPTS) {
            try (InputStream stream = ProgramInputs.class.getResourceAsStream(script)) {
                Files.copy(stream, directory.resolve(script));
            }
        }
        String text = text();
        Files.writeString(directory.resolve("text"), text, StandardCharsets.US_ASCII);
        Files.writeString(directory.resolve("small"), text.substring(0, SMALL), StandardCharsets.US_ASCII);
        byte[] big = new byte[BIG];
        new Random(1).nextBytes(big);
        Files.write(directory.resolve("big"), big);
        Files.writeString(directory.resolve("generated.c"), source(), StandardCharsets.US_ASCII);
        Target.HOST.in(directory).run("xz", "-k", "text");
    }

    /** Lines of words of which some are frequent. */
    private static String text() {
        Random random = new Random(2);
        String[] vocabulary = new String[2000];
        for (int i = 0; i < vocabulary.length; i++) {
            vocabulary[i] = random.ints(2 + random.nextInt(9), 'a', 'z' + 1)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
        }
        StringBuilder text = new StringBuilder();
        while (text.length() < TEXT) {
            text.append(vocabulary[random.nextInt(1 + random.nextInt(vocabulary.length))])
                    .append(random.nextInt(12) == 0 ? '\n' : ' ');
        }
        return text.substring(0, TEXT);
    }

    /** A C file of 20 lines for each of its functions: 5,000 in all. */
    private static String source() {
        StringBuilder source = new StringBuilder("typedef unsigned long word;\nextern word table[4096];\n");
        Random random = new Random(3);
        for (int i = 0; i < FUNCTIONS; i++) {
            int other = i == 0 ? 0 : random.nextInt(i);
            source.append(String.format(
                    Locale.ROOT,
                    """

                    struct s%1$d { int count; double value; struct s%1$d *next; char name[%2$d]; };

                    __attribute__((noinline))
                    word f%1$d(word x, const struct s%1$d *list, int n) {
                        word sum = x * %3$du;
                        if (!list || n < 0) {
                            return sum ^ table[n & 4095];
                        }
                        switch (sum & 7) {
                            case 0:
                                sum += table[(x + n) & 4095];
                                break;
                            case 3:
                                sum ^= sum << %4$d;
                                break;
                            default:
                                sum = sum * 31 + (word)n;
                        }
                        double total = list->value * list->count;
                        return sum + (word)total%5$s;
                    }
                    """,
                    i,
                    8 + random.nextInt(50),
                    1 + random.nextInt(1000),
                    1 + random.nextInt(30),
                    i == 0 ? "" : " + f" + other + "(sum & 15, 0, n / 2)"));
        }
        return source.toString();
    }
}
