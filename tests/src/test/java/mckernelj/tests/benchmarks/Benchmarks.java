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
 * that of its work alone (the time of a run with count 0 is taken off). Nothing is asserted: a shared machine disturbs all of it.
 */
public final class Benchmarks {
    private static final int DEFAULT_RUNS = 5;
    private static final int STARTS = 50;

    private final Path project;
    private final int runs;
    private final PrintStream out;

    private Benchmarks(Path project, int runs, PrintStream out) {
        this.project = project;
        this.runs = runs;
        this.out = out;
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
        Path program = Files.createTempFile("mckernelj-kernels", "");
        try (BenchNode node = BenchNode.boot(project, "-c", "1", "-m", "512m")) {
            compile(program);
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

    private void compile(Path program) throws IOException, InterruptedException {
        String source = project.resolve("tests/src/test/guest/bench/kernels.c").toString();
        Target.HOST.run("gcc", "-O2", "-static", "-o", program.toString(), source);
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
        Target qemu = Files.isExecutable(Path.of("/usr/bin/qemu-x86_64"))
                ? new Target(List.of("/usr/bin/qemu-x86_64"), Map.of())
                : null;
        print(
                "%n%-10s %-44s %10s %10s %10s %8s %8s %9s%n",
                "kernel", "one repetition, in us", "native", "qemu-user", "McKernel/J", "/native", "/qemu", "Minstr/s");
        for (Kernel kernel : Kernel.all()) {
            double nativeMicros = micros(Target.HOST, program, kernel);
            double qemuMicros = qemu == null ? Double.NaN : micros(qemu, program, kernel);
            double micros = micros(mckernel, program, kernel);
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

    /** Host time of one repetition. */
    private double micros(Target target, Path program, Kernel kernel) throws IOException, InterruptedException {
        double empty =
                target.fastest(runs, program.toString(), kernel.name(), "0").millis();
        long count = kernel.count();
        double whole = target.fastest(runs, program.toString(), kernel.name(), "" + count)
                .millis();
        if (whole < 20 + empty) {
            count *= 20; // too fast to be told from noise
            whole = target.fastest(runs, program.toString(), kernel.name(), "" + count)
                    .millis();
        }
        return (whole - empty) * 1000 / count;
    }

    private void print(String format, Object... values) {
        out.printf(Locale.ROOT, format, values);
    }
}
