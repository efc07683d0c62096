// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.baremetal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import mckernelj.emulator.machine.MachineConfig;
import mckernelj.node.baremetal.BadImage;
import mckernelj.node.baremetal.BareMetalRun;
import mckernelj.tests.kit.Execution;
import mckernelj.tests.kit.GuestPrograms;
import mckernelj.tests.kit.Outcome;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each image prints what {@code expected/name.txt} says, on a parallel machine, a deterministic one and QEMU's. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BareMetalTest {
    private static final String QEMU = "qemu-system-x86_64";
    private static final long MEMORY = 128L << 20;
    private static final int LIMIT_SECONDS = 60;

    /**
     * @param status of the process: what the image writes to the debug exit port, twice, plus one
     */
    record Case(String name, int processors, int status) {
        @Override
        public String toString() {
            return name;
        }

        String expected() throws IOException {
            return Files.readString(BareMetalImage.sources().resolve("expected/" + name + ".txt"));
        }

        String append() {
            return name.equals("hello") ? "two words" : "";
        }
    }

    static Stream<Case> images() {
        return Stream.of(new Case("hello", 1, 43));
    }

    @ParameterizedTest
    @MethodSource("images")
    void the_parallel_machine_prints_what_is_expected(Case one) throws Exception {
        assertThat(ours(one, "elf32-i386", false)).isEqualTo(one.expected() + "status " + one.status());
    }

    @ParameterizedTest
    @MethodSource("images")
    void the_deterministic_machine_prints_what_is_expected(Case one) throws Exception {
        assertThat(ours(one, "elf64-x86-64", true)).isEqualTo(one.expected() + "status " + one.status());
    }

    @ParameterizedTest
    @MethodSource("images")
    void qemu_prints_what_is_expected(Case one) throws Exception {
        assumeTrue(GuestPrograms.isInstalled(QEMU), "no " + QEMU + " here");
        List<String> command = new ArrayList<>(List.of(QEMU, "-display", "none", "-serial", "stdio"));
        command.addAll(List.of("-monitor", "none", "-no-reboot", "-device", "isa-debug-exit,iobase=0xf4,iosize=4"));
        command.addAll(List.of(
                "-kernel", BareMetalImage.built(one.name(), "elf32-i386").toString()));
        command.addAll(List.of("-smp", "" + one.processors(), "-m", "" + (MEMORY >> 20)));
        command.addAll(List.of("-append", one.append(), "-initrd", module().toString()));
        boolean kvm = Files.isWritable(Path.of("/dev/kvm"));
        command.addAll(kvm ? List.of("-enable-kvm", "-cpu", "host") : List.of("-cpu", "max"));
        Outcome outcome = Execution.of(command).limit(LIMIT_SECONDS).run();
        assertThat(outcome.output() + "status " + outcome.status())
                .isEqualTo(one.expected() + "status " + one.status());
    }

    private static Path module() {
        return BareMetalImage.sources().resolve("module.txt");
    }

    private static String ours(Case one, String format, boolean deterministic)
            throws IOException, BadImage, InterruptedException {
        MachineConfig config = MachineConfig.builder()
                .cores(one.processors())
                .node(MEMORY)
                .deterministic(deterministic)
                .build();
        byte[] image = Files.readAllBytes(BareMetalImage.built(one.name(), format));
        BareMetalRun.Program program = new BareMetalRun.Program(
                one.name(), image, one.append(), Files.readAllBytes(module()), module().toString());
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        BareMetalRun.End end = new BareMetalRun(config).run(program, InputStream.nullInputStream(), output);
        return output.toString(StandardCharsets.UTF_8)
                + (end.sentence() == null ? "" : end.sentence() + "\n")
                + "status " + end.status();
    }
}
