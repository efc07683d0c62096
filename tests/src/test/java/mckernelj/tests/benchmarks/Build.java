// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.benchmarks;

import java.util.ArrayList;
import java.util.List;

/** How a kernel is compiled: for every x86-64, and for processors with AVX2 and FMA. */
enum Build {
    O2("O2", "-O2"),
    V3("v3", "-O3 -march=x86-64-v3");

    private final String label;
    private final String options;

    Build(String label, String options) {
        this.label = label;
        this.options = options;
    }

    String label() {
        return label;
    }

    /** The compiler's command for a static program. */
    List<String> command(String program, List<String> sources) {
        List<String> command = new ArrayList<>(List.of("gcc", "-static", "-s", "-o", program));
        command.addAll(List.of(options.split(" ")));
        command.addAll(sources);
        command.add("-lm");
        return command;
    }
}
