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

/** Runs random cases of all instruction forms, and of sequences of them, on the host and in the emulator. */
final class Differential {
    /** What the results of sequences are filed under. */
    static final String SEQUENCES = "sequences";

    private static final int BATCH = 2048;

    /** How many cases of one form are made smaller and shown. */
    private static final int SHOWN = 1;

    /** Of the cases of one form or of the sequences: how many, how many failed, and the first that failed, made smaller. */
    static final class Result {
        long cases;
        long failed;
        String first = "";
    }

    /** Told after each batch. */
    interface Progress {
        void at(long cases, long failed, String form);
    }

    private final InstructionTable table = new InstructionTable(Semantics.classes(), Semantics.lookup());
    private final EmulatedCpu emulator = new EmulatedCpu(table);
    private final NativeCpu host;
    private final Progress progress;
    private final Map<String, Result> results = new TreeMap<>();
    private final List<TestCase> batch = new ArrayList<>();
    private long cases;
    private long failed;

    Differential(NativeCpu host, Progress progress) {
        this.host = host;
        this.progress = progress;
    }

    List<InstructionForm> allForms() {
        return table.forms();
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

    /** Results by form text, and those of {@link #SEQUENCES}. */
    Map<String, Result> run(List<InstructionForm> forms, int casesPerForm, int sequences, long seed)
            throws IOException {
        for (InstructionForm form : forms) {
            addCases(form, 64, casesPerForm, seed);
            addCases(form, 32, form.encoding.no64() ? casesPerForm : casesPerForm / 3, seed);
        }
        addSequences(forms, 64, sequences - sequences / 4, seed);
        addSequences(forms, 32, sequences / 4, seed);
        compareBatch();
        return results;
    }

    private void addCases(InstructionForm form, int codeSize, int count, long seed) throws IOException {
        if (!Exemptions.comparable(form, codeSize)) {
            return;
        }
        CaseGenerator generator = new CaseGenerator(form, codeSize, emulator, seed);
        for (int i = 0; i < count; i++) {
            add(generator.next());
        }
    }

    private void addSequences(List<InstructionForm> forms, int codeSize, int count, long seed) throws IOException {
        SequenceGenerator generator = new SequenceGenerator(forms, codeSize, emulator, seed);
        for (int i = 0; i < count; i++) {
            TestCase test = generator.next();
            if (test != null) {
                add(test);
            }
        }
    }

    private void add(TestCase test) throws IOException {
        if (Exemptions.comparable(test.form(), test.codeSize())) {
            batch.add(test);
        }
        if (batch.size() == BATCH) {
            compareBatch();
        }
    }

    private void compareBatch() throws IOException {
        if (batch.isEmpty()) {
            return;
        }
        List<Outcome> outcomes = host.run(batch);
        for (int i = 0; i < batch.size(); i++) {
            TestCase test = batch.get(i);
            boolean fillTlb = i % 3 != 0;
            Result result = results.computeIfAbsent(key(test), k -> new Result());
            result.cases++;
            cases++;
            if (!differences(test, outcomes.get(i), fillTlb).isEmpty()) {
                failed++;
                if (++result.failed <= SHOWN) {
                    result.first = describe(shrink(test, fillTlb), fillTlb);
                }
            }
        }
        progress.at(cases, failed, key(batch.get(batch.size() - 1)));
        batch.clear();
    }

    private static String key(TestCase test) {
        return test.instructions().size() > 1 ? SEQUENCES : test.form().text;
    }

    private TestCase shrink(TestCase test, boolean fillTlb) {
        return new Shrinker(candidate -> !differences(candidate, fillTlb).isEmpty()).shrink(test);
    }

    private String describe(TestCase test, boolean fillTlb) {
        return test + "\n      " + test.before() + "\n      " + String.join("\n      ", differences(test, fillTlb));
    }

    private List<String> differences(TestCase test, boolean fillTlb) {
        try {
            return differences(test, host.run(List.of(test)).get(0), fillTlb);
        } catch (IOException e) {
            return List.of(e.getMessage());
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
}
