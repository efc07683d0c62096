// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How fast McKernel/J is, next to the same programs run natively and under {@code qemu-x86_64} if that is installed. Started by {@code
 * sbin/bench [runs]}. Every figure is the minimum of several runs in host time, from a shell's point of view; a kernel's figure is
 * that of its work alone ({@link Repetition}). Operations of processes and threads have a second figure in emulated time. Nothing is asserted: a
 * shared machine disturbs all of it.
 */
public final class Benchmarks {
    private static final int DEFAULT_RUNS = 5;
    private static final int STARTS = 50;
    private static final String QEMU = "/usr/bin/qemu-x86_64";

    private final Path project;
    private final int runs;
    private final PrintStream out;

    /** null if it is not installed. */
    private final Target qemu;

    private Benchmarks(Path project, int runs, PrintStream out) {
        this.project = project;
        this.runs = runs;
        this.out = out;
        qemu = Files.isExecutable(Path.of(QEMU)) ? new Target(List.of(QEMU), Map.of()) : null;
    }

    /** Arguments: the project's directory and optionally the number of runs. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int runs = arguments.length > 1 ? Integer.parseInt(arguments[1]) : DEFAULT_RUNS;
        new Benchmarks(Path.of(arguments[0]).toAbsolutePath().normalize(), runs, System.out).run();
    }

    private void run() throws IOException, InterruptedException {
        print(
                "%d host processors, Java %s, minimum of %d runs, load at the start %s%n",
                Runtime.getRuntime().availableProcessors(),
                Runtime.version(),
                runs,
                Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
        onOneProcessor();
        onTwoProcessors();
    }

    private void onOneProcessor() throws IOException, InterruptedException {
        Path program = compiled("kernels");
        try (BenchNode node = BenchNode.boot(project, "-c", "1", "-m", "512m")) {
            print(
                    "%nmcreboot -c 1 -m 512m: %.0f ms; idle node: %d MiB resident%n",
                    node.bootMillis(), node.residentMib());
            starts(node.mcexec());
            kernels(node.mcexec(), program);
            print("%nnode at the end: %d MiB resident%n", node.residentMib());
        } finally {
            Files.delete(program);
        }
    }

    private void onTwoProcessors() throws IOException, InterruptedException {
        Path program = compiled("operations");
        try (BenchNode node = BenchNode.boot(project, "-c", "1-2", "-m", "512m")) {
            operations(node.mcexec(), program);
        } finally {
            Files.delete(program);
        }
    }

    /** A static program of {@code guest/bench}, in a temporary file. */
    private Path compiled(String name) throws IOException, InterruptedException {
        Path program = Files.createTempFile("mckernelj-" + name, "");
        Path source = project.resolve("tests/src/test/guest/bench").resolve(name + ".c");
        Target.HOST.run("gcc", "-O2", "-static", "-pthread", "-o", program.toString(), source.toString());
        return program;
    }

    // ---- whole programs
    // -----------------------------------------------------------------------------------------------------

    private void starts(Target mckernel) throws IOException, InterruptedException {
        print(
                "%n%-34s %9s %9s %9s %9s %9s%n",
                "whole programs, ms", "native", "1st run", "5th", STARTS + "th", "minimum");
        start(mckernel, "/bin/true");
        start(mckernel, "/bin/ls", "/");
        if (Files.exists(Path.of("/usr/bin/python3"))) {
            start(mckernel, "/usr/bin/python3", "-c", "pass");
        }
    }

    private void start(Target mckernel, String... program) throws IOException, InterruptedException {
        List<Double> millis = new ArrayList<>();
        double best = Double.MAX_VALUE;
        for (int i = 0; i < STARTS; i++) {
            millis.add(mckernel.run(program).millis());
            best = Math.min(best, millis.get(i));
        }
        print(
                "%-34s %9.1f %9.1f %9.1f %9.1f %9.1f%n",
                String.join(" ", program),
                Target.HOST.fastest(STARTS, program).millis(),
                millis.get(0),
                millis.get(4),
                millis.get(STARTS - 1),
                best);
    }

    // ---- kernels
    // --------------------------------------------------------------------------------------------------------------

    private void kernels(Target mckernel, Path program) throws IOException, InterruptedException {
        print(
                "%n%-10s %-44s %10s %10s %10s %8s %8s %9s%n",
                "kernel", "one repetition, in us", "native", "qemu-user", "McKernel/J", "/native", "/qemu", "Minstr/s");
        for (Kernel kernel : Kernel.all()) {
            double nativeMicros = kernel.measure(Target.HOST, runs, program).micros();
            double qemuMicros = qemu == null
                    ? Double.NaN
                    : kernel.measure(qemu, runs, program).micros();
            double micros = kernel.measure(mckernel, runs, program).micros();
            double ticks = Double.parseDouble(mckernel.run(program.toString(), kernel.name(), "" + kernel.count())
                    .output());
            print(
                    "%-10s %-44s %10.3f %10.3f %10.3f %8.1f %8.1f %9s%n",
                    kernel.name(),
                    kernel.description(),
                    nativeMicros,
                    qemuMicros,
                    micros,
                    micros / nativeMicros,
                    micros / qemuMicros,
                    kernel.isComputation() ? String.format(Locale.ROOT, "%.0f", ticks / kernel.count() / micros) : "");
        }
    }

    // ---- processes and threads
    // ------------------------------------------------------------------------------------------------

    private void operations(Target mckernel, Path program) throws IOException, InterruptedException {
        print(
                "%n%-42s %5s %10s %10s %10s %10s %8s %8s %8s%n",
                "Processes and threads, us per operation",
                "cores",
                "native",
                "qemu-user",
                "MK/J host",
                "emulated",
                "/native",
                "/qemu",
                "emu/nat");
        for (Operation operation : Operation.all()) {
            if (operation.processors() <= Runtime.getRuntime().availableProcessors()) {
                operation(mckernel, program, operation);
            }
        }
    }

    /** The last ratio is that of emulated to native time: how much slower than Linux the LWK is for its programs. */
    private void operation(Target mckernel, Path program, Operation operation)
            throws IOException, InterruptedException {
        double nativeMicros = operation.measure(Target.HOST, runs, program).micros();
        double qemuMicros = qemu == null
                ? Double.NaN
                : operation.measure(qemu, runs, program).micros();
        Repetition lwk = operation.measure(mckernel, runs, program);
        double emulatedMicros = Double.parseDouble(lwk.output()) / 1000;
        print(
                "%-42s %5d %10.3f %10.3f %10.3f %10.3f %8.1f %8.1f %8.2f%n",
                operation.description(),
                operation.processors(),
                nativeMicros,
                qemuMicros,
                lwk.micros(),
                emulatedMicros,
                lwk.micros() / nativeMicros,
                lwk.micros() / qemuMicros,
                emulatedMicros / nativeMicros);
    }

    private void print(String format, Object... values) {
        out.printf(Locale.ROOT, format, values);
    }
}
