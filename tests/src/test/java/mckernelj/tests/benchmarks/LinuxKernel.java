// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The kernel for the virtual machine: one that is installed and readable, or else that of Debian's package linux-image-amd64, downloaded without being installed. */
final class LinuxKernel {
    private static final String DOWNLOAD =
            "package=$(apt-cache depends linux-image-amd64 | awk '/Depends: linux-image/ {print $2; exit}') && "
                    + "apt-get -qq download \"$package\" 2>&1 && dpkg-deb -x \"$package\"_*.deb . && rm -r \"$package\"_*.deb lib usr";

    private LinuxKernel() {}

    /** @param cache directory in which a downloaded kernel stays */
    static Optional<Path> find(Path cache) throws IOException, InterruptedException {
        Optional<Path> present = newest(Path.of("/boot")).or(() -> newest(cache.resolve("boot")));
        return present.isPresent() ? present : download(cache);
    }

    private static Optional<Path> download(Path cache) throws IOException, InterruptedException {
        Files.createDirectories(cache);
        Process process = new ProcessBuilder("/bin/sh", "-c", DOWNLOAD)
                .directory(cache.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.waitFor();
        return newest(cache.resolve("boot"));
    }

    private static Optional<Path> newest(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> kernels = files.filter(
                            file -> file.getFileName().toString().startsWith("vmlinuz-"))
                    .filter(Files::isReadable)
                    .toList();
            return kernels.stream().max(Comparator.naturalOrder());
        } catch (IOException e) {
            return Optional.empty(); // there is no such directory
        }
    }
}
