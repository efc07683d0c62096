// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.mcexec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import mckernelj.ihk.launch.Tool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class McexecCommandTest {
    private final HostOs os = new HostOs();
    private HostProxy proxy;

    @TempDir
    Path directory;

    @Test
    void starts_a_program_found_in_path() {
        assertThat(run(List.of("PATH=/nonexistent:/bin", "A=1"), "true", "-c", "x"))
                .isEqualTo(Tool.RUNS_ON);
        assertThat(text(os.started.arguments)).isEqualTo("true\0-c\0x\0");
        assertThat(text(os.started.environment)).isEqualTo("PATH=/nonexistent:/bin\0A=1\0");
        assertThat(os.program.interpreter()).isNotNull();
        assertThat(os.started.sections).anyMatch(section -> section.interpreter());
        assertThat(os.started.rlimits[6]).isEqualTo(8 << 20);
        assertThat(os.started.credentials).containsExactly(1, 1, 1, 1, 2, 2, 2, 2);
    }

    @Test
    void options_end_at_the_first_word_that_is_none() {
        assertThat(run(
                        List.of(),
                        "-c",
                        "2",
                        "-e",
                        "X=y",
                        "-s",
                        "4m,16m",
                        "--disable-vdso",
                        "0",
                        "/bin/echo",
                        "-n",
                        "--help"))
                .isEqualTo(Tool.RUNS_ON);
        assertThat(os.started.cpu).isEqualTo(2);
        assertThat(os.started.enableVdso).isFalse();
        assertThat(os.started.stackPremap).isEqualTo(4 << 20);
        assertThat(os.started.rlimits[6]).isEqualTo(16 << 20);
        assertThat(text(os.started.arguments)).isEqualTo("/bin/echo\0-n\0--help\0");
        assertThat(text(os.started.environment)).isEqualTo("X=y\0");
    }

    @Test
    void mistakes_have_the_documented_messages_and_codes() {
        assertFails(1, "error: -c: invalid target CPU\n", "-c", "x", "/bin/true");
        assertFails(22, "error: nr_processes can't exceed nr. of CPUs\n", "-n", "5", "/bin/true");
        assertFails(1, "Error: Failed to open /dev/mcos3.\n", "3", "/bin/true");
        assertFails(1, "/nonexistent/prog: could not load program: No such file or directory\n", "/nonexistent/prog");
        assertFails(1, "/etc/passwd: could not load program: Permission denied\n", "/etc/passwd");
        assertFails(1, "nosuchprogram: could not load program: No such file or directory\n", "nosuchprogram");
        assertFails(1, "x".repeat(255) + ": could not load program: File name too long\n", "x".repeat(255));
    }

    @Test
    void without_a_program_the_usage_is_printed() {
        assertThat(run(List.of())).isEqualTo(1);
        assertThat(proxy.printed.toString()).startsWith("Usage: mcexec [options] [<mcos-id>] <program> [args...]");
        assertThat(run(List.of(), "--no-such-option", "/bin/true")).isEqualTo(1);
        assertThat(run(List.of(), "--help")).isZero();
    }

    @Test
    void a_script_is_started_through_its_interpreter() throws IOException {
        Path script = executable("script", "#!/bin/sh -e\necho\n");
        assertThat(run(List.of(), script.toString(), "a")).isEqualTo(Tool.RUNS_ON);
        assertThat(text(os.started.arguments)).isEqualTo("/bin/sh\0-e\0" + script + "\0a\0");
    }

    @Test
    void a_script_of_a_script_nests_and_a_loop_ends() throws IOException {
        Path inner = executable("inner", "#!/bin/sh\n");
        Path outer = executable("outer", "#!" + inner + " x\n");
        assertThat(run(List.of(), outer.toString(), "a")).isEqualTo(Tool.RUNS_ON);
        assertThat(text(os.started.arguments)).isEqualTo("/bin/sh\0" + inner + "\0x\0" + outer + "\0a\0");
        Path loop = directory.resolve("loop");
        executable("loop", "#!" + loop + "\n");
        assertFails(1, loop + ": could not load program: Too many levels of symbolic links\n", loop.toString());
    }

    @Test
    void what_is_no_program_is_refused_before_anything_starts() throws IOException {
        Path empty = executable("empty", "");
        assertFails(1, empty + ": could not load program: Exec format error\n", empty.toString());
        Path text = executable("text", "echo hello\n");
        assertFails(1, text + ": could not load program: Exec format error\n", text.toString());
        byte[] foreign = Files.readAllBytes(Path.of("/bin/true"));
        foreign[18] = (byte) 183;
        Path arm = directory.resolve("arm");
        Files.write(arm, foreign);
        Files.setPosixFilePermissions(arm, PosixFilePermissions.fromString("rwx------"));
        assertFails(1, arm + ": could not load program: Exec format error\n", arm.toString());
        assertThat(os.started).isNull();
    }

    @Test
    void sizes_have_units() {
        assertThat(Sizes.parse("4k")).isEqualTo(4096);
        assertThat(Sizes.parse("3M")).isEqualTo(3 << 20);
        assertThat(Sizes.parse("2g")).isEqualTo(2L << 30);
        assertThat(List.of(Sizes.parse(""), Sizes.parse("k"), Sizes.parse("1x"), Sizes.parse("-1")))
                .containsOnly(-1L);
        assertThat(Sizes.nodes("0-1,3", 4)).isEqualTo(0b1011);
        assertThat(Sizes.nodes("all", 2)).isEqualTo(3);
        assertThat(Sizes.nodes("2", 2)).isZero();
    }

    private Path executable(String name, String content) throws IOException {
        Path path = directory.resolve(name);
        Files.writeString(path, content);
        return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
    }

    private int run(List<String> environment, String... arguments) {
        proxy = new HostProxy(environment, arguments);
        return new McexecCommand(index -> index == 0 ? os : null).run(proxy);
    }

    private void assertFails(int status, String message, String... arguments) {
        assertThat(run(List.of("PATH=/bin"), arguments)).isEqualTo(status);
        assertThat(proxy.printed.toString()).isEqualTo(message);
    }

    private static String text(byte[] strings) {
        return new String(strings, StandardCharsets.ISO_8859_1);
    }
}
