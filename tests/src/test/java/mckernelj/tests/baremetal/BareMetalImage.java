// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.baremetal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import mckernelj.tests.kit.Execution;
import mckernelj.tests.kit.GuestPrograms;
import mckernelj.tests.kit.Outcome;
import mckernelj.tests.kit.Project;

/** A program of {@code src/test/baremetal}, linked with the kit there when it is first asked for. Without gcc its test is skipped. */
final class BareMetalImage {
    private static final List<String> OPTIONS = List.of(
            "-O2",
            "-w",
            "-ffreestanding",
            "-fno-pic",
            "-no-pie",
            "-mno-red-zone",
            "-mgeneral-regs-only",
            "-fno-stack-protector",
            "-fcf-protection=none",
            "-fno-asynchronous-unwind-tables",
            "-nostdlib",
            "-static",
            "-Wl,--build-id=none",
            "-Wl,-z,max-page-size=4096",
            "-Wl,-z,noexecstack");

    private BareMetalImage() {}

    static Path sources() {
        return Project.root().resolve("tests/src/test/baremetal");
    }

    /** {@code format}: of the linker, {@code elf32-i386} or {@code binary} (what QEMU takes), or {@code elf64-x86-64}. */
    static Path built(String name, String format) {
        assumeTrue(GuestPrograms.isInstalled("gcc"), "no gcc here");
        Path image = Project.target().resolve("baremetal").resolve(format).resolve(name);
        try {
            if (!Files.exists(image) || Files.getLastModifiedTime(image).compareTo(newestSource()) < 0) {
                Files.createDirectories(image.getParent());
                build(name, format, image);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return image;
    }

    private static FileTime newestSource() throws IOException {
        try (Stream<Path> files = Files.list(sources())) {
            return files.map(BareMetalImage::modified).max(FileTime::compareTo).orElseThrow();
        }
    }

    private static FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void build(String name, String format, Path image) {
        List<String> command = new ArrayList<>(List.of("gcc"));
        command.addAll(OPTIONS);
        if (format.equals("binary")) {
            command.add("-DADDRESSES");
        }
        command.addAll(List.of("-Wl,-T,image.ld", "-Wl,--oformat=" + format, "-o", image.toString()));
        command.addAll(List.of("boot.S", "kit.c", name + ".c"));
        Outcome outcome = Execution.of(command).in(sources()).run();
        assertThat(outcome.status()).as(outcome.toString()).isZero();
    }
}
