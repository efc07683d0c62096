// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An installed program with work of fixed size, which takes some tenths of a second. Programs that measure themselves, {@code openssl speed} for instance,
 * are of no use: the clock of the LWK counts emulated cycles.
 *
 * @param command the program by its absolute path, its files relative to the directory of {@link ProgramInputs}
 */
record WholeProgram(String name, List<String> command) {
    private static final String KEY = "0123456789abcdef".repeat(4);
    private static final String MERSENNE_1279 = "7" + "F".repeat(319);

    private static WholeProgram of(String name, String... command) {
        return new WholeProgram(name, List.of(command));
    }

    /** Those whose program is installed here. */
    static List<WholeProgram> installed() throws IOException, InterruptedException {
        List<WholeProgram> all = new ArrayList<>();
        all.add(of("true", "/bin/true"));
        all.add(of("python3 startup", "/usr/bin/python3", "-I", "-c", "pass"));
        for (String script : List.of("nbody", "fannkuch", "json", "regex")) {
            all.add(of("python3 " + script, "/usr/bin/python3", "-I", "-B", script + ".py"));
        }
        all.add(of("perl", "/usr/bin/perl", "words.pl"));
        all.add(of("sqlite3", "/usr/bin/sqlite3", ":memory:", ".read orders.sql"));
        all.add(of("xz", "/usr/bin/xz", "-6", "-T1", "-c", "small"));
        all.add(of("xz -d", "/usr/bin/xz", "-d", "-c", "text.xz"));
        all.add(of("bzip2", "/bin/bzip2", "-9", "-c", "small"));
        all.add(of("gzip", "/bin/gzip", "-9", "-n", "-c", "text"));
        all.add(of("openssl sha256", "/usr/bin/openssl", "dgst", "-sha256", "big"));
        all.add(of("openssl sha512", "/usr/bin/openssl", "dgst", "-sha512", "big"));
        all.add(of(
                "openssl aes",
                "/usr/bin/openssl",
                "enc",
                "-aes-256-cbc",
                "-K",
                KEY,
                "-iv",
                KEY.substring(32),
                "-in",
                "big",
                "-out",
                "big.aes"));
        all.add(of("openssl prime", "/usr/bin/openssl", "prime", "-hex", MERSENNE_1279));
        compiler().ifPresent(cc1 -> all.add(of("cc1 -O2", cc1.toString(), "-quiet", "-O2", "generated.c", "-o", "-")));
        return all.stream()
                .filter(program -> Files.isExecutable(Path.of(program.command.get(0))))
                .toList();
    }

    /** The compiler proper: gcc itself only starts others, which {@code qemu-x86_64} would leave to the host. */
    private static Optional<Path> compiler() throws IOException, InterruptedException {
        if (!Files.isExecutable(Path.of("/usr/bin/gcc"))) {
            return Optional.empty();
        }
        return Stream.of(Target.HOST.run("/usr/bin/gcc", "-print-prog-name=cc1").output())
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    Target.Run run(Target target) throws IOException, InterruptedException {
        return target.run(command.get(0), command.subList(1, command.size()));
    }
}
