// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.benchmarks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * The table of {@link EngineBenchmark}: the native time of a repetition, then for each platform how many times longer it takes (fastest against fastest),
 * and how many times faster than each QEMU McKernel/J is. Geometric means are over whole slowdowns of kernels.
 */
final class EngineTable {
    private static final List<String> QEMUS = List.of(EngineBenchmark.QEMU_USER, EngineBenchmark.QEMU_SYSTEM);

    private final List<String> qemus;
    private final PrintStream out;
    private final List<Row> rows = new ArrayList<>();

    private record Row(String label, Map<String, Sample> samples) {
        String kind() {
            return samples.get(EngineBenchmark.NATIVE).kind();
        }

        /** Time of the fastest repetition against that of another platform. */
        double ratio(String platform, String other) {
            return (double) samples.get(platform).minimum() / samples.get(other).minimum();
        }

        double slowdown(String platform) {
            return ratio(platform, EngineBenchmark.NATIVE);
        }

        /** First repetition against the native fastest. */
        double firstSlowdown() {
            return (double) samples.get(EngineBenchmark.MCKERNEL).first()
                    / samples.get(EngineBenchmark.NATIVE).minimum();
        }

        double medianSlowdown() {
            return (double) samples.get(EngineBenchmark.MCKERNEL).median()
                    / samples.get(EngineBenchmark.NATIVE).median();
        }
    }

    EngineTable(List<String> platforms, PrintStream out) {
        this.out = out;
        qemus = QEMUS.stream().filter(platforms::contains).toList();
    }

    void head() {
        print(
                "%nSlowdown against native, fastest repetition; in the last columns more than 1.00 is McKernel/J faster%n");
        print("%-18s %-8s %12s", "kernel", "kind", "native us");
        qemus.forEach(qemu -> print(" %12s", qemu));
        print(" %10s %10s %10s", "MK/J first", "median", "steady");
        qemus.forEach(qemu -> print(" %15s", "vs " + qemu));
        print("%n");
    }

    void row(String label, Map<String, Sample> samples) {
        Row row = new Row(label, Map.copyOf(samples));
        rows.add(row);
        print(
                "%-18s %-8s %12.1f",
                label, row.kind(), samples.get(EngineBenchmark.NATIVE).minimum() / 1e3);
        qemus.forEach(qemu -> print(" %12.2f", row.slowdown(qemu)));
        print(
                " %10.2f %10.2f %10.2f",
                row.firstSlowdown(), row.medianSlowdown(), row.slowdown(EngineBenchmark.MCKERNEL));
        qemus.forEach(qemu -> print(" %15.2f", row.ratio(qemu, EngineBenchmark.MCKERNEL)));
        print("%n");
        out.flush();
    }

    void summary() {
        print("%nGeometric means%n");
        mean("all", row -> true);
        for (Build build : Build.values()) {
            mean("all " + build.label(), row -> row.label().endsWith(build.label()));
        }
        for (String kind : rows.stream().map(Row::kind).distinct().sorted().toList()) {
            mean(kind, row -> row.kind().equals(kind));
        }
        print("%n");
        qemus.forEach(this::score);
    }

    private void mean(String name, Predicate<Row> members) {
        List<Row> chosen = rows.stream().filter(members).toList();
        if (chosen.isEmpty()) {
            return;
        }
        print("%-18s %-8d %12s", name, chosen.size(), "");
        qemus.forEach(qemu -> print(" %12.2f", mean(chosen, row -> row.slowdown(qemu))));
        print(
                " %10.2f %10.2f %10.2f",
                mean(chosen, Row::firstSlowdown),
                mean(chosen, Row::medianSlowdown),
                mean(chosen, row -> row.slowdown(EngineBenchmark.MCKERNEL)));
        qemus.forEach(qemu -> print(" %15.2f", mean(chosen, row -> row.ratio(qemu, EngineBenchmark.MCKERNEL))));
        print("%n");
    }

    private static double mean(List<Row> rows, ToDoubleFunction<Row> figure) {
        return Math.exp(
                rows.stream().mapToDouble(figure).map(Math::log).average().orElse(Double.NaN));
    }

    private void score(String qemu) {
        List<Row> lost = rows.stream()
                .filter(row -> row.ratio(qemu, EngineBenchmark.MCKERNEL) < 1)
                .toList();
        print("Faster than %s in %d of %d", qemu, rows.size() - lost.size(), rows.size());
        print(lost.isEmpty() ? ".%n" : "; not in:%n");
        for (Row row : lost) {
            print("    %-18s %.2f%n", row.label(), row.ratio(qemu, EngineBenchmark.MCKERNEL));
        }
    }

    private void print(String format, Object... values) {
        out.printf(Locale.ROOT, format, values);
    }
}
