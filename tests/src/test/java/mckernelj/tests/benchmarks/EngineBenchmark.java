// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How fast the machine executes computations: the kernels of {@code guest/bench/engine}, natively, under QEMU (user mode and a whole system, both TCG)
 * and under McKernel/J, one after the other for each kernel, in several rounds. Started by {@code sbin/bench --engine}. Every platform has to give
 * the same checksums. Nothing else is asserted: a shared machine disturbs all of it.
 */
public final class EngineBenchmark {
    static final String NATIVE = "native";
    static final String QEMU_USER = "qemu-user";
    static final String QEMU_SYSTEM = "qemu-system";
    static final String MCKERNEL = "McKernel/J";

    private static final Path QEMU_USER_PROGRAM = Path.of("/usr/bin/qemu-x86_64");
    private static final double DEFAULT_SECONDS = 2;
    private static final int ROUNDS = 2;

    private final Path project;
    private final double seconds;
    private final Pattern wanted;
    private final Pattern wantedQemus;
    private final PrintStream out;
    private final List<String> complaints = new ArrayList<>();

    private EngineBenchmark(Path project, double seconds, Pattern wanted, Pattern wantedQemus, PrintStream out) {
        this.project = project;
        this.seconds = seconds;
        this.wanted = wanted;
        this.wantedQemus = wantedQemus;
        this.out = out;
    }

    /**
     * Arguments: the project's directory, seconds for each run of a kernel, expressions that find the labels of kernels and the names of those
     * QEMUs that are wanted.
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path project = Path.of(arguments[0]).toAbsolutePath().normalize();
        double seconds = arguments.length > 1 ? Double.parseDouble(arguments[1]) : DEFAULT_SECONDS;
        Pattern wanted = Pattern.compile(arguments.length > 2 ? arguments[2] : "");
        Pattern qemus = Pattern.compile(arguments.length > 3 ? arguments[3] : "");
        EngineBenchmark benchmark = new EngineBenchmark(project, seconds, wanted, qemus, System.out);
        benchmark.run();
        System.exit(benchmark.complaints.isEmpty() ? 0 : 1);
    }

    private void run() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("mckernelj-kernels");
        try {
            List<EngineKernel> kernels = EngineKernel.compile(project, directory, wanted, builds());
            if (kernels.isEmpty()) {
                throw new IOException("no kernel has a label like " + wanted);
            }
            describe();
            try (BenchNode node = BenchNode.boot(project, "-c", "1", "-m", "1g");
                    VirtualMachine machine = machine(directory, kernels)) {
                measure(kernels, platforms(node, machine));
            }
            complaints.forEach(out::println);
        } finally {
            delete(directory);
        }
    }

    private void describe() throws IOException {
        out.printf(
                Locale.ROOT,
                "%d host processors, Java %s, %d rounds of %.1f s, load at the start %s%n",
                Runtime.getRuntime().availableProcessors(),
                Runtime.version(),
                ROUNDS,
                seconds,
                Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
    }

    private List<Build> builds() throws IOException {
        String processor = Files.readString(Path.of("/proc/cpuinfo"));
        if (processor.contains(" avx2 ") && processor.contains(" fma ") && processor.contains(" bmi2 ")) {
            return List.of(Build.values());
        }
        out.println("The host's processor is no x86-64-v3: kernels are compiled with -O2 only.");
        return List.of(Build.O2);
    }

    /** Null if it is not wanted or there is no QEMU or no kernel for it. */
    private VirtualMachine machine(Path directory, List<EngineKernel> kernels)
            throws IOException, InterruptedException {
        if (!wantedQemus.matcher(QEMU_SYSTEM).find()) {
            return null;
        }
        if (!Files.isExecutable(Path.of(VirtualMachine.QEMU))) {
            out.println("No column qemu-system: " + VirtualMachine.QEMU + " is missing (Debian: qemu-system-x86).");
            return null;
        }
        Optional<Path> kernel = LinuxKernel.find(project.resolve("tests/target/linux-image"));
        if (kernel.isEmpty()) {
            out.println(
                    "No column qemu-system: no kernel in /boot can be read, and linux-image-amd64 cannot be downloaded.");
            return null;
        }
        return VirtualMachine.boot(project, directory, kernel.get(), kernels);
    }

    private List<Platform> platforms(BenchNode node, VirtualMachine machine) {
        List<Platform> platforms = new ArrayList<>(List.of(Platform.of(NATIVE, Target.HOST)));
        if (Files.isExecutable(QEMU_USER_PROGRAM)
                && wantedQemus.matcher(QEMU_USER).find()) {
            Target qemu = new Target(List.of(QEMU_USER_PROGRAM.toString(), "-cpu", "max"), Map.of());
            platforms.add(Platform.of(QEMU_USER, qemu));
        } else if (wantedQemus.matcher(QEMU_USER).find()) {
            out.println("No column qemu-user: " + QEMU_USER_PROGRAM + " is missing (Debian: qemu-user).");
        }
        if (machine != null) {
            platforms.add(machine);
        }
        platforms.add(Platform.of(MCKERNEL, node.mcexec()));
        return platforms;
    }

    private void measure(List<EngineKernel> kernels, List<Platform> platforms)
            throws IOException, InterruptedException {
        EngineTable table =
                new EngineTable(platforms.stream().map(Platform::name).toList(), out);
        table.head();
        for (EngineKernel kernel : kernels) {
            table.row(kernel.label(), samples(kernel, platforms));
        }
        table.summary();
    }

    private Map<String, Sample> samples(EngineKernel kernel, List<Platform> platforms)
            throws IOException, InterruptedException {
        Map<String, Sample> samples = new LinkedHashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            for (Platform platform : platforms) {
                Target.Run run = platform.run(kernel.program(), List.of("-t", Double.toString(seconds)));
                Sample sample = Sample.parse(run.output());
                check(kernel, platform, run, sample, samples.get(NATIVE));
                samples.merge(platform.name(), sample, Sample::better);
            }
        }
        return samples;
    }

    private void check(EngineKernel kernel, Platform platform, Target.Run run, Sample sample, Sample expected) {
        if (expected != null && !expected.checksum().equals(sample.checksum())) {
            complaints.add(kernel.label() + ": checksum " + sample.checksum() + " under " + platform.name()
                    + ", natively " + expected.checksum());
        }
        double inside = sample.whole() / 1e6;
        // The program's start is outside its own time.
        if (inside > run.millis() * 1.02 || inside < run.millis() * 0.8 - 1000) {
            complaints.add(String.format(
                    Locale.ROOT,
                    "%s: %.0f ms by the clock of %s, but %.0f ms by that of the host",
                    kernel.label(),
                    inside,
                    platform.name(),
                    run.millis()));
        }
    }

    static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
