// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;

/**
 * How much more two processors do than one: a kernel of computation alone and twice at once, natively and on two processors of the LWK. Started by
 * {@code sbin/bench --cores}. Throughput is repetitions per time by the median repetition.
 */
public final class CoreBenchmark {
    private static final double DEFAULT_SECONDS = 3;
    private static final String DEFAULT_KERNELS = "^(crc32|dgemm|quicksort|bytecode|join|stencil5)/O2";
    private static final int ROUNDS = 3;

    private final PrintStream out = System.out;
    private final String seconds;

    private CoreBenchmark(double seconds) {
        this.seconds = Double.toString(seconds);
    }

    /** Arguments: the project's directory, seconds for each run, an expression that finds the labels of kernels. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path project = Path.of(arguments[0]).toAbsolutePath().normalize();
        double seconds = arguments.length > 1 ? Double.parseDouble(arguments[1]) : DEFAULT_SECONDS;
        Pattern wanted = Pattern.compile(arguments.length > 2 ? arguments[2] : DEFAULT_KERNELS);
        Path directory = Files.createTempDirectory("mckernelj-cores");
        try (BenchNode node = BenchNode.boot(project, "-c", "1-2", "-m", "1g", "--machine", "cores=3,memory=2g")) {
            List<EngineKernel> kernels = EngineKernel.compile(project, directory, wanted, List.of(Build.values()));
            new CoreBenchmark(seconds).run(kernels, node.mcexec());
        } finally {
            EngineBenchmark.delete(directory);
        }
    }

    private void run(List<EngineKernel> kernels, Target mcexec) throws IOException, InterruptedException {
        out.printf(Locale.ROOT, "%-16s %12s %12s%n", "throughput of 2", "native", "McKernel/J");
        for (EngineKernel kernel : kernels) {
            measure(kernel, mcexec); // translates
            double host = 0;
            double node = 0;
            for (int round = 0; round < ROUNDS; round++) {
                host = Math.max(host, measure(kernel, Target.HOST));
                node = Math.max(node, measure(kernel, mcexec));
            }
            out.printf(Locale.ROOT, "%-16s %12.2f %12.2f%n", kernel.label(), host, node);
        }
    }

    private double measure(EngineKernel kernel, Target target) throws IOException, InterruptedException {
        double alone = 1.0 / sample(kernel, target).median();
        ExecutorService both = Executors.newFixedThreadPool(2);
        try {
            Callable<Sample> one = () -> sample(kernel, target);
            double sum = 0;
            for (Future<Sample> sample : both.invokeAll(List.of(one, one))) {
                sum += 1.0 / sample.get().median();
            }
            return sum / alone;
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } finally {
            both.shutdown();
        }
    }

    private Sample sample(EngineKernel kernel, Target target) throws IOException, InterruptedException {
        return Sample.parse(
                target.run(kernel.program().toString(), List.of("-t", seconds)).output());
    }
}
