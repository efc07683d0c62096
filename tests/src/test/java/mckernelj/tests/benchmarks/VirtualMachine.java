// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * QEMU with TCG, as a whole system: one processor that can do all that QEMU can, a distribution's Linux, and an initial file system of {@code
 * init.c} and the kernels, which gets its commands by the serial port. Linux is told to leave out what would only slow QEMU down: mitigations and
 * five levels of page tables.
 */
final class VirtualMachine implements Platform, AutoCloseable {
    static final String QEMU = "/usr/bin/qemu-system-x86_64";

    private static final String MARK = "@@ ";
    private static final String COMMAND_LINE = "console=ttyS0 quiet loglevel=0 panic=-1 mitigations=off no5lvl";
    private static final int SECONDS_TO_END = 30;

    private final Process process;
    private final BufferedReader output;
    private final Writer input;

    private VirtualMachine(Process process) {
        this.process = process;
        output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        input = process.outputWriter(StandardCharsets.UTF_8);
    }

    /** @param directory where the image is written */
    static VirtualMachine boot(Path project, Path directory, Path kernel, List<EngineKernel> programs)
            throws IOException, InterruptedException {
        Path image = Files.write(directory.resolve("initramfs"), image(project, directory, programs));
        ProcessBuilder builder = new ProcessBuilder(
                QEMU,
                "-accel",
                "tcg",
                "-cpu",
                "max",
                "-smp",
                "1",
                "-m",
                "1g",
                "-nodefaults",
                "-display",
                "none",
                "-serial",
                "stdio",
                "-no-reboot",
                "-kernel",
                kernel.toString(),
                "-initrd",
                image.toString(),
                "-append",
                COMMAND_LINE);
        VirtualMachine machine =
                new VirtualMachine(builder.redirectErrorStream(true).start());
        try {
            machine.untilMark();
        } catch (IOException e) {
            machine.close();
            throw e;
        }
        return machine;
    }

    private static byte[] image(Path project, Path directory, List<EngineKernel> programs)
            throws IOException, InterruptedException {
        Path init = directory.resolve("init");
        String source = project.resolve("tests/src/test/guest/bench/init.c").toString();
        Target.HOST.run("gcc", "-O2", "-static", "-s", "-o", init.toString(), source);
        CpioArchive archive = new CpioArchive();
        archive.addDirectory("proc");
        archive.addProgram("init", Files.readAllBytes(init));
        for (EngineKernel kernel : programs) {
            archive.addProgram(kernel.program().getFileName().toString(), Files.readAllBytes(kernel.program()));
        }
        return archive.finish();
    }

    @Override
    public String name() {
        return EngineBenchmark.QEMU_SYSTEM;
    }

    @Override
    public Target.Run run(Path program, List<String> arguments) throws IOException {
        String command = "/" + program.getFileName() + " " + String.join(" ", arguments);
        long start = System.nanoTime();
        input.write(command + "\n");
        input.flush();
        Answer answer = untilMark();
        double millis = (System.nanoTime() - start) / 1e6;
        if (!answer.mark().equals("0")) {
            throw new IOException(name() + ": " + command + ": status " + answer.mark() + ": " + answer.text());
        }
        return new Target.Run(millis, answer.text());
    }

    private record Answer(String text, String mark) {}

    private Answer untilMark() throws IOException {
        StringBuilder text = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(MARK)) {
                return new Answer(
                        text.toString().strip(), line.substring(MARK.length()).strip());
            }
            text.append(line).append('\n');
        }
        throw new IOException(name() + " ended: " + text);
    }

    @Override
    public void close() {
        try {
            input.write("off\n");
            input.flush();
            process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS);
        } catch (IOException e) {
            // it has ended already
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
