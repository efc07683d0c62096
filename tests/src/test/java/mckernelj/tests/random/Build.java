// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.random;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import mckernelj.tests.kit.Execution;
import mckernelj.tests.kit.Outcome;

/**
 * A way of compiling a program with gcc.
 *
 * @param options so that other code and other instructions come out
 */
record Build(List<String> options) {
    /** In the order in which programs take turns. {@code -mno-recip}: the bits of RSQRTPS differ between processors. */
    static final List<Build> ALL = List.of(
            of("-O2"),
            of("-O0"),
            of("-O3", "-march=x86-64-v3", "-static"),
            of("-O2", "-ffast-math", "-mno-recip"),
            of("-O3", "-static"),
            of("-O2", "-march=x86-64-v3"),
            of("-O1", "-march=x86-64-v2", "-fPIE", "-pie", "-fstack-protector-all"),
            of("-O3", "-march=x86-64-v3", "-ffast-math", "-mno-recip"),
            of("-Os", "-mfpmath=387", "-fno-pie", "-no-pie"),
            of("-O0", "-march=x86-64-v3", "-static"),
            of("-O3", "-funroll-loops", "-fno-strict-aliasing", "-mavx", "-mpopcnt"),
            of("-O2", "-mfpmath=both", "-fwrapv", "-fno-omit-frame-pointer", "-fcf-protection"));

    private static Build of(String... options) {
        return new Build(List.of(options));
    }

    /** Compiles the source; what gcc says is the outcome. */
    Outcome compile(Path source, Path program, Path includes) {
        List<String> command = new ArrayList<>(List.of("gcc", "-w", "-I" + includes));
        command.addAll(options);
        command.addAll(List.of("-o", program.toString(), source.toString(), "-lm"));
        return Execution.of(command).run();
    }

    @Override
    public String toString() {
        return String.join(" ", options);
    }
}
