// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Where kernels run: the host, an emulator, a virtual machine. */
interface Platform {
    String name();

    /** Runs a static program to its end; its standard output is the result. A status other than 0 is an exception. */
    Target.Run run(Path program, List<String> arguments) throws IOException, InterruptedException;

    /** A platform whose programs are processes of the host. */
    static Platform of(String name, Target target) {
        return new Platform() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Target.Run run(Path program, List<String> arguments) throws IOException, InterruptedException {
                return target.run(program.toString(), arguments);
            }
        };
    }
}
