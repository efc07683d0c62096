// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import mckernelj.tests.kit.GuestPrograms;
import mckernelj.tests.kit.Outcome;
import mckernelj.tests.kit.Project;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Programs on a terminal: keys, signals, job control. Each case runs natively and under mcexec. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TerminalTest {
    private static final String CTRL_C = "\\03";
    private static final String CTRL_D = "\\04";
    private static final String CTRL_Z = "\\1a";
    private static final String CTRL_BACKSLASH = "\\1c";

    private Shell shell;

    @BeforeAll
    void boot() {
        shell = new Shell();
        assertThat(shell.run("mcreboot", "-c", "1-2", "-m", "256m").status()).isZero();
    }

    @AfterAll
    void stop() {
        if (shell != null) {
            shell.close();
        }
    }

    /** Types {@code keys} when {@code ready} appears. */
    private Outcome type(String ready, String keys, List<String> command) {
        List<String> line =
                new ArrayList<>(List.of(GuestPrograms.dynamically("terminal").toString(), ready, keys));
        line.addAll(command);
        return shell.of(line).limit(60).run();
    }

    /** As upstream, mcexec tells on a terminal which signal ended the program. */
    private static String withoutNotice(Outcome outcome) {
        return outcome.output().replaceAll("Terminate by signal \\d+\r\n", "");
    }

    private void same(String ready, String keys, String... command) {
        Outcome expected = type(ready, keys, List.of(command));
        List<String> onLwk = new ArrayList<>(List.of(Project.tool("mcexec")));
        onLwk.addAll(List.of(command));
        Outcome actual = type(ready, keys, onLwk);
        assertThat(actual).as(actual.differenceFrom(expected)).isEqualTo(expected);
    }

    @Test
    void control_c_kills_the_program() {
        String mcexec = Project.tool("mcexec");
        Outcome outcome = type("ready", CTRL_C, List.of(mcexec, "sh", "-c", "echo ready; exec sleep 1000"));
        assertThat(withoutNotice(outcome)).isEqualTo("ready\r\n^C\n[signal 2]\n");
    }

    @Test
    void control_c_runs_the_programs_handler() {
        same("ready", CTRL_C, "sh", "-c", "trap 'echo caught; exit 3' INT; echo ready; while :; do sleep 0.1; done");
    }

    @Test
    void control_c_reaches_a_busy_program() {
        same("ready", CTRL_C, "sh", "-c", "trap 'echo caught; exit 3' INT; echo ready; while :; do :; done");
    }

    @Test
    void control_backslash_quits() {
        Outcome outcome = type(
                "ready", CTRL_BACKSLASH, List.of(Project.tool("mcexec"), "sh", "-c", "echo ready; exec sleep 1000"));
        assertThat(withoutNotice(outcome)).isEqualTo("ready\r\n^\\\n[signal 3]\n");
    }

    @Test
    void lines_are_edited_and_control_d_ends_the_input() {
        same("ready", "typed line\\0dsecond\\7f\\7fx\\0d" + CTRL_D, "sh", "-c", "echo ready; exec cat");
    }

    @Test
    void the_size_and_the_name_of_the_terminal_are_known() {
        same("nothing", "", "sh", "-c", "stty size; tty | tr -d 0-9; test -t 0 && test -t 2 && echo terminal");
    }

    @Test
    void raw_mode_delivers_single_keys() {
        same("ready", "q", "sh", "-c", "stty raw -echo; echo ready; dd bs=1 count=1 2>/dev/null | od -c; stty sane");
    }

    @Test
    void a_signal_is_told_on_the_terminal() {
        Outcome outcome = type(
                "ready", "x\\0d", List.of(Project.tool("mcexec"), "sh", "-c", "echo ready; read line; kill -HUP $$"));
        assertThat(outcome.output()).isEqualTo("ready\r\nx\r\nTerminate by signal 1\r\n\n[signal 1]\n");
    }

    @Test
    void control_z_stops_and_the_shell_goes_on() {
        String mcexec = Project.tool("mcexec");
        String script = "X sh -c 'echo go; exec cat'; echo stopped $?; kill %1; wait; echo done";
        Outcome expected = type("go", CTRL_Z, List.of("sh", "-mc", script.replace("X", "")));
        Outcome actual = type("go", CTRL_Z, List.of("sh", "-mc", script.replace("X", mcexec)));
        assertThat(withoutNotice(actual)).isEqualTo(expected.output());
    }

    @Test
    void a_stopped_program_is_continued_by_the_shell() {
        String mcexec = Project.tool("mcexec");
        String script = "X sh -c 'echo go; read line; echo read; exit 4'; echo stopped $?; fg %1; echo $?";
        String keys = CTRL_Z + "\\0d";
        Outcome expected = type("go", keys, List.of("sh", "-mc", script.replace("X ", "")));
        Outcome actual = type("go", keys, List.of("sh", "-mc", script.replace("X", mcexec)));
        assertThat(actual.output().replace(mcexec + " ", "")).isEqualTo(expected.output());
    }

    @Test
    void script_records_a_session() {
        Outcome outcome = shell.of(List.of(
                        "script",
                        "-qec",
                        Project.tool("mcexec") + " sh -c 'tty >/dev/null && echo on a terminal; exit 9'",
                        "/dev/null"))
                .run();
        assertThat(outcome.output()).isEqualTo("on a terminal\r\n");
        assertThat(outcome.status()).isEqualTo(9);
    }
}
