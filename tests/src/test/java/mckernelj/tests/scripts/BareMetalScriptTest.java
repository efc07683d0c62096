// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import mckernelj.tests.kit.Execution;
import mckernelj.tests.kit.Outcome;
import mckernelj.tests.kit.Project;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code sbin/baremetal} as a user calls it. */
class BareMetalScriptTest {
    /** A Multiboot header with addresses: magic, flags, checksum, header, load, ends, entry. */
    private static final int[] HEADER = {
        0x02, 0xB0, 0xAD, 0x1B, 0, 0, 1, 0, 0xFE, 0x4F, 0x51, 0xE4, 0, 0, 0x10, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0x20, 0, 0x10, 0
    };

    /** Sends "hi" to the serial port and 5 to the debug exit port. */
    private static final int[] GREETING = {
        0x66, 0xBA, 0xF8, 0x03, 0xB0, 'h', 0xEE, 0xB0, 'i', 0xEE, 0xB0, '\n', 0xEE, 0xB0, 5, 0xE6, 0xF4, 0xEB, 0xFE
    };

    private static final int[] UD2 = {0x0F, 0x0B};

    @TempDir
    private Path directory;

    private String image(int... code) throws IOException {
        byte[] bytes = new byte[HEADER.length + code.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i < HEADER.length ? HEADER[i] : code[i - HEADER.length]);
        }
        return Files.write(directory.resolve("image"), bytes).toString();
    }

    private static Outcome run(String... arguments) {
        String[] command = new String[arguments.length + 1];
        command[0] = Project.tool("baremetal");
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return Execution.of(command).run();
    }

    @Test
    void serial_output_is_stdout_and_the_exit_port_gives_the_status() throws IOException {
        Outcome outcome = run("-smp", "2", "-m", "16", "-cpu", "x86-64-v3", "--deterministic", image(GREETING));
        assertThat(outcome.output()).as(outcome.toString()).isEqualTo("hi\n");
        assertThat(outcome.error()).isEmpty();
        assertThat(outcome.status()).isEqualTo(11);
    }

    @Test
    void a_triple_fault_is_one_sentence() throws IOException {
        Outcome outcome = run(image(UD2));
        assertThat(outcome.output()).isEmpty();
        assertThat(outcome.error()).matches("baremetal: processor 0 shut down \\(triple fault\\) at rip .*\n");
        assertThat(outcome.status()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({
        "/no/such/file, /no/such/file: no such file",
        "/dev/null, the image has no Multiboot header in its first 8 KiB",
        "-m 1 /dev/null, '-m is a size from 2m to 1024g, not 1'",
        "-smp 256 /dev/null, -smp is 1 to 255",
        "-cpu 486 /dev/null, 'processors are x86-64-v2 or x86-64-v3, not 486'",
        "-x /dev/null, Unknown option: '-x'",
        "'', Missing required parameter: 'image'"
    })
    void what_cannot_be_run_is_one_sentence(String arguments, String sentence) {
        Outcome outcome = arguments.isEmpty() ? run() : run(arguments.split(" "));
        assertThat(outcome.error()).isEqualTo("baremetal: " + sentence + "\n");
        assertThat(outcome.output()).isEmpty();
        assertThat(outcome.status()).isEqualTo(2);
    }

    @Test
    void help_and_version_are_printed() {
        assertThat(run("--help").output()).startsWith("Usage: baremetal [options] image\n");
        assertThat(run("--version").output()).isEqualTo("baremetal (McKernel/J) 0.1.0\n");
    }
}
