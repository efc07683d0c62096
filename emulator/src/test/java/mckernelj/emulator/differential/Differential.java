// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.differential;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import mckernelj.emulator.isa.InstructionForm;
import mckernelj.emulator.isa.InstructionTable;
import mckernelj.emulator.isa.semantics.Semantics;

/**
 * Runs random cases of all instruction forms on the host and in the emulator. Can be started by hand:
 *
 * <pre>
 *   Differential [regular expression over encoding texts or class names [cases per form [seed]]]
 * </pre>
 */
public final class Differential {
    /** Failed cases of one form: how many, and the first in full. */
    record Failure(int cases, int failed, String first) {}

    private static final int BATCH = 20_000;

    private final InstructionTable table = new InstructionTable(Semantics.classes(), Semantics.lookup());
    private final EmulatedCpu emulator = new EmulatedCpu(table);
    private final NativeCpu host;

    Differential(NativeCpu host) {
        this.host = host;
    }

    /** All forms that can be compared and whose text or class matches. */
    List<InstructionForm> forms(Pattern selection) {
        return table.forms().stream()
                .filter(f -> Exemptions.comparable(f, 64) || Exemptions.comparable(f, 32))
                .filter(f -> selection.matcher(f.text).find()
                        || selection
                                .matcher(f.method.getDeclaringClass().getSimpleName())
                                .matches())
                .toList();
    }

    /** Failures by form text. */
    Map<String, Failure> run(List<InstructionForm> forms, int casesPerForm, long seed)
            throws IOException, InterruptedException {
        Map<String, Failure> failures = new TreeMap<>();
        List<TestCase> batch = new ArrayList<>();
        for (InstructionForm form : forms) {
            addCases(form, 64, casesPerForm, seed, batch);
            addCases(form, 32, form.encoding.no64() ? casesPerForm : casesPerForm / 3, seed, batch);
            if (batch.size() >= BATCH) {
                compare(batch, failures);
                batch.clear();
            }
        }
        compare(batch, failures);
        return failures;
    }

    private void addCases(InstructionForm form, int codeSize, int count, long seed, List<TestCase> batch) {
        if (!Exemptions.comparable(form, codeSize)) {
            return;
        }
        CaseGenerator generator = new CaseGenerator(form, codeSize, emulator, seed);
        for (int i = 0; i < count; i++) {
            TestCase test = generator.next();
            if (Exemptions.comparable(test.form(), codeSize)) {
                batch.add(test);
            }
        }
    }

    private void compare(List<TestCase> batch, Map<String, Failure> failures) throws IOException, InterruptedException {
        List<Outcome> outcomes = host.run(batch);
        for (int i = 0; i < batch.size(); i++) {
            TestCase test = batch.get(i);
            List<String> differences = differences(test, outcomes.get(i), i % 3 != 0);
            Failure old = failures.getOrDefault(test.form().text, new Failure(0, 0, ""));
            if (!differences.isEmpty()) {
                String first =
                        old.failed() == 0 ? test + "\n      " + String.join("\n      ", differences) : old.first();
                failures.put(test.form().text, new Failure(old.cases() + 1, old.failed() + 1, first));
            } else if (old.failed() != 0) {
                failures.put(test.form().text, new Failure(old.cases() + 1, old.failed(), old.first()));
            }
        }
    }

    private List<String> differences(TestCase test, Outcome expected, boolean fillTlb) {
        try {
            return Comparison.differences(test, expected, emulator.run(test, fillTlb));
        } catch (RuntimeException | LinkageError e) {
            StackTraceElement[] trace = e.getStackTrace();
            return List.of("emulator throws " + e + (trace.length == 0 ? "" : " at " + trace[0]));
        }
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        String selection = arguments.length > 0 ? arguments[0] : "";
        int cases = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 20;
        long seed = arguments.length > 2 ? Long.parseLong(arguments[2]) : 1;
        NativeCpu host = NativeCpu.create();
        if (host == null) {
            System.err.println("needs gcc and an x86-64 host");
            return;
        }
        Differential differential = new Differential(host);
        List<InstructionForm> forms = differential.forms(Pattern.compile(selection));
        Map<String, Failure> failures = differential.run(forms, cases, seed);
        failures.forEach((form, failure) -> System.out.println(
                form + ": " + failure.failed() + " of " + failure.cases() + "\n   " + failure.first()));
        System.out.println(forms.size() + " forms, " + failures.size() + " differ");
    }
}
