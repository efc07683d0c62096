// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.kit;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where things lie, whichever directory of the project the tests are started in. */
public final class Project {
    private Project() {}

    public static Path root() {
        for (Path path = Path.of("").toAbsolutePath(); path != null; path = path.getParent()) {
            if (Files.exists(path.resolve("sbin/mcexec"))) {
                return path;
            }
        }
        throw new IllegalStateException("the tests must be run inside the project");
    }

    /** A tool of {@code sbin}. */
    public static String tool(String name) {
        return root().resolve("sbin").resolve(name).toString();
    }

    /** Sources of guest programs. */
    public static Path guestSources() {
        return root().resolve("tests/src/test/guest");
    }

    /** Directory for what the tests make and may use again. */
    public static Path target() {
        return root().resolve("tests/target");
    }
}
