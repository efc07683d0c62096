// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;

/**
 * How long whole programs take, from a shell's point of view: natively, under {@code qemu-x86_64}, and under {@code mcexec} on a node that was
 * started for this program, the first time, the second time and later, when the node has translated what is hot. Started by {@code sbin/bench
 * --programs}. All have to print the same. Native and QEMU's figures are the fastest run, "later" the fastest of those after the second.
 */
public final class ProgramBenchmark {
    private static final String QEMU = "/usr/bin/qemu-x86_64";
    private static final int DEFAULT_RUNS = 6;
    private static final int FEWEST_RUNS = 3;
    private static final int QEMU_RUNS = 3;
    /** After this time three runs on the LWK are enough. */
    private static final double PATIENCE_MILLIS = 120_000;

    private final Path project;
    private final int runs;
    private final PrintStream out;
    private final List<Row> rows = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();

    private record Row(double host, double qemu, double first, double second, double later) {}

    private ProgramBenchmark(Path project, int runs, PrintStream out) {
        this.project = project;
        this.runs = runs;
        this.out = out;
    }

    /** Arguments: the project's directory, runs of each program on the LWK, expression that finds names of programs. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path project = Path.of(arguments[0]).toAbsolutePath().normalize();
        int runs = arguments.length > 1 ? Integer.parseInt(arguments[1]) : DEFAULT_RUNS;
        Pattern wanted = Pattern.compile(arguments.length > 2 ? arguments[2] : "");
        ProgramBenchmark benchmark = new ProgramBenchmark(project, Math.max(runs, FEWEST_RUNS), System.out);
        benchmark.run(wanted);
        System.exit(benchmark.complaints.isEmpty() ? 0 : 1);
    }

    private void run(Pattern wanted) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("mckernelj-programs");
        try {
            ProgramInputs.write(directory);
            head();
            for (WholeProgram program : WholeProgram.installed()) {
                if (wanted.matcher(program.name()).find()) {
                    measure(program, directory);
                }
            }
            means();
            complaints.forEach(out::println);
        } finally {
            delete(directory);
        }
    }

    private void head() throws IOException {
        print(
                "%d host processors, Java %s, %d runs on a fresh node for each program, load at the start %s%n",
                Runtime.getRuntime().availableProcessors(),
                Runtime.version(),
                runs,
                Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
        if (!Files.isExecutable(Path.of(QEMU))) {
            print("No columns of qemu-user: %s is missing (Debian: qemu-user).%n", QEMU);
        }
        print("%nms, and how many times as long as natively (and as under QEMU)%n");
        print(
                "%-18s %9s %9s %9s %9s %9s %9s %9s %9s %9s%n",
                "program",
                "native",
                "qemu-user",
                "1st run",
                "2nd run",
                "later",
                "qemu/nat",
                "1st/nat",
                "later/nat",
                "later/qemu");
    }

    private void measure(WholeProgram program, Path directory) throws IOException, InterruptedException {
        Target host = Target.HOST.in(directory);
        Target.Run expected = fastest(program, host, runs);
        double qemu = Double.NaN;
        if (Files.isExecutable(Path.of(QEMU))) {
            Target emulator = new Target(List.of(QEMU, "-cpu", "max"), Map.of()).in(directory);
            Target.Run run = fastest(program, emulator, QEMU_RUNS);
            compare(program, "qemu-user", run, expected);
            qemu = run.millis();
        }
        List<Double> millis = onFreshNode(program, directory, expected);
        double later = millis.stream().skip(2).min(Comparator.naturalOrder()).orElse(Double.NaN);
        Row row = new Row(expected.millis(), qemu, millis.get(0), millis.get(1), later);
        rows.add(row);
        print(
                "%-18s %9.1f %9.1f %9.1f %9.1f %9.1f %9.1f %9.1f %9.1f %9.2f%n",
                program.name(),
                row.host(),
                row.qemu(),
                row.first(),
                row.second(),
                row.later(),
                row.qemu() / row.host(),
                row.first() / row.host(),
                row.later() / row.host(),
                row.later() / row.qemu());
    }

    private List<Double> onFreshNode(WholeProgram program, Path directory, Target.Run expected)
            throws IOException, InterruptedException {
        List<Double> millis = new ArrayList<>();
        try (BenchNode node = BenchNode.boot(project, "-c", "1", "-m", "1g")) {
            double spent = 0;
            for (int i = 0; i < runs && (i < FEWEST_RUNS || spent < PATIENCE_MILLIS); i++) {
                Target.Run run = program.run(node.mcexec().in(directory));
                compare(program, "McKernel/J", run, expected);
                millis.add(run.millis());
                spent += run.millis();
            }
        }
        return millis;
    }

    private static Target.Run fastest(WholeProgram program, Target target, int runs)
            throws IOException, InterruptedException {
        Target.Run best = program.run(target);
        for (int i = 1; i < runs; i++) {
            Target.Run next = program.run(target);
            best = next.millis() < best.millis() ? next : best;
        }
        return best;
    }

    private void compare(WholeProgram program, String platform, Target.Run run, Target.Run expected) {
        if (!run.output().equals(expected.output())) {
            complaints.add(program.name() + ": prints something else under " + platform + " than natively");
        }
    }

    private void means() {
        print(
                "%-18s %9s %9s %9s %9s %9s %9.1f %9.1f %9.1f %9.2f%n",
                "geometric mean",
                "",
                "",
                "",
                "",
                "",
                mean(row -> row.qemu() / row.host()),
                mean(row -> row.first() / row.host()),
                mean(row -> row.later() / row.host()),
                mean(row -> row.later() / row.qemu()));
    }

    private double mean(ToDoubleFunction<Row> figure) {
        return Math.exp(
                rows.stream().mapToDouble(figure).map(Math::log).average().orElse(Double.NaN));
    }

    private void print(String format, Object... values) {
        out.printf(Locale.ROOT, format, values);
        out.flush();
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
