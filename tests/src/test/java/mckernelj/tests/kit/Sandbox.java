// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.kit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A directory in which commands run: fixed input files, {@code static} and {@code dynamic} with the guest programs, and {@code work}, which is
 * empty at the start of each command. The same in each run, so that two runs can be compared.
 */
public final class Sandbox {
    private static final int BIG_BYTES = 20_000_000;
    private static final int MEDIUM_BYTES = 1_000_000;
    private static final FileTime TIME = FileTime.from(Instant.parse("2026-01-02T03:04:05Z"));

    private final Path directory;

    public Sandbox(Path directory) {
        this.directory = directory;
        try {
            Files.createSymbolicLink(
                    directory.resolve("static"), GuestPrograms.directory().resolve("static"));
            Files.createSymbolicLink(
                    directory.resolve("dynamic"), GuestPrograms.directory().resolve("dynamic"));
            write("empty", new byte[0]);
            write("text", text());
            write("words", words());
            write("numbers", numbers());
            write("binary", random(300_000));
            write("medium", random(MEDIUM_BYTES));
            write("big", random(BIG_BYTES));
            write("hello.c", Files.readAllBytes(Project.guestSources().resolve("hello.c")));
            write("left", "1 one\n2 two\n4 four\n");
            write("right", "1 eins\n3 drei\n4 vier\n");
            write("data.json", "{\"pi\": 3.14159, \"list\": [1, 2, {\"deep\": null}], \"text\": \"\\u00fc\\n\"}\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies these resources of {@code owner} into the directory. */
    public Sandbox add(Class<?> owner, String... resources) {
        for (String name : resources) {
            try (InputStream stream = owner.getResourceAsStream(name)) {
                write(name, stream.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return this;
    }

    public Path directory() {
        return directory;
    }

    public Path file(String name) {
        return directory.resolve(name);
    }

    /** Empties {@code work}. */
    public void clean() {
        Path work = file("work");
        try {
            if (Files.exists(work)) {
                try (Stream<Path> all = Files.walk(work)) {
                    for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(path);
                    }
                }
            }
            Files.createDirectory(work);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(String name, byte[] bytes) throws IOException {
        Path file = Files.write(directory.resolve(name), bytes);
        Files.setLastModifiedTime(file, TIME);
    }

    private void write(String name, String text) throws IOException {
        write(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static String text() {
        StringBuilder text = new StringBuilder();
        Random random = new Random(1);
        for (int line = 0; line < 2000; line++) {
            text.append(String.format(
                    Locale.ROOT,
                    "%d the %s fox jumps over %x lazy dogs; äöü €%n",
                    line,
                    line % 3 == 0 ? "quick" : "slow",
                    random.nextInt(1000)));
        }
        return text.toString();
    }

    private static String words() {
        StringBuilder text = new StringBuilder();
        Random random = new Random(2);
        for (int line = 0; line < 5000; line++) {
            for (int length = 1 + random.nextInt(7); length > 0; length--) {
                text.append((char) ('a' + random.nextInt(26)));
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static String numbers() {
        StringBuilder text = new StringBuilder();
        Random random = new Random(3);
        for (int line = 0; line < 5000; line++) {
            text.append(random.nextInt(100_000) - 50_000)
                    .append('\t')
                    .append(random.nextInt(10))
                    .append('\n');
        }
        return text.toString();
    }
}
